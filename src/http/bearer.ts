import { isToken } from '../kit/id.ts'
import type { Incoming } from './incoming.ts'
import { refuse } from './refusals.ts'

/** The three base64url pieces of a JWT (RFC 7515 §7.1). */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/
const MAX_JWT_LENGTH = 8192

/**
 * Returns the token of the Authorization header (RFC 6750 §2.1), opaque or a JWT. Undefined without the header or with another scheme:
 * both get a challenge without an error code (RFC 6750 §3.1). Throws a 400 for an ambiguous header (sent twice, a list, text before or
 * after the token), and a 401 with `invalid_token` for a token of any other shape.
 */
export function bearerToken(incoming: Incoming): string | undefined {
  const header = incoming.header('authorization')
  if (header === undefined) return undefined
  // A proxy may have joined two headers (`Bearer …, Basic …`). Choosing one of them would be a guess.
  if (header.includes(',') && /\bbearer\b/i.test(header)) refuse('bearer.several')
  if (!/^bearer(?![\w.-])/i.test(header)) return undefined
  const token = /^bearer +([^\s]+)$/i.exec(header)?.[1]
  if (token === undefined) return refuse('bearer.malformed')
  if (isToken(token) || (token.length <= MAX_JWT_LENGTH && JWT.test(token))) return token
  return refuse('bearer.foreign')
}
