import { defineRefusals } from '../../kit/refusal.ts'

/** What is refused of an app and its settings. Fields are named as in the table of settings. */
export const appRefusals = defineRefusals({
  'setting.wrong': { status: 422, says: '{field} {why}.' },
  'setting.missing': { status: 422, says: '{field} is missing.' },
  'setting.fixed': { status: 422, says: '{field} cannot be changed. Leave it out, or send it as it is.' },
  'setting.chosen-by-server': { status: 422, says: '{field} is chosen by the server; leave it out.' },
  'redirect-uri.unusable': { status: 422, says: 'The redirect URI {uri} cannot be used: {fault}.' },
  'redirect-uri.too-many': {
    status: 422,
    field: 'furtherRedirectUris',
    says: 'An app has at most {most} redirect URIs, {#redirectUri} included.',
  },
  'listing.too-large': {
    status: 422,
    says: 'What describes the app is larger than {most} characters; {field} is the largest part.',
  },
  'openid.contradicted': {
    status: 422,
    field: 'openid',
    says: '{field} is false, yet it is among the scopes; say one or the other.',
  },
  'openid.only-scope': { status: 422, field: 'openid', says: 'Without {field} no scope would be left.' },
  'public.contradicted': {
    status: 422,
    field: 'authMethod',
    says: '{field} {method} and {#public} {public} contradict each other.',
  },
  'code-name.taken': {
    status: 422,
    field: 'codeName',
    says: 'The {field} {codeName} is taken; choose another, or leave it out.',
  },
  'code-name.crowded': {
    status: 503,
    says: 'Too many apps of this name are being registered at this moment. Please try again.',
    retryAfter: 2,
  },
  'directory.foreign': {
    status: 422,
    field: 'directoryUid',
    says: 'A directory registers apps of its own alone: leave {field} out.',
  },
  'directory.unknown': { status: 422, field: 'directoryUid', says: 'There is no such directory, or it was ended.' },
  'trusted.platform-only': {
    status: 403,
    field: 'trusted',
    says: 'Only the platform itself may change whether an app is trusted.',
  },
  'trusted.self-registered': {
    status: 422,
    field: 'trusted',
    says: 'This app registered itself, so it cannot be trusted.',
  },
  'app.described-by-document': {
    status: 422,
    says: 'This app is described by the document at its client_id: it is changed there, or ended here.',
  },
  'secret.public-app': { status: 422, says: 'This app is public: it can keep no secret, so it gets none.' },
  'secret.private-keys': {
    status: 422,
    says: 'This app authenticates by private_key_jwt: it needs no secret, and none would be accepted.',
  },
  'secret.too-many': { status: 422, says: 'An app has at most {most} secrets at a time: retire one first.' },
  'secret.lifetime': {
    status: 422,
    field: 'expiresIn',
    says: '{field} must be a whole number of seconds from {least} to {most}.',
  },
  'app.changed-meanwhile': {
    status: 503,
    says: 'This app is being changed by others at this moment. Please try again.',
    retryAfter: 2,
  },
  'registration.changed-meanwhile': {
    status: 503,
    says: 'This registration was changed at this very moment. Please read it and try again.',
    retryAfter: 2,
  },
  'sector-document.unreachable': {
    status: 422,
    field: 'sectorIdentifierUri',
    says: '{field} could not be fetched: it must answer 200 with application/json, at a public address and without redirects.',
  },
  'sector-document.incomplete': {
    status: 422,
    field: 'sectorIdentifierUri',
    says: '{field} must answer a JSON list of redirect URIs, with every one of this app among them.',
  },
  'client-document.url-unusable': {
    status: 400,
    parameter: 'client_id',
    says: 'The client_id is a URL that cannot be used: {fault}.',
    fix: 'Send as client_id the https URL of your metadata document, with a path and without fragment or user name.',
  },
  'client-document.host-not-allowed': {
    status: 400,
    parameter: 'client_id',
    says: 'The client_id lies at a host whose apps are not let in here. Ask the platform.',
    fix: 'Ask the platform to allow the host, or to register the app.',
  },
  'client-document.unreachable': {
    status: 400,
    parameter: 'client_id',
    says: 'The document at the client_id could not be read: it must answer 200 with application/json, at a public https address, without redirects and within 10 kB.',
    fix: 'Serve the document with 200 and application/json, by https and without redirects.',
  },
  'client-document.unusable': {
    status: 400,
    parameter: 'client_id',
    says: 'The document at the client_id cannot be used: {why}',
    fix: 'Change the document as the message says; it is read again when it is no longer fresh.',
  },
  'client-document.app-ended': {
    status: 400,
    parameter: 'client_id',
    says: 'The app of this client_id was ended by the platform.',
    fix: 'Ask the platform; the same URL cannot come back.',
  },
})

export const { refusal } = appRefusals
export const refuse: typeof appRefusals.refuse = appRefusals.refuse

/** Refuses a setting; `why` completes a sentence that begins with its name. */
export function refuseSetting(field: string, why: string): never {
  return refuse('setting.wrong', { field, why })
}
