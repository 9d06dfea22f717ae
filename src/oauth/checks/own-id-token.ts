import { compactVerify, decodeProtectedHeader } from 'jose'
import type { Site } from '../../site.ts'

/** What an ID token of ours says that matters where it is shown to us again. */
export interface OwnIdToken {
  subject: string
  clientId: string
  /** The uid of the session that it came from, when it names one. */
  sid: string | undefined
}

/** Longer than any ID token that we sign. */
const LONGEST = 16_384

/**
 * Reads an ID token that we signed, for `id_token_hint` (OpenID Connect Core §3.1.2.1); undefined for anything else. Only the key that
 * the header names by its kid counts, by the one algorithm it is for, and never a key that the token brings along (RFC 8725 §3.1). One
 * that has expired is read too, and one whose key signs no more; not one whose key was retired.
 */
export async function readOwnIdToken(token: string, { keys, config }: Site): Promise<OwnIdToken | undefined> {
  const kid = kidOf(token)
  const found = kid === undefined ? undefined : await keys.find(kid)
  if (!found) return undefined
  try {
    const { payload, protectedHeader } = await compactVerify(token, found.key, { algorithms: [found.algorithm] })
    const claims = JSON.parse(new TextDecoder().decode(payload))
    // What else we sign is of another type, or has no end, as userinfo.
    const isIdToken = protectedHeader.typ === 'JWT' && claims.iss === config.issuer && typeof claims.exp === 'number'
    if (!isIdToken || typeof claims.sub !== 'string' || typeof claims.aud !== 'string') return undefined
    const sid = typeof claims.sid === 'string' ? claims.sid : undefined
    return { subject: claims.sub, clientId: claims.aud, sid }
  } catch {
    return undefined
  }
}

function kidOf(token: string): string | undefined {
  try {
    const { kid } = token.length > LONGEST ? {} : decodeProtectedHeader(token)
    return typeof kid === 'string' ? kid : undefined
  } catch {
    return undefined
  }
}
