import type { ErrorCode } from './error.ts'

const SCOPES =
  'Ask only for scopes that the app has registered, names separated by single spaces. Left out, it asks for all of them, unless it is set to name them.'
const PKCE =
  'Make a random code_verifier of 43 to 128 characters for each request and keep it. Send code_challenge, the base64url of its SHA-256 without padding, with code_challenge_method=S256; send the code_verifier itself with the code.'

/** What an app's developer does about a refusal, by the check that refused. */
const BY_CHECK: Readonly<Record<string, string>> = {
  'client-id':
    'Send the client_id that registering the app gave: 64 hexadecimal characters, not the secret and not the code name.',
  'client-document':
    'Serve at the client_id a JSON document that names this very URL as client_id, your redirect_uris and client_name, with 200 and application/json, by https and without redirects.',
  'redirect-uri':
    'Send one of the redirect URIs that the app has registered, letter for letter (scheme, host, port, path, closing slash, query), or register this one too. At the token endpoint send the same as in the authorization request.',
  'post-logout-redirect-uri':
    'Send one of the post_logout_redirect_uris that the app has registered, letter for letter, together with the id_token_hint, or leave it out.',
  'logout-hint': 'Send the e-mail address that the person signs in with, or leave it out.',
  'code-challenge': PKCE,
  'code-challenge-method': PKCE,
  'code-verifier': PKCE,
  scope: SCOPES,
  'response-type': 'Send response_type=code. Tokens are exchanged for the code at the token endpoint.',
  'response-mode':
    'Leave response_mode out for an answer in the query, or send form_post to an http or https redirect URI.',
  request: 'Send the parameters themselves, or push them beforehand and send the request_uri that this gives.',
  'request-uri':
    'Push the parameters to the pushed authorization request endpoint, and send the request_uri from its answer with client_id.',
  'pushed-request':
    'Push the request again just before sending the browser: a request_uri is good for 90 seconds and one answer, and for the app that pushed it.',
  'must-push':
    'Push the parameters to the pushed authorization request endpoint, then send the browser with client_id and request_uri.',
  'grant-types': 'Add authorization_code to the grant types that the app is registered with.',
  prompt: 'Send none alone, or any of login, consent and select_account, separated by spaces.',
  'max-age': 'Send a whole number of seconds.',
  state: 'Send a random text of at most 8192 characters that you keep for this browser.',
  'refresh-token':
    'Send the refresh_token of the last answer, letter for letter, with the credentials of the app that received it.',
  'refresh-token-replayed':
    'Keep the refresh_token of each answer in place of the one before, and let one process refresh at a time. What the approval gave is ended: send the browser to the authorization URL again.',
  'refresh-token-used': 'Use the refresh_token that came in its place.',
  'refresh-token-expired':
    'Send the browser to the authorization URL again. Refresh in time, or have longer lifetimes set for the app.',
  'refresh-token-ended':
    'Offer the business to connect again, by the authorization URL; until then the app is not connected.',
  'refresh-grant-type': 'Add refresh_token to the grant types that the app is registered with.',
  'id-token-hint': 'Send an ID token that this server gave this app, or leave it out and let the person sign in.',
  'status-405': 'Use one of the methods that the header Allow of the answer names.',
  'status-409': 'Send the browser to the authorization URL again.',
  'status-413': 'Send less: the limit is in the sentence.',
  'status-415': 'Send the body as application/x-www-form-urlencoded, in UTF-8 and uncompressed.',
}

/** The same by the error, where the check has nothing of its own. */
const BY_CODE: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'Send the request again without what the sentence names, or as it says.',
  unsupported_response_type: 'Send response_type=code. Tokens are exchanged for the code at the token endpoint.',
  invalid_scope: SCOPES,
  invalid_target:
    'Name one resource that is registered, letter for letter: in the authorization request all that tokens will be asked for, at the token endpoint one of those.',
  invalid_request_uri: 'Push the request again just before sending the browser.',
  invalid_redirect_uri: 'Register redirect URIs with https, of this very machine, or of a private scheme with a dot.',
  invalid_client_metadata: 'Change the member that the sentence names, or leave it out, and register again.',
  invalid_software_statement: 'Leave software_statement out: nobody here could verify it.',
  request_not_supported: 'Send the parameters themselves, or push them beforehand.',
  request_uri_not_supported: 'Push the parameters to the pushed authorization request endpoint beforehand.',
  registration_not_supported:
    'Register the app beforehand, or send the URL of its metadata document as client_id; leave registration out.',
  interaction_required: 'Send the browser again without prompt=none.',
  unmet_authentication_requirements:
    'Ask for an acr that acr_values_supported in the metadata names, or ask for it without essential.',
  invalid_client:
    'Authenticate in one way: client_id and client_secret in the body, or by HTTP Basic with each form-encoded first. If the secret may be lost, make another one.',
  invalid_grant:
    'Exchange each code once, within its time, by the app that it was given to, with the redirect_uri and code_verifier that belong to it. To get another, send the browser to the authorization URL again.',
  invalid_token: 'Send a live access token in the header: Authorization: Bearer, a space and the token.',
  insufficient_scope: 'Ask for the scope in the authorization request; the business then has to allow it.',
  unauthorized_client: 'Register the app for what it tries to do, or use what it is registered for.',
  unsupported_grant_type: 'Send one of the grant types that the metadata names.',
  access_denied: 'Show the person that nothing was connected, and offer to try again.',
  login_required: 'Send the browser again without prompt=none, so that the person can sign in.',
  consent_required: 'Send the browser again without prompt=none, so that the person can allow the app.',
  account_selection_required: 'Send business_uid, or send the browser again without prompt=none.',
  temporarily_unavailable: 'Wait as long as the header Retry-After says, and try again.',
  server_error: 'The fault is ours: the log of the server has this reference.',
}

export function fixFor(check: string, code: ErrorCode): string {
  // A check may be named for a parameter of the asker's own making, and some names are those of what every object has.
  return (Object.hasOwn(BY_CHECK, check) ? BY_CHECK[check] : undefined) ?? BY_CODE[code]
}
