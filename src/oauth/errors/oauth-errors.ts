import type { ErrorRenderer } from '../../endpoint.ts'
import { json } from '../../http/reply.ts'
import type { Refusal } from '../../kit/refusal.ts'
import { codeOf, describable } from './error-code.ts'

/** Renders a refusal as JSON (RFC 6749 §5.2), with the reference of the request in the log. */
export const oauthErrors: ErrorRenderer = (refusal, { reference }) =>
  json(refusal.status, { ...errorOf(refusal), reference }, refusal.headers)

/** Renders a refusal of registration as JSON (RFC 7591 §3.2.2), with the member that is wrong. */
export const registrationErrors: ErrorRenderer = (refusal, { reference }) => {
  const field = refusal.field === undefined ? {} : { field: describable(refusal.field).slice(0, 100) }
  return json(refusal.status, { ...errorOf(refusal), ...field, reference }, refusal.headers)
}

function errorOf(refusal: Refusal): { error: string; error_description: string } {
  return { error: codeOf(refusal), error_description: describable(refusal.message) }
}
