import { compactVerify, decodeProtectedHeader } from 'jose'
import type { Site } from '../../site.ts'

/** The claims of one of our ID tokens that count when it is sent back to us. */
export interface OwnIdToken {
  subject: string
  clientId: string
  /** The uid of the session that it came from. */
  sid: string | undefined
}

/** No ID token that we sign is longer, in characters. */
const MAX_LENGTH = 16_384

/**
 * Reads an ID token that we signed, for `id_token_hint` (OpenID Connect Core §3.1.2.1). Returns undefined for anything else. Only our key
 * with the kid of the header is accepted, with its one algorithm, and never a key in the token (RFC 8725 §3.1). The token may have expired,
 * and its key may be an old one, unless that key was retired.
 */
export async function readOwnIdToken(token: string, { keys, config }: Site): Promise<OwnIdToken | undefined> {
  const kid = kidOf(token)
  const found = kid === undefined ? undefined : await keys.find(kid)
  if (!found) return undefined
  try {
    const { payload, protectedHeader } = await compactVerify(token, found.key, { algorithms: [found.algorithm] })
    const claims = JSON.parse(new TextDecoder().decode(payload))
    // Other JWTs that we sign have another type, or no exp (userinfo). Access tokens may have the same type, but they have a client_id.
    const isIdToken = protectedHeader.typ === 'JWT' && typeof claims.exp === 'number' && claims.client_id === undefined
    if (!isIdToken || claims.iss !== config.issuer || typeof claims.sub !== 'string' || typeof claims.aud !== 'string')
      return undefined
    const sid = typeof claims.sid === 'string' ? claims.sid : undefined
    return { subject: claims.sub, clientId: claims.aud, sid }
  } catch {
    return undefined
  }
}

function kidOf(token: string): string | undefined {
  try {
    const { kid } = token.length > MAX_LENGTH ? {} : decodeProtectedHeader(token)
    return typeof kid === 'string' ? kid : undefined
  } catch {
    return undefined
  }
}
