import { CodedProblem, type Refusal } from '../../kit/refusal.ts'

/** Every error code we send (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2, OpenID Connect Core §3.1.2.6), with its HTTP status. */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_request_uri: 400,
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  invalid_software_statement: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  access_denied: 403,
  server_error: 500,
  temporarily_unavailable: 503,
  login_required: 400,
  consent_required: 400,
  interaction_required: 400,
  account_selection_required: 400,
  unmet_authentication_requirements: 400,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  registration_not_supported: 400,
} as const

export type ErrorCode = keyof typeof STATUS

type Details = ConstructorParameters<typeof CodedProblem>[2]

/** An expected error of the protocol. The sentence is for the app's developer; the cause is for the log. */
export class OAuthError extends CodedProblem {
  declare readonly code: ErrorCode
  constructor(code: ErrorCode, sentence: string, details: Details = {}) {
    super(STATUS[code], sentence, details, code)
  }
}

export function refuse(code: ErrorCode, sentence: string, details?: Details): never {
  throw new OAuthError(code, sentence, details)
}

/** The wire code of any refusal: what is not of the protocol's own is a malformed request or an unavailable server. */
export function codeOf(refusal: Refusal): ErrorCode {
  if (refusal.code !== undefined) return refusal.code as ErrorCode
  if (refusal.status >= 500) return refusal.status === 503 ? 'temporarily_unavailable' : 'server_error'
  if (refusal.status === 429) return 'temporarily_unavailable'
  return 'invalid_request'
}

/** Leaves only the characters that a description may hold (RFC 6749 §5.2). */
export function describable(sentence: string): string {
  return sentence.replaceAll(/["“”]/g, "'").replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?')
}
