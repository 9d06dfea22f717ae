import { rowsWith } from '../../kit/rows-with.ts'
import type { ProtocolRow } from './protocol-row.ts'

const SEND_AGAIN = 'Send the browser to the authorization URL again.'
const PUSH =
  'Send the parameters to the pushed authorization request endpoint, then send the browser with client_id and request_uri.'

/** Refusals of an authorization request, pushed or sent through a browser. */
export const AUTHORIZATION_ROWS = {
  'client-id.unknown': {
    code: 'invalid_request',
    parameter: 'client_id',
    says: 'No app has this client_id. It may be mistyped, or the app was removed.',
    fix: 'Send the client_id that the app got when it was registered: 64 hexadecimal characters, not the secret and not the code name.',
  },
  ...rowsWith(
    {
      code: 'invalid_request',
      parameter: 'redirect_uri',
      fix: 'Send one of the redirect URIs that the app has registered, letter for letter (scheme, host, port, path, trailing slash, query), or register this one too. At the token endpoint, send the redirect_uri of the authorization request.',
    },
    {
      'redirect-uri.missing-of-several': 'The redirect_uri is missing, and the app has registered several.',
      'redirect-uri.missing-of-self-registered':
        'The redirect_uri is missing. Apps that register themselves must always send it.',
      'redirect-uri.missing-of-explicit': 'The redirect_uri is missing, and this app is set to always send it.',
      'redirect-uri.unregistered':
        'The redirect_uri is not one that the app has registered. It must be the same, letter for letter.',
      'redirect-uri.withdrawn': 'The redirect_uri is no longer registered for this app.',
      'redirect-uri.scheme-withdrawn': 'The platform no longer allows the scheme of the redirect_uri.',
    },
  ),
  'webfinger.resource': {
    code: 'invalid_request',
    parameter: 'resource',
    says: 'The resource must be a URI of at most {most} characters, such as acct:dana@example.com.',
    fix: 'Send the account as a URI, percent-encoded.',
  },
  'state.line-break': {
    code: 'invalid_request',
    parameter: 'state',
    says: 'The state has a line break, which response_mode=form_post cannot carry unchanged.',
    fix: 'Send a random text of at most 8192 characters, and keep it for this browser.',
  },
  'response-type.unsupported': {
    code: 'unsupported_response_type',
    parameter: 'response_type',
    says: 'The response_type must be {types}. Tokens are never sent through a browser.',
  },
  ...rowsWith(
    {
      code: 'invalid_request',
      parameter: 'response_mode',
      fix: 'Leave response_mode out to get the answer in the query, or send form_post with an http or https redirect URI. Public apps may also send fragment.',
    },
    {
      'response-mode.unknown': 'The response_mode must be {modes}.',
      'response-mode.fragment':
        'With response_mode=fragment, the app must be public. An app with a secret gets the answer in the query or by form_post.',
      'response-mode.not-postable':
        'With response_mode=form_post, the redirect_uri must be one that a browser can post a form to.',
    },
  ),
  'request.object': {
    code: 'request_not_supported',
    parameter: 'request',
    says: 'Request objects are not supported; send the parameters themselves.',
  },
  'request-uri.foreign': {
    code: 'request_uri_not_supported',
    parameter: 'request_uri',
    says: 'The request_uri must come from the pushed authorization request endpoint of this server.',
  },
  'request.registration': {
    code: 'registration_not_supported',
    parameter: 'registration',
    says: 'An app cannot register itself in an authorization request.',
  },
  'request.no-codes': {
    code: 'unauthorized_client',
    says: 'This app is registered without the grant type authorization_code.',
    fix: 'Add authorization_code to the grant types that the app is registered with.',
  },
  'request.must-push': {
    code: 'invalid_request',
    parameter: 'request_uri',
    says: 'This app must push its requests: send them to the pushed authorization request endpoint.',
    fix: PUSH,
  },
  'request.too-long': {
    code: 'invalid_request',
    says: 'The parameters together are longer than {most} bytes.',
    fix: 'Send less: for example, a shorter state.',
  },
  'request.too-long-to-post': {
    code: 'invalid_request',
    says: 'The request is too long for a page of another site to post.',
    fix: PUSH,
  },
  'parameter.too-long': {
    code: 'invalid_request',
    says: 'The {parameter} is longer than {most} characters.',
    fix: 'Send a shorter {parameter}.',
  },
  ...rowsWith(
    {
      code: 'invalid_request',
      parameter: 'prompt',
      fix: 'Send only none, or any of login, consent and select_account, separated by spaces.',
    },
    {
      'prompt.unknown': 'The prompt {prompt} does not exist; send any of {prompts}.',
      'prompt.none-and-other': 'The prompt none cannot be combined with another.',
    },
  ),
  'max-age.not-a-number': {
    code: 'invalid_request',
    parameter: 'max_age',
    says: 'The max_age must be a whole number of seconds.',
    fix: 'Send max_age in digits, or leave it out.',
  },
  ...rowsWith(
    { code: 'invalid_scope', parameter: 'scope' },
    {
      'scope.missing': 'The parameter scope is missing, and this app is set to always send it.',
      'scope.malformed': 'The scope must be names separated by spaces.',
      'scope.unknown': 'The scope {scope} does not exist.',
      'scope.reserved': 'The scope {scope} is only for apps that the platform registered for it.',
      'scope.unregistered': 'The scope {scope} is not registered for this app.',
      'scope.withdrawn': 'The scope {scope} is no longer registered for this app.',
    },
  ),
  'scope.limited': {
    code: 'invalid_scope',
    parameter: 'scope',
    says: 'The platform limited this app to the scopes that it has registered, and the scope {scope} is not among them.',
    fix: 'Ask only for scopes that the registration shows. Only the platform can add others.',
  },
  ...rowsWith(
    {
      code: 'invalid_request',
      parameter: 'code_challenge',
      fix: 'Make a random code_verifier of 43 to 128 characters for each request and keep it. Send code_challenge, the base64url of its SHA-256 without padding, with code_challenge_method=S256. Send the code_verifier itself with the code.',
    },
    {
      'pkce.no-challenge': 'The request has a code_challenge_method, but no code_challenge.',
      'pkce.missing': 'This app must use PKCE: send code_challenge and code_challenge_method=S256.',
      'pkce.method':
        'The code_challenge_method must be S256. The method plain, which a missing method means, is not accepted.',
      'pkce.challenge-length':
        'The code_challenge must be the base64url of a SHA-256 without padding, which has 43 characters, and this one has {length}.',
      'pkce.challenge':
        'The code_challenge must be base64url without padding: only letters, digits, - and _. Standard base64 has + and / in their place.',
    },
  ),
  ...rowsWith(
    {
      code: 'invalid_request_uri',
      parameter: 'request_uri',
      fix: 'Push the request again, and send the browser at once: a request_uri is valid for 90 seconds, for one answer, and only for the app that pushed it.',
    },
    {
      'pushed-request.unknown': 'No app with this client_id has pushed this request_uri.',
      'pushed-request.answered': 'The request of this request_uri was answered already.',
      'pushed-request.expired': 'The request_uri was pushed more than {seconds} seconds ago.',
    },
  ),
  'pushed-request.names-another': {
    code: 'invalid_request',
    parameter: 'request_uri',
    says: 'A pushed request cannot have a request_uri; send the parameters themselves.',
  },
  ...rowsWith(
    {
      code: 'invalid_request',
      parameter: 'claims',
      fix: 'Send claims in the form of OpenID Connect Core §5.5, or leave it out.',
    },
    {
      'claims.not-json': 'The claims parameter is not valid JSON.',
      'claims.repeated': 'The claims parameter has the same member twice; send it once.',
      'claims.not-an-object': '{what} must be a JSON object.',
      'claims.too-many': 'The member {place} of claims asks for more than {most} claims.',
      'claims.essential': 'The member essential of the claim {name} must be true or false.',
      'claims.values': 'The member values of the claim {name} must be a list of at most {most}.',
      'claims.value': 'A requested value of the claim {name} must be a text of at most 255 printable characters.',
    },
  ),
  ...rowsWith(
    { code: 'login_required' },
    {
      'sign-in.needed': 'The person has to sign in, but prompt=none does not allow a sign-in page.',
      'sign-in.other-person': 'The {parameter} does not name the person who is signed in.',
      'sign-in.not-the-claimed': 'The person who signed in does not have the sub that the claims parameter asks for.',
    },
  ),
  'sign-in.not-the-hinted': {
    code: 'login_required',
    says: 'The person who signed in is not the one that the id_token_hint names.',
    fix: 'Send an ID token that this server gave this app, or leave it out and let the person sign in.',
  },
  'sign-in.acr': {
    code: 'unmet_authentication_requirements',
    says: 'The claims parameter asks for an acr that no sign-in here reaches. The possible values are {values}.',
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
    says: 'The person has to allow this app first, but prompt=none does not allow a permission dialog.',
  },
  'consent.denied': { code: 'access_denied', says: 'The person did not allow the app.' },
  'consent.no-decision': { code: 'invalid_request', says: 'Choose to allow or to deny.' },
  ...rowsWith(
    { code: 'invalid_request', status: 409, fix: SEND_AGAIN },
    {
      'request.changed':
        'This request was answered already, or what it asked for has changed. Go back to the app and start again.',
    },
  ),
  'ticket.missing': {
    code: 'invalid_request',
    says: 'This address is not complete. Go back to the app and start again.',
    fix: SEND_AGAIN,
  },
} as const satisfies Record<string, ProtocolRow>
