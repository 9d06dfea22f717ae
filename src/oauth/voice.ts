import { openJson } from '../http/reply.ts'
import type { Voice } from '../site.ts'
import { codeOf, describable } from './error.ts'

/** Says a refusal as RFC 6749 §5.2 has it, with the reference that finds it in the log. */
export const sayOAuth: Voice = (refusal, incoming) =>
  openJson(
    refusal.status,
    {
      error: codeOf(refusal),
      error_description: describable(refusal.message),
      reference: incoming.reference,
    },
    refusal.headers,
  )
