import { createHash } from 'node:crypto'
import { SignJWT } from 'jose'
import type { AppProtocol, GrantFacts, Holder } from '../store/rows.ts'
import { holderClaims } from './claims.ts'
import type { Keys } from './keys.ts'

/** What an ID token says besides whose it is. */
export interface IdTokenFacts {
  issuer: string
  clientId: string
  holder: Holder
  scopes: readonly string[]
  protocol: AppProtocol
  agreed: GrantFacts
  accessToken: string
  nonce: string | null
  authTime: number
  now: number
  lifetime: number
}

/** Signs an ID token (OpenID Connect Core §2), with the business among its claims, as the platform's apps read it. */
export async function signIdToken(keys: Keys, facts: IdTokenFacts): Promise<string> {
  const { kid, key } = await keys.signing('RS256')
  const claims = {
    iss: facts.issuer,
    aud: facts.clientId,
    iat: facts.now,
    exp: facts.now + facts.lifetime,
    auth_time: facts.authTime,
    ...(facts.nonce === null ? {} : { nonce: facts.nonce }),
    at_hash: leftHalf(facts.accessToken),
    ...holderClaims(facts.holder, facts.scopes),
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(key)
}

/** The left half of the token's SHA-256 (OpenID Connect Core §3.1.3.6). */
function leftHalf(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
}
