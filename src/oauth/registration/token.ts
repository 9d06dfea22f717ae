import { bearerToken } from '../../http/bearer.ts'
import type { Incoming } from '../../http/incoming.ts'
import { Refusal } from '../../kit/refusal.ts'
import { refusal } from '../errors/refusals.ts'

/** The token that a request to register, or about a registration, carries; undefined when there is none. */
export function readRegistrationToken(incoming: Incoming): string | undefined {
  try {
    return bearerToken(incoming)
  } catch (error) {
    throw error instanceof Refusal && error.status === 401 ? wrongToken() : error
  }
}

/** The one answer to a token that is no good here, whatever it is (RFC 6750 §3.1): nobody learns whether there is such a registration. */
export function wrongToken(): Refusal {
  return refusal('registration.wrong-token', {}, challenge(', error="invalid_token"'))
}

/** The answer to no token at all, which names no error in the header (RFC 6750 §3.1). */
export function missingToken(what: string): Refusal {
  return refusal('registration.no-token', { what }, challenge(''))
}

function challenge(error: string) {
  return { headers: { 'www-authenticate': `Bearer realm="Behalf"${error}` } }
}
