import { SCOPES_FIX } from './error-code.ts'
import type { ProtocolRow } from './refusals.ts'

const REDIRECT_URI = {
  code: 'invalid_request',
  parameter: 'redirect_uri',
  fix: 'Send one of the redirect URIs that the app has registered, letter for letter (scheme, host, port, path, closing slash, query), or register this one too. At the token endpoint send the same as in the authorization request.',
} as const
const CHALLENGE = {
  code: 'invalid_request',
  parameter: 'code_challenge',
  fix: 'Make a random code_verifier of 43 to 128 characters for each request and keep it. Send code_challenge, the base64url of its SHA-256 without padding, with code_challenge_method=S256; send the code_verifier itself with the code.',
} as const
const SCOPE = { code: 'invalid_scope', parameter: 'scope', fix: SCOPES_FIX } as const
const PUSH =
  'Push the parameters to the pushed authorization request endpoint, then send the browser with client_id and request_uri.'
const PUSHED = {
  code: 'invalid_request_uri',
  parameter: 'request_uri',
  fix: 'Push the request again just before sending the browser: a request_uri is good for 90 seconds and one answer, and for the app that pushed it.',
} as const
const STATE = 'Send a random text of at most 8192 characters that you keep for this browser.'
const MODE = 'Leave response_mode out for an answer in the query, or send form_post to an http or https redirect URI.'
const PROMPT = 'Send none alone, or any of login, consent and select_account, separated by spaces.'
const claims = <const Says extends string>(says: Says) =>
  ({
    code: 'invalid_request',
    parameter: 'claims',
    says,
    fix: 'Send claims as OpenID Connect Core §5.5 has it, or leave it out.',
  }) as const

