import type { Refusal } from '../../kit/refusal.ts'

/**
 * The error codes of the protocol (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2, OpenID Connect Core §3.1.2.6),
 * each with the fix for refusals that have no other.
 */
export const FIXES = {
  invalid_request: 'Correct what the message names, and send the request again.',
  invalid_client:
    'Authenticate in one way: client_id and client_secret in the body, or by HTTP Basic with each form-encoded first. If the secret is lost, make a new one.',
  invalid_grant:
    'Exchange each code once, in time, as the app that got it, and with its redirect_uri and code_verifier. To get a new code, send the browser to the authorization URL again.',
  unauthorized_client: 'Register the app for what it tries to do, or use what it is registered for.',
  unsupported_grant_type: 'Send one of the grant types that the metadata names.',
  unsupported_response_type: 'Send response_type=code. Tokens are exchanged for the code at the token endpoint.',
  invalid_scope:
    'Ask only for scopes that the app has registered, separated by spaces; an app that registered itself can ask for any of scopes_supported. Without scope, the app asks for all that it registered, unless it is set to name them.',
  invalid_target:
    'Send registered resources, letter for letter: in the authorization request, all that you will need tokens for; at the token endpoint, one of those.',
  invalid_request_uri: 'Push the request again, and send the browser at once.',
  invalid_redirect_uri:
    'Register redirect URIs with https, with a loopback address, or with a private scheme that has a dot or that the platform allows.',
  invalid_client_metadata: 'Change the member that the message names, or leave it out, and register again.',
  invalid_software_statement: 'Leave software_statement out.',
  invalid_token: 'Send a live access token in the header: Authorization: Bearer, a space and the token.',
  insufficient_scope:
    'Use an access token from the code grant: send the browser to the authorization URL, so that a person can allow the app.',
  access_denied: 'Show the person that the app is not connected, and offer to try again.',
  server_error: 'Ask the operator of the server: its log has the reference.',
  temporarily_unavailable: 'Wait for the seconds in the Retry-After header, and try again.',
  login_required: 'Send the browser again without prompt=none, so that the person can sign in.',
  consent_required: 'Send the browser again without prompt=none, so that the person can allow the app.',
  account_selection_required: 'Send business_uid, or send the browser again without prompt=none.',
  unmet_authentication_requirements:
    'Ask for an acr that acr_values_supported in the metadata names, or ask for it without essential.',
  request_not_supported: 'Send the parameters themselves, or push them first.',
  request_uri_not_supported: 'Send the parameters to the pushed authorization request endpoint first.',
  registration_not_supported:
    'Leave registration out. Register the app first, or send the URL of its metadata document as client_id.',
} as const

export type ErrorCode = keyof typeof FIXES

const STATUSES: Partial<Record<ErrorCode, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  access_denied: 403,
  server_error: 500,
  temporarily_unavailable: 503,
}

/** Returns the HTTP status of an error code. */
export function statusOf(code: ErrorCode): number {
  return STATUSES[code] ?? 400
}

/** Returns the error code for any refusal. One that is not of the protocol is a malformed request or an unavailable server. */
export function codeOf(refusal: Refusal): ErrorCode {
  if (refusal.code !== undefined) return refusal.code as ErrorCode
  if (refusal.status >= 500) return refusal.status === 503 ? 'temporarily_unavailable' : 'server_error'
  if (refusal.status === 429) return 'temporarily_unavailable'
  return 'invalid_request'
}

/** Returns the error code and the fix of a refusal, for `behalf why`. */
export function explained(refusal: Refusal): { code: ErrorCode; fix: string } {
  const code = codeOf(refusal)
  return { code, fix: refusal.fix ?? FIXES[code] }
}

/** Replaces the characters that an error description must not contain (RFC 6749 §5.2). */
export function describable(message: string): string {
  return message.replaceAll(/["“”]/g, "'").replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?')
}
