import { rowsWith } from '../../kit/rows-with.ts'
import { ONLY_HERE, type ProtocolRow } from './protocol-row.ts'

/** Refusals of grants, refresh tokens, resources and access tokens. */
export const TOKEN_ROWS = {
  'grant-type.unsupported': {
    code: 'unsupported_grant_type',
    parameter: 'grant_type',
    says: 'The grant_type must be one of: {types}.',
  },
  ...rowsWith(
    { code: 'invalid_grant' },
    {
      'code.unknown':
        'The code is unknown, was used before, has expired, or was given to another app. Codes live {seconds} seconds and work once.',
      'code.never-issued': `This is no code of this server, or one that was deleted long after it expired. ${ONLY_HERE}`,
      'code.of-another-app': `The code was issued to another app. ${ONLY_HERE}`,
      'code.used-again': `The code was used before. All tokens that it was exchanged for have ended. ${ONLY_HERE}`,
      'code.expired': `The code expired {seconds} seconds before. ${ONLY_HERE}`,
      'code.disconnected': `The app was disconnected, or its approval, business or person ended, before the code was exchanged. ${ONLY_HERE}`,
      'code.redirect-uri-withdrawn': 'The redirect_uri is no longer registered for this app.',
      'code.scope-withdrawn': 'The scope {scope} is no longer registered for this app.',
      'code.no-redirect-uri': 'The redirect_uri is missing: send the one of the authorization request.',
      'code.other-redirect-uri':
        'The redirect_uri is not the one of the authorization request; it must be the same, letter for letter.',
      'proof.missing': 'This grant is bound to a key. Prove that you hold the key.',
      'refresh-scope.none-left':
        'The app is no longer registered for any of the granted scopes. Send the person through the authorization again.',
    },
  ),
  ...rowsWith(
    {
      code: 'invalid_grant',
      parameter: 'code_verifier',
      fix: 'Keep the random code_verifier that the code_challenge was made from, and send it with the code.',
    },
    {
      'code-verifier.unexpected':
        'The request has a code_verifier, but the authorization request had no code_challenge.',
      'code-verifier.missing': 'The code_verifier is missing: the authorization request had a code_challenge.',
      'code.guessed': 'The code has ended, because it was sent with {most} wrong verifiers.',
      'code-verifier.length': 'The code_verifier must have 43 to 128 characters, and this one has {length}.',
      'code-verifier.wrong': 'The code_verifier does not match the code_challenge.',
    },
  ),
  ...rowsWith(
    { code: 'unauthorized_client' },
    {
      'client-credentials.app-changed': 'The app was changed or ended during this request. Send it again.',
      'client-credentials.public': 'A public app has no secret, so it cannot use client_credentials.',
    },
  ),
  'client-credentials.unregistered': {
    code: 'unauthorized_client',
    parameter: 'grant_type',
    says: 'This app is not registered for client_credentials: add it to the grant_types of the app.',
  },
  'refresh-token.unregistered': {
    code: 'unauthorized_client',
    says: 'This app is registered for other grants: {grants}.',
    fix: 'Add refresh_token to the grant types that the app is registered with.',
  },
  'refresh-token.unknown': {
    code: 'invalid_grant',
    parameter: 'refresh_token',
    says: 'The refresh_token is unknown, or was given to another app.',
    fix: 'Send the refresh_token of the last answer, letter for letter, with the credentials of the app that received it.',
  },
  'refresh-token.busy': {
    code: 'temporarily_unavailable',
    retryAfter: 2,
    says: 'Too many requests use this refresh_token at once. Nothing was changed; try again.',
  },
  'refresh-token.used': {
    code: 'invalid_grant',
    says: 'The refresh_token was used before. Use the one that you received in its place.',
    fix: 'Use the refresh_token that you received in its place.',
  },
  ...rowsWith(
    {
      code: 'invalid_grant',
      fix: 'Replace the refresh_token with the one in each answer, and let one process refresh at a time. The tokens of this approval have ended: send the browser to the authorization URL again.',
    },
    {
      'refresh-token.reused':
        'The refresh_token was used {seconds} seconds ago and replaced, and this server never accepts a used one again. There may be a stolen copy, so all tokens of this approval have been ended. Send the person through the authorization again.',
      'refresh-token.reused-late':
        'The refresh_token was used {seconds} seconds ago and replaced, and a used one is accepted again for {window} seconds only. There may be a stolen copy, so all tokens of this approval have been ended. Send the person through the authorization again.',
      'refresh-token.reused-after-successor':
        'The refresh_token was used {seconds} seconds ago and replaced, and the one that replaced it has been used too. There may be a stolen copy, so all tokens of this approval have been ended. Send the person through the authorization again.',
      'refresh-token.ended-by-replay':
        'All tokens of this approval were ended {seconds} seconds ago, because a used refresh_token was presented again, which may be a stolen copy. Send the person through the authorization again.',
    },
  ),
  ...rowsWith(
    {
      code: 'invalid_grant',
      fix: 'Offer the business to connect again, by the authorization URL. Until then, the app is not connected.',
    },
    {
      'refresh-token.ended-with-code':
        'All tokens of this approval were ended {seconds} seconds ago, because its code was presented a second time. Send the person through the authorization again.',
      'refresh-token.revoked':
        'All tokens of this approval were ended {seconds} seconds ago, because it was revoked. Send the person through the authorization again.',
      'refresh-token.disconnected':
        'The approval of this refresh_token has ended: the business disconnected the app, or the person left it. Send the person through the authorization again.',
    },
  ),
  ...rowsWith(
    {
      code: 'invalid_grant',
      fix: 'Send the browser to the authorization URL again. Refresh in time, or ask for longer lifetimes for the app.',
    },
    {
      'refresh-token.unused':
        'The refresh_token expired {seconds} seconds ago, because it was not used for too long. Send the person through the authorization again.',
      'refresh-token.expired':
        'The refresh_token expired {seconds} seconds ago, because it reached its maximum lifetime. Send the person through the authorization again.',
    },
  ),
  ...rowsWith(
    { code: 'invalid_scope', parameter: 'scope' },
    {
      'client-credentials.personal-scope':
        'The scope {scope} is for what a person allows; an app cannot use it for itself.',
      'refresh-scope.not-granted': 'The scope {scope} was not granted. The granted scopes are: {granted}.',
      'target.other-scopes': 'The resource {resource} accepts none of the scopes. It accepts {scopes}.',
    },
  ),
  ...rowsWith(
    { code: 'invalid_target', parameter: 'resource' },
    {
      'target.too-many': 'There are more than {most} resources; send fewer.',
      'target.not-one': 'A token is for one resource: send one, and make one request for each.',
      'target.several-granted': 'Several resources were granted: send one of them, {granted}.',
      'target.not-granted': 'The resource is not one that was granted. These were granted: {granted}.',
      'target.none-granted': 'The resource is not one that was granted. The authorization request named none.',
      'target.malformed': 'The resource must be an absolute URI without fragment, as registered: {fault}.',
      'target.unregistered':
        'The resource {resource} is not registered by the platform or by the directory of this app. Its path is compared letter for letter.',
    },
  ),
  ...rowsWith(
    { code: 'invalid_token' },
    {
      'access-token.missing': 'Send the access token in the Authorization header: Bearer and the token.',
      'access-token.unknown': 'The access token is unknown, has expired or was revoked.',
      'access-token.key-bound': 'The access token is bound to a key, so it is not accepted as a bearer token.',
      'access-token.for-another-resource':
        'The access token was made for another resource. Here, it needs the scope openid.',
    },
  ),
  'access-token.of-an-app': {
    code: 'insufficient_scope',
    says: 'The access token is for the app itself. This endpoint needs one that a person has approved, from an authorization code.',
  },
  ...rowsWith(
    { code: 'invalid_request' },
    {
      'access-token.in-url': 'The access token is in the URL; send it in the Authorization header.',
      'access-token.twice': 'The access token was sent twice: in the header and in the body.',
    },
  ),
} as const satisfies Record<string, ProtocolRow>
