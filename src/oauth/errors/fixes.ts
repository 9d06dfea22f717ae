import { ERROR_CODES, type ErrorCode } from './error-code.ts'

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

export function fixFor(check: string, code: ErrorCode): string {
  // A check may be named for a parameter of the asker's own making, and some names are those of what every object has.
  return (Object.hasOwn(BY_CHECK, check) ? BY_CHECK[check] : undefined) ?? ERROR_CODES[code].fix
}
