import { bearerToken } from '../../http/bearer.ts'
import type { Incoming } from '../../http/incoming.ts'
import { Refusal } from '../../kit/refusal.ts'
import { refusal } from '../errors/refusals.ts'

/** Returns the bearer token of a registration request, or undefined if it has none. */
export function readRegistrationToken(incoming: Incoming): string | undefined {
  try {
    return bearerToken(incoming)
  } catch (error) {
    throw error instanceof Refusal && error.status === 401 ? wrongToken() : error
  }
}

/** The refusal of every wrong token (RFC 6750 §3.1). It does not reveal whether the registration exists. */
export function wrongToken(): Refusal {
  return refusal('registration.wrong-token', {}, challenge(', error="invalid_token"'))
}

/** The refusal of a request without a token. Its header names no error (RFC 6750 §3.1). */
export function missingToken(what: string): Refusal {
  return refusal('registration.no-token', { what }, challenge(''))
}

function challenge(error: string) {
  return { headers: { 'www-authenticate': `Bearer realm="Behalf"${error}` } }
}
