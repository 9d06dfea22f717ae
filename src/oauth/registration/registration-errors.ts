import type { ErrorRenderer } from '../../endpoint.ts'
import { json } from '../../http/reply.ts'
import { codeOf, describable } from '../errors/error-code.ts'

/** Says a refusal as RFC 7591 §3.2.2 has it, with the member that is to blame and the reference that finds it in the log. */
export const registrationErrors: ErrorRenderer = (refusal, incoming) =>
  json(
    refusal.status,
    {
      error: codeOf(refusal),
      error_description: describable(refusal.message),
      ...(refusal.field === undefined ? {} : { field: describable(refusal.field).slice(0, 100) }),
      reference: incoming.reference,
    },
    refusal.headers,
  )
