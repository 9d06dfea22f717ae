import { isToken } from '../kit/id.ts'
import { Refusal } from '../kit/refusal.ts'
import type { Incoming } from './incoming.ts'
import { Malformed } from './params.ts'

/** The three base64url pieces of a JWT (RFC 7515 §7.1). */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/
const LONGEST = 8192

/** A token that is not, or no longer, one of ours: the `invalid_token` of RFC 6750 §3.1. */
export class ForeignToken extends Refusal {
  constructor(sentence: string) {
    super(401, sentence)
  }
}

/**
 * The one token of the Authorization header (RFC 6750 §2.1), opaque or JWT-shaped. Undefined when nothing was sent or another scheme
 * was used: the answer to both is a challenge without an error code (RFC 6750 §3.1). Throws Malformed (400) for a header that could
 * mean two things — sent twice, a list, something before or behind the token — and ForeignToken (401) for a token of neither shape.
 */
export function bearerToken(incoming: Incoming): string | undefined {
  const header = incoming.header('authorization')
  if (header === undefined) return undefined
  // Two headers that a proxy has joined arrive as `Bearer …, Basic …`; no part of them is to be chosen over the other.
  if (header.includes(',') && /\bbearer\b/i.test(header)) {
    throw new Malformed('The header Authorization holds more than one credential; send one Bearer token.')
  }
  if (!/^bearer(?![\w.-])/i.test(header)) return undefined
  const token = /^bearer ([^\s]+)$/i.exec(header)?.[1]
  if (token === undefined) {
    throw new Malformed('The header Authorization must be the word Bearer, one space and one token, and nothing else.')
  }
  if (isToken(token) || (token.length <= LONGEST && JWT.test(token))) return token
  throw new ForeignToken('The token in the header Authorization is not one of ours.')
}
