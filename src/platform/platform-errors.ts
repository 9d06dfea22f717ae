import type { ErrorRenderer } from '../endpoint.ts'
import { json } from '../http/reply.ts'
import type { Refusal } from '../kit/refusal.ts'
import { withoutUnseen } from '../kit/unseen.ts'

/** Writes a refusal as JSON in the envelope of the management API. `field` names the field that is wrong, if there is one. */
export const platformErrors: ErrorRenderer = (refusal, { reference }) => {
  const field = refusal.field === undefined ? {} : { field: readable(refusal.field).slice(0, 60) }
  const body = { status: 'Error', error: readable(refusal.message), ...field, reference }
  return json(refusal.status, body, { ...challenge(refusal), ...refusal.headers })
}

/** The challenge of a 401 (RFC 6750 §3). */
function challenge(refusal: Refusal): Record<string, string> {
  if (refusal.status !== 401) return {}
  const error = refusal.code === 'invalid_token' ? ', error="invalid_token"' : ''
  return { 'www-authenticate': `Bearer realm="Behalf"${error}` }
}

/** Messages quote what was sent: removes control characters and characters that change the direction of the text, and cuts at 600. */
function readable(message: string): string {
  return withoutUnseen(message, '?').slice(0, 600)
}