/** What is refused of an authorization request, pushed or brought by a browser. */
export const AUTHORIZATION_ROWS = {
  'client-id.unknown': {
    code: 'invalid_request',
    parameter: 'client_id',
    says: 'No app has this client_id. It may be mistyped, or the app was removed.',
    fix: 'Send the client_id that registering the app gave: 64 hexadecimal characters, not the secret and not the code name.',
  },
  'redirect-uri.missing-of-several': {
    ...REDIRECT_URI,
    says: 'The redirect_uri is missing, and the app has registered several.',
  },
  'redirect-uri.missing-of-self-registered': {
    ...REDIRECT_URI,
    says: 'The redirect_uri is missing; apps that register themselves always send it.',
  },
  'redirect-uri.missing-of-explicit': {
    ...REDIRECT_URI,
    says: 'The redirect_uri is missing, and the app is set to send it always.',
  },
  'redirect-uri.unregistered': {
    ...REDIRECT_URI,
    says: 'The redirect_uri is not one that the app has registered. It must be the same, letter for letter.',
  },
  'redirect-uri.withdrawn': { ...REDIRECT_URI, says: 'The redirect_uri is no longer one that the app has registered.' },
  'state.line-break': {
    code: 'invalid_request',
    parameter: 'state',
    says: 'The state has a line break, which response_mode=form_post cannot carry unchanged.',
    fix: STATE,
  },
  'response-type.unsupported': {
    code: 'unsupported_response_type',
    parameter: 'response_type',
    says: 'The response_type must be {types}; tokens are never sent through a browser.',
  },
  'response-mode.unknown': {
    code: 'invalid_request',
    parameter: 'response_mode',
    says: 'The response_mode must be {modes}.',
    fix: MODE,
  },
  'response-mode.not-postable': {
    code: 'invalid_request',
    parameter: 'response_mode',
    says: 'The response_mode form_post needs a redirect_uri that a browser can post a form to.',
    fix: MODE,
  },
  'request.object': {
    code: 'request_not_supported',
    parameter: 'request',
    says: 'Request objects are not supported; send the parameters themselves.',
  },
  'request-uri.foreign': {
    code: 'request_uri_not_supported',
    parameter: 'request_uri',
    says: 'A request_uri is taken only as the pushed authorization request endpoint gave it.',
  },
  'request.registration': {
    code: 'registration_not_supported',
    parameter: 'registration',
    says: 'An app cannot describe itself in a request; register it, or send the URL of a metadata document as client_id.',
  },
  'request.no-codes': {
    code: 'unauthorized_client',
    says: 'This app is registered without the grant type authorization_code.',
    fix: 'Add authorization_code to the grant types that the app is registered with.',
  },
  'request.must-push': {
    code: 'invalid_request',
    parameter: 'request_uri',
    says: 'This app has to push its requests: send them to the pushed authorization request endpoint.',
    fix: PUSH,
  },
  'request.too-long': {
    code: 'invalid_request',
    says: 'The parameters are together longer than {most} bytes.',
    fix: 'Send less, above all a shorter state.',
  },
  'request.too-long-to-post': {
    code: 'invalid_request',
    says: 'The request is too long to be posted by a page of another site. Push it, or send less.',
    fix: PUSH,
  },
  'parameter.too-long': {
    code: 'invalid_request',
    says: 'The {parameter} is longer than {most} characters.',
    fix: 'Send a shorter {parameter}.',
  },
  'prompt.unknown': {
    code: 'invalid_request',
    parameter: 'prompt',
    says: 'The prompt {prompt} does not exist; there are {prompts}.',
    fix: PROMPT,
  },
  'prompt.none-and-other': {
    code: 'invalid_request',
    parameter: 'prompt',
    says: 'The prompt none cannot stand beside another.',
    fix: PROMPT,
  },
  'max-age.not-a-number': {
    code: 'invalid_request',
    parameter: 'max_age',
    says: 'The max_age must be a whole number of seconds.',
    fix: 'Send max_age in digits alone, or leave it out.',
  },
  'scope.missing': { ...SCOPE, says: 'The parameter scope is missing, and this app is set to send it always.' },
  'scope.malformed': { ...SCOPE, says: 'The scope must be names separated by single spaces.' },
  'scope.unknown': { ...SCOPE, says: 'The scope {scope} does not exist.' },
  'scope.unregistered': { ...SCOPE, says: 'The scope {scope} is not registered for this app.' },
  'scope.withdrawn': { ...SCOPE, says: 'The scope {scope} is no longer registered for this app.' },
  'pkce.method-alone': { ...CHALLENGE, says: 'There is a code_challenge_method, but no code_challenge.' },
  'pkce.missing': { ...CHALLENGE, says: 'This app must use PKCE: send code_challenge and code_challenge_method=S256.' },
  'pkce.missing-by-now': {
    ...CHALLENGE,
    says: 'This app must use PKCE by now: send code_challenge and code_challenge_method=S256.',
  },
  'pkce.method': {
    ...CHALLENGE,
    parameter: 'code_challenge_method',
    says: 'The code_challenge_method must be S256; without it the challenge would count as plain, which is not accepted.',
  },
  'pkce.challenge': {
    ...CHALLENGE,
    says: 'The code_challenge must be 43 characters: the base64url of a SHA-256 without padding.',
  },
  'pushed-request.unknown': {
    ...PUSHED,
    says: 'No app with this client_id has pushed this request_uri. Push the request again, and send the browser at once.',
  },
  'pushed-request.answered': {
    ...PUSHED,
    says: 'The request behind this request_uri was answered already. Push the request again, and send the browser at once.',
  },
  'pushed-request.expired': {
    ...PUSHED,
    says: 'The request_uri was pushed more than {seconds} seconds ago. Push the request again, and send the browser at once.',
  },
  'pushed-request.names-another': {
    code: 'invalid_request',
    parameter: 'request_uri',
    says: 'A pushed request names no request_uri; send the parameters themselves.',
  },
  'claims.too-long': claims('The claims parameter is longer than {most} characters.'),
  'claims.not-json': claims('The claims parameter is not valid JSON.'),
  'claims.repeated': claims('The claims parameter names the same member twice; name it once.'),
  'claims.not-an-object': claims('{what} must be a JSON object.'),
  'claims.too-many': claims('The member {place} of claims asks for more than {most} claims.'),
  'claims.essential': claims('The member essential of the claim {name} must be true or false.'),
  'claims.values': claims('The member values of the claim {name} must be a list of at most {most}.'),
  'claims.value': claims('A wished value of the claim {name} must be a text of at most 255 printable characters.'),
  'sign-in.needed': { code: 'login_required', says: 'The person has to sign in, and prompt=none forbids to ask.' },
  'sign-in.other-person': {
    code: 'login_required',
    says: 'The {parameter} does not name the person who is signed in.',
  },
  'sign-in.not-the-hinted': {
    code: 'login_required',
    says: 'The person who signed in is not the one whom the id_token_hint names.',
    fix: 'Send an ID token that this server gave this app, or leave it out and let the person sign in.',
  },
  'sign-in.not-the-claimed': {
    code: 'login_required',
    says: 'The person who signed in is not the one whom the claims parameter names by sub.',
  },
  'sign-in.acr': {
    code: 'unmet_authentication_requirements',
    says: 'The claims parameter asks for an acr that no sign-in here reaches; there are {values}.',
  },
  'business.none': {
    code: 'access_denied',
    says: 'The person who signed in belongs to no business that this app can act for.',
  },
  'business.several': {
    code: 'account_selection_required',
    says: 'The person belongs to several businesses: send business_uid, or let the person choose.',
  },
  'consent.needed': {
    code: 'consent_required',
    says: 'The person has to allow this app first, and prompt=none forbids to ask.',
  },
  'consent.denied': { code: 'access_denied', says: 'The person did not allow the app.' },
  'consent.no-decision': { code: 'invalid_request', says: 'Choose to allow or to deny.' },
  'request.answered': {
    code: 'invalid_request',
    status: 409,
    says: 'This request was answered already. Go back to the app.',
    fix: 'Send the browser to the authorization URL again.',
  },
  'request.changed-meanwhile': {
    code: 'invalid_request',
    status: 409,
    says: 'This request was answered already, or what it was for has changed. Go back to the app and start again.',
    fix: 'Send the browser to the authorization URL again.',
  },
  'ticket.missing': {
    code: 'invalid_request',
    says: 'This address is not complete. Go back to the app and start again.',
    fix: 'Send the browser to the authorization URL again.',
  },
} as const satisfies Record<string, ProtocolRow>
