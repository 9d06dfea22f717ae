import type { Refusal } from '../../kit/refusal.ts'

export const SCOPES_FIX =
  'Ask only for scopes that the app has registered, names separated by single spaces. Left out, it asks for all of them, unless it is set to name them.'

/** Every error code we send (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2, OpenID Connect Core §3.1.2.6), with its HTTP status, and what to do where a refusal has no advice of its own. */
export const ERROR_CODES = {
  invalid_request: { status: 400, fix: 'Send the request again without what the sentence names, or as it says.' },
  invalid_client: {
    status: 401,
    fix: 'Authenticate in one way: client_id and client_secret in the body, or by HTTP Basic with each form-encoded first. If the secret may be lost, make another one.',
  },
  invalid_grant: {
    status: 400,
    fix: 'Exchange each code once, within its time, by the app that it was given to, with the redirect_uri and code_verifier that belong to it. To get another, send the browser to the authorization URL again.',
  },
  unauthorized_client: {
    status: 400,
    fix: 'Register the app for what it tries to do, or use what it is registered for.',
  },
  unsupported_grant_type: { status: 400, fix: 'Send one of the grant types that the metadata names.' },
  unsupported_response_type: {
    status: 400,
    fix: 'Send response_type=code. Tokens are exchanged for the code at the token endpoint.',
  },
  invalid_scope: { status: 400, fix: SCOPES_FIX },
  invalid_target: {
    status: 400,
    fix: 'Name one resource that is registered, letter for letter: in the authorization request all that tokens will be asked for, at the token endpoint one of those.',
  },
  invalid_request_uri: { status: 400, fix: 'Push the request again just before sending the browser.' },
  invalid_redirect_uri: {
    status: 400,
    fix: 'Register redirect URIs with https, of this very machine, or of a private scheme with a dot.',
  },
  invalid_client_metadata: {
    status: 400,
    fix: 'Change the member that the sentence names, or leave it out, and register again.',
  },
  invalid_software_statement: { status: 400, fix: 'Leave software_statement out: nobody here could verify it.' },
  invalid_token: {
    status: 401,
    fix: 'Send a live access token in the header: Authorization: Bearer, a space and the token.',
  },
  insufficient_scope: {
    status: 403,
    fix: 'Ask for the scope in the authorization request; the business then has to allow it.',
  },
  access_denied: { status: 403, fix: 'Show the person that nothing was connected, and offer to try again.' },
  server_error: { status: 500, fix: 'The fault is ours: the log of the server has this reference.' },
  temporarily_unavailable: { status: 503, fix: 'Wait as long as the header Retry-After says, and try again.' },
  login_required: { status: 400, fix: 'Send the browser again without prompt=none, so that the person can sign in.' },
  consent_required: {
    status: 400,
    fix: 'Send the browser again without prompt=none, so that the person can allow the app.',
  },
  interaction_required: { status: 400, fix: 'Send the browser again without prompt=none.' },
  account_selection_required: { status: 400, fix: 'Send business_uid, or send the browser again without prompt=none.' },
  unmet_authentication_requirements: {
    status: 400,
    fix: 'Ask for an acr that acr_values_supported in the metadata names, or ask for it without essential.',
  },
  request_not_supported: { status: 400, fix: 'Send the parameters themselves, or push them beforehand.' },
  request_uri_not_supported: {
    status: 400,
    fix: 'Push the parameters to the pushed authorization request endpoint beforehand.',
  },
  registration_not_supported: {
    status: 400,
    fix: 'Register the app beforehand, or send the URL of its metadata document as client_id; leave registration out.',
  },
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** The error code that any refusal is answered with: what is not of the protocol's own is a malformed request or an unavailable server. */
export function codeOf(refusal: Refusal): ErrorCode {
  if (refusal.code !== undefined) return refusal.code as ErrorCode
  if (refusal.status >= 500) return refusal.status === 503 ? 'temporarily_unavailable' : 'server_error'
  if (refusal.status === 429) return 'temporarily_unavailable'
  return 'invalid_request'
}

/** The error code of a refusal and what to do about it, for `behalf why`. */
export function explained(refusal: Refusal): { code: ErrorCode; fix: string } {
  const code = codeOf(refusal)
  return { code, fix: refusal.fix ?? ERROR_CODES[code].fix }
}

/** Leaves only the characters that a description may hold (RFC 6749 §5.2). */
export function describable(sentence: string): string {
  return sentence.replaceAll(/["“”]/g, "'").replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?')
}
