import { defineRefusals } from '../../kit/refusal.ts'

const CLIENT_ID = { status: 400, parameter: 'client_id' } as const
const DOCUMENT = {
  ...CLIENT_ID,
  fix: 'Change the document as the message says. It is read again when it is no longer fresh.',
} as const
const AUTH_METHOD = { status: 422, field: 'authMethod' } as const
const SECTOR = { status: 422, field: 'sectorIdentifierUri' } as const

/** Refusals of apps and their settings. Fields have the names of the table of settings. */
export const appRefusals = defineRefusals({
  'setting.uri': { status: 422, field: '', says: '{field} cannot be used: {fault}.' },
  'setting.resource-uri': { status: 422, field: '', says: '{field} must be the identifier of a resource: {fault}.' },
  'setting.not-https': { status: 422, says: '{field} cannot be used: use https.' },
  'trusted.self-registered': {
    status: 422,
    field: 'trusted',
    says: '{field} cannot be set, because this app registered itself.',
  },
  'business.not-for-app': {
    status: 422,
    field: 'businessUid',
    says: '{field} must be the uid of a live business that this app may act for.',
  },
  'redirect-uri.missing': {
    status: 422,
    field: 'redirectUris',
    says: '{field} is missing: list every URI that people may be redirected to.',
  },
  'auth-method.not-here': { ...AUTH_METHOD, says: '{field} must be {methods} here.' },
  'auth-method.needs-keys': {
    ...AUTH_METHOD,
    says: '{field} is private_key_jwt, which needs public keys: send a JWK Set or the URI of one.',
  },
  'auth-method.of-public-app': { ...AUTH_METHOD, says: '{field} must be none for a public app, and for no other app.' },
  'auth-signing-alg.other-method': {
    status: 422,
    field: 'authSigningAlg',
    says: '{field} must be HS256 for client_secret_jwt, and for no other method.',
  },
  'jwks.of-public-app': {
    status: 422,
    field: 'jwksUri',
    says: '{field} cannot be set: a public app does not authenticate.',
  },
  'jwks.twice': {
    status: 422,
    field: 'jwks',
    says: '{field} cannot be set together with a URI of keys. Leave one of them out.',
  },
  'openid.contradicted': {
    status: 422,
    field: 'openid',
    says: '{field} is false, but the scopes include it. Send one or the other.',
  },
  'openid.only-scope': { status: 422, field: 'openid', says: '{field} cannot be false: no scope would be left.' },
  'groups.without-business': {
    status: 422,
    field: 'groupsTemplate',
    says: '{field} must contain the placeholder of the business, because a role alone is the same in every business. Only an app for one business may leave it out.',
  },
  'sector.missing': {
    ...SECTOR,
    says: '{field} is required for pairwise subjects unless all redirect URIs are https on one host.',
  },
  'setting.missing': { status: 422, says: '{field} is missing.' },
  'setting.fixed': { status: 422, says: '{field} cannot be changed. Leave it out, or send the current value.' },
  'setting.chosen-by-server': { status: 422, says: 'The server chooses {field}. Leave it out.' },
  'setting.platform-only': { status: 403, says: 'Only the platform may set {field}. Leave it out.' },
  'redirect-uri.unusable': { status: 422, says: 'The redirect URI {uri} cannot be used: {fault}.' },
  'redirect-uri.too-many': {
    status: 422,
    field: 'furtherRedirectUris',
    says: 'An app has at most {most} redirect URIs, {#redirectUri} included.',
  },
  'listing.too-large': {
    status: 422,
    says: 'The description of the app is larger than {most} characters. {field} is its largest part.',
  },
  'public.contradicted': {
    status: 422,
    field: 'authMethod',
    says: '{field} {method} and {#public} {public} contradict each other.',
  },
  'code-name.malformed': {
    status: 422,
    field: 'codeName',
    says: '{field} must be 1 to {most} letters (a-z, A-Z) and digits.',
  },
  'code-name.taken': {
    status: 422,
    field: 'codeName',
    says: 'The {field} {codeName} is taken. Choose another, or leave it out.',
  },
  'code-name.crowded': {
    status: 503,
    says: 'Too many apps with this name are being registered at the same moment. Please try again.',
    retryAfter: 2,
  },
  'directory.foreign': {
    status: 422,
    field: 'directoryUid',
    says: 'A directory can register only its own apps. Leave {field} out.',
  },
  'locked-settings.unknown': {
    status: 422,
    field: 'lockedSettings',
    says: '{field} has {name}, which is no setting that an app can change in its registration.',
    fix: 'Use the names of RFC 7591, such as scope, redirect_uris and grant_types.',
  },
  'locked-settings.of-platform-app': {
    status: 422,
    field: 'lockedSettings',
    says: 'Only for an app that registered itself or has a metadata document can settings be locked. No other app can change its own.',
  },
  'app.changed-meanwhile': {
    status: 503,
    says: 'This app was changed at the same moment. Read it and try again.',
    retryAfter: 2,
  },
  'secret.public-app': { status: 422, says: 'This app is public, so it cannot have a secret.' },
  'secret.own-key': { status: 422, says: 'This app authenticates with private_key_jwt, so it cannot have a secret.' },
  'secret.too-many': { status: 422, says: 'An app has at most {most} secrets at a time. Retire one first.' },
  'sector-document.unreachable': {
    ...SECTOR,
    says: '{field} could not be fetched. It must answer 200 with application/json, at a public address and without redirects.',
  },
  'sector-document.incomplete': {
    ...SECTOR,
    says: '{field} must answer a JSON list of redirect URIs that has every redirect URI of this app.',
  },
  'client-document.url-unusable': {
    ...CLIENT_ID,
    says: 'The client_id is a URL that cannot be used: {fault}.',
    fix: 'Send as client_id the https URL of your metadata document, with a path and without fragment or user name.',
  },
  'client-document.host-not-allowed': {
    ...CLIENT_ID,
    says: 'Apps from the host of this client_id are not allowed here.',
    fix: 'Ask the platform to allow the host, or to register the app.',
  },
  'client-document.unreachable': {
    ...CLIENT_ID,
    says: 'The document at the client_id could not be read. It must answer 200 with application/json, at a public https address, without redirects, and have at most 10 kB.',
    fix: 'Serve the document with 200 and application/json, by https and without redirects.',
  },
  'client-document.wrong-setting': { ...DOCUMENT, says: 'The document at the client_id cannot be used: {message}' },
  'client-document.not-json': {
    ...DOCUMENT,
    says: 'The document at the client_id cannot be used: it is not a JSON object.',
  },
  'client-document.other-id': {
    ...DOCUMENT,
    says: 'The document at the client_id cannot be used: its client_id must be exactly the URL of the document.',
  },
  'client-document.secret': {
    ...DOCUMENT,
    says: 'The document at the client_id cannot be used: it must not have {secret}, because anyone can read it.',
  },
  'client-document.of-resource': {
    ...CLIENT_ID,
    says: 'This client_id is also the identifier of a resource, so tokens for the resource would look like ID tokens of the app.',
    fix: 'Ask the platform to end the resource, or publish the document at another URL.',
  },
  'client-document.app-ended': {
    ...CLIENT_ID,
    says: 'The app of this client_id was ended by the platform.',
    fix: 'Ask the platform. An ended app cannot be registered again under this URL.',
  },
})

export const refusal: typeof appRefusals.refusal = appRefusals.refusal
export const refuse: typeof appRefusals.refuse = appRefusals.refuse
