import type { ErrorRenderer } from '../../endpoint.ts'
import { json, openJson } from '../../http/reply.ts'
import { codeOf, describable } from './error-code.ts'

const sayWith =
  (answer: typeof json): ErrorRenderer =>
  (refusal, incoming) =>
    answer(
      refusal.status,
      {
        error: codeOf(refusal),
        error_description: describable(refusal.message),
        reference: incoming.reference,
      },
      refusal.headers,
    )

/** Says a refusal as RFC 6749 §5.2 has it, with the reference that finds it in the log. */
export const sayOAuth = sayWith(openJson)

/** The same where only servers ask, and no page of another origin. */
export const sayToServers = sayWith(json)
