import { SignJWT } from 'jose'
import { newSecret } from '../kit/id.ts'
import type { AppProtocol, GrantFacts, Holder } from '../store/rows.ts'
import type { Keys } from './keys.ts'

/** What a JWT access token says. */
export interface AccessTokenFacts {
  issuer: string
  clientId: string
  holder: Holder
  scopes: readonly string[]
  protocol: AppProtocol
  agreed: GrantFacts
  /** The resource it is for, or the issuer for the platform's own API. */
  audience: string
  authTime: number
  now: number
  lifetime: number
}

/** Signs an access token in JWT form (RFC 9068 §2). It is stored like an opaque one, so that it can be ended at once as well. */
export async function signAccessToken(keys: Keys, facts: AccessTokenFacts): Promise<string> {
  const { kid, key } = await keys.signing('RS256')
  const { holder } = facts
  const claims = {
    iss: facts.issuer,
    aud: facts.audience,
    sub: holder.staffUid,
    client_id: facts.clientId,
    iat: facts.now,
    exp: facts.now + facts.lifetime,
    jti: newSecret(),
    scope: facts.scopes.join(' '),
    business_id: holder.businessUid,
    business_uid: holder.businessUid,
    directory_uid: holder.directoryUid,
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid }).sign(key)
}
