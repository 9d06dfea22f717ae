import { isToken } from '../kit/id.ts'
import type { Incoming } from './incoming.ts'
import { refuse } from './refusals.ts'

/** The three base64url pieces of a JWT (RFC 7515 §7.1). */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/
const LONGEST = 8192

/**
 * The one token of the Authorization header (RFC 6750 §2.1), opaque or JWT-shaped. Undefined when nothing was sent or another scheme
 * was used: the answer to both is a challenge without an error code (RFC 6750 §3.1). Refuses with 400 a header that could mean two
 * things — sent twice, a list, something before or behind the token — and with 401 and `invalid_token` a token of neither shape.
 */
export function bearerToken(incoming: Incoming): string | undefined {
  const header = incoming.header('authorization')
  if (header === undefined) return undefined
  // Two headers that a proxy has joined arrive as `Bearer …, Basic …`; no part of them is to be chosen over the other.
  if (header.includes(',') && /\bbearer\b/i.test(header)) {
    refuse('bearer.several')
  }
  if (!/^bearer(?![\w.-])/i.test(header)) return undefined
  const token = /^bearer ([^\s]+)$/i.exec(header)?.[1]
  if (token === undefined) {
    return refuse('bearer.malformed')
  }
  if (isToken(token) || (token.length <= LONGEST && JWT.test(token))) return token
  return refuse('bearer.foreign')
}
