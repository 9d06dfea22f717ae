import type { ErrorRenderer } from '../endpoint.ts'
import { json } from '../http/reply.ts'
import type { Refusal } from '../kit/refusal.ts'
import { withoutUnseen } from '../kit/unseen.ts'

/**
 * Says a refusal in the platform's envelope: 400 what cannot be understood, 401 and 403 who may not ask, 404 what is not there or not
 * theirs, 422 what cannot be taken, a name that is taken included. The field is named when one is to blame.
 */
export const platformErrors: ErrorRenderer = (refusal, incoming) =>
  json(
    refusal.status,
    {
      status: 'Error',
      error: readable(refusal.message),
      ...(refusal.field === undefined ? {} : { field: readable(refusal.field).slice(0, 60) }),
      reference: incoming.reference,
    },
    { ...challenge(refusal), ...refusal.headers },
  )

/** What a 401 has to say of how to do better (RFC 6750 §3). */
function challenge(refusal: Refusal): Record<string, string> {
  if (refusal.status !== 401) return {}
  const error = refusal.code === 'invalid_token' ? ', error="invalid_token"' : ''
  return { 'www-authenticate': `Bearer realm="Behalf"${error}` }
}

/** Whatever a sentence quotes: no control characters, nothing that turns the text around it, nothing endless. */
function readable(sentence: string): string {
  return withoutUnseen(sentence, '?').slice(0, 600)
}
