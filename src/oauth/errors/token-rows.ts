import { SCOPES_FIX } from './error-code.ts'
import type { ProtocolRow } from './refusals.ts'

const VERIFIER = {
  code: 'invalid_grant',
  parameter: 'code_verifier',
  fix: 'Keep the random code_verifier that the code_challenge was made of, and send it with the code.',
} as const
const OFFER = 'Offer the business to connect again, by the authorization URL; until then the app is not connected.'
const KEEP =
  'Keep the refresh_token of each answer in place of the one before, and let one process refresh at a time. What the approval gave is ended: send the browser to the authorization URL again.'

/** What is refused of grants, refresh tokens, resources and access tokens. */
export const TOKEN_ROWS = {
  'grant-type.unsupported': {
    code: 'unsupported_grant_type',
    parameter: 'grant_type',
    says: 'The grant_type must be one of: {types}.',
  },
  'code.unknown': {
    code: 'invalid_grant',
    says: 'The code is unknown, was used before, has expired, or was given to another app. Codes live {seconds} seconds and work once.',
  },
  'code.redirect-uri-withdrawn': {
    code: 'invalid_grant',
    says: 'The redirect_uri is no longer registered for this app.',
  },
  'code.scope-withdrawn': { code: 'invalid_grant', says: 'The scope {scope} is no longer registered for this app.' },
  'code.no-redirect-uri': {
    code: 'invalid_grant',
    says: 'The redirect_uri is missing: send the same one as in the authorization request.',
  },
  'code.other-redirect-uri': {
    code: 'invalid_grant',
    says: 'The redirect_uri is not the one of the authorization request; it must be the same, letter for letter.',
  },
  'code-verifier.unexpected': {
    ...VERIFIER,
    says: 'There is a code_verifier, but the authorization request had no code_challenge.',
  },
  'code-verifier.missing': {
    ...VERIFIER,
    says: 'The code_verifier is missing: the authorization request had a code_challenge.',
  },
  'code-verifier.wrong': { ...VERIFIER, says: 'The code_verifier does not belong to the code_challenge.' },
  'proof.missing': { code: 'invalid_grant', says: 'This grant is bound to a key. Prove that you hold it.' },
  'client-credentials.changed-meanwhile': {
    code: 'unauthorized_client',
    says: 'The app was changed or ended at this very moment. Ask again.',
  },
  'client-credentials.public': {
    code: 'unauthorized_client',
    says: 'A public app keeps no secret, so it cannot ask for itself.',
  },
  'client-credentials.unregistered': {
    code: 'unauthorized_client',
    parameter: 'grant_type',
    says: 'This app is not registered for client_credentials: add it to the grant_types of the app.',
  },
  'client-credentials.personal-scope': {
    code: 'invalid_scope',
    parameter: 'scope',
    says: 'The scope {scope} is for what a person allows; an app cannot use it for itself.',
    fix: SCOPES_FIX,
  },
  'refresh-token.unregistered': {
    code: 'unauthorized_client',
    says: 'This app is registered for other grants: {grants}.',
    fix: 'Add refresh_token to the grant types that the app is registered with.',
  },
  'refresh-token.unknown': {
    code: 'invalid_grant',
    parameter: 'refresh_token',
    says: 'The refresh_token is unknown, or was given to another app. Send the one of the last answer, letter for letter.',
    fix: 'Send the refresh_token of the last answer, letter for letter, with the credentials of the app that received it.',
  },
  'refresh-token.busy': {
    code: 'temporarily_unavailable',
    retryAfter: 2,
    says: 'This refresh_token is being used by many at once. Nothing was changed; please try again.',
  },
  'refresh-token.used': {
    code: 'invalid_grant',
    says: 'The refresh_token was used before. Use the one that you received in its place.',
    fix: 'Use the refresh_token that came in its place.',
  },
  'refresh-token.replayed': {
    code: 'invalid_grant',
    says: 'The refresh_token was used {seconds} seconds ago and replaced, and {why}. Somebody may have a copy, so everything that came of this approval has been ended. Keep the refresh_token of each answer in place of the one before, and send the person through the authorization again.',
    fix: KEEP,
  },
  'refresh-token.ended-by-replay': {
    code: 'invalid_grant',
    says: 'All that came of this approval was ended {seconds} seconds ago, because a used refresh_token of the same approval was presented again, which only somebody with an old copy would do. Send the person through the authorization again.',
    fix: KEEP,
  },
  'refresh-token.ended-with-code': {
    code: 'invalid_grant',
    says: 'All that came of this approval was ended {seconds} seconds ago, because its code was presented a second time. Send the person through the authorization again.',
    fix: OFFER,
  },
  'refresh-token.revoked': {
    code: 'invalid_grant',
    says: 'All that came of this approval was ended {seconds} seconds ago, because it was revoked. Send the person through the authorization again.',
    fix: OFFER,
  },
  'refresh-token.disconnected': {
    code: 'invalid_grant',
    says: 'What this refresh_token was given for has ended: the business disconnected the app, or the person left it. Send the person through the authorization again.',
    fix: OFFER,
  },
  'refresh-token.expired': {
    code: 'invalid_grant',
    says: 'The refresh_token expired {seconds} seconds ago, {why}. Send the person through the authorization again.',
    fix: 'Send the browser to the authorization URL again. Refresh in time, or have longer lifetimes set for the app.',
  },
  'refresh-scope.none-left': {
    code: 'invalid_grant',
    says: 'The app is no longer registered for any of the scopes that were granted; begin again.',
  },
  'refresh-scope.not-granted': {
    code: 'invalid_scope',
    parameter: 'scope',
    says: 'The scope {scope} was not granted; leave it out, or send the person through the authorization again. Granted was: {granted}.',
    fix: SCOPES_FIX,
  },
  'target.too-many': {
    code: 'invalid_target',
    parameter: 'resource',
    says: 'There are more than {most} resources; name fewer.',
  },
  'target.not-one': {
    code: 'invalid_target',
    parameter: 'resource',
    says: 'A token is for one resource: name one, and ask once for each.',
  },
  'target.several-granted': {
    code: 'invalid_target',
    parameter: 'resource',
    says: 'Several resources were granted: name one of them, {granted}.',
  },
  'target.not-granted': {
    code: 'invalid_target',
    parameter: 'resource',
    says: 'The resource is not one that was granted. These were granted: {granted}.',
  },
  'target.none-granted': {
    code: 'invalid_target',
    parameter: 'resource',
    says: 'The resource is not one that was granted. The authorization request named none.',
  },
  'target.malformed': {
    code: 'invalid_target',
    parameter: 'resource',
    says: 'The resource must be an absolute URI without fragment, as registered: {fault}.',
  },
  'target.unregistered': {
    code: 'invalid_target',
    parameter: 'resource',
    says: 'The resource {resource} is not registered by the platform or by the directory of this app. It is compared letter for letter.',
  },
  'target.other-scopes': {
    code: 'invalid_scope',
    parameter: 'scope',
    says: 'Of the scopes the resource {resource} accepts {scopes}.',
    fix: SCOPES_FIX,
  },
  'access-token.missing': {
    code: 'invalid_token',
    says: 'Send the access token in the Authorization header: Bearer and the token.',
  },
  'access-token.unknown': { code: 'invalid_token', says: 'The access token is unknown, has expired or was revoked.' },
  'access-token.key-bound': {
    code: 'invalid_token',
    says: 'The access token is bound to a key, so it is not accepted as a bearer token.',
  },
  'access-token.for-another-resource': {
    code: 'invalid_token',
    says: 'The access token was made for another resource. Here it would need openid among its scopes.',
  },
  'access-token.of-an-app': {
    code: 'insufficient_scope',
    says: 'The access token speaks for an app alone. Here it takes one that a person has approved, by an authorization code.',
  },
  'access-token.in-url': {
    code: 'invalid_request',
    says: 'An access token does not belong in a URL; send it in the Authorization header.',
  },
  'access-token.twice': {
    code: 'invalid_request',
    says: 'The access token was sent twice: in the header and in the body.',
  },
} as const satisfies Record<string, ProtocolRow>
