import type { ErrorRenderer } from '../../endpoint.ts'
import { json } from '../../http/reply.ts'
import { codeOf, describable } from './error-code.ts'

/** Renders a refusal as RFC 6749 §5.2 has it, with the reference that finds it in the log. */
export const oauthErrors: ErrorRenderer = (refusal, incoming) =>
  json(
    refusal.status,
    { error: codeOf(refusal), error_description: describable(refusal.message), reference: incoming.reference },
    refusal.headers,
  )
