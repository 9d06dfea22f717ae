import { newSecret } from '../../kit/id.ts'
import type { Holder } from '../../store/nouns/chains.ts'
import type { GrantFacts } from '../../store/nouns/codes.ts'
import type { Keys } from '../keys/keys.ts'
import { signJwt } from '../keys/sign-jwt.ts'
import { USUAL_ALGORITHM } from '../keys/signing-algorithms.ts'

/** What a JWT access token says. */
export interface AccessTokenFacts {
  issuer: string
  clientId: string
  /** Whom this app knows the person as; for an app that speaks for itself its client id (RFC 9068 §2.2). */
  subject: string
  scopes: readonly string[]
  /** The resource it is for, or the issuer for the platform's own API. */
  audience: string
  now: number
  lifetime: number
  /** Who approved, when and how they proved who they are; undefined for an app that speaks for itself. */
  approval?: { holder: Holder; authTime: number; agreed: GrantFacts }
}

/**
 * Signs an access token in JWT form (RFC 9068 §2), so that every API can verify it. It is stored like an opaque one, so that it can be
 * ended at once as well.
 */
export async function signAccessToken(keys: Keys, facts: AccessTokenFacts): Promise<string> {
  const { approval } = facts
  const claims = {
    iss: facts.issuer,
    aud: facts.audience,
    sub: facts.subject,
    client_id: facts.clientId,
    iat: facts.now,
    exp: facts.now + facts.lifetime,
    jti: newSecret(),
    // None is an empty list, which the scope of a token cannot be (RFC 6749 §3.3).
    ...(facts.scopes.length === 0 ? {} : { scope: facts.scopes.join(' ') }),
    ...(approval ? approvalClaims(approval) : {}),
  }
  return signJwt(keys, USUAL_ALGORITHM, 'at+jwt', claims)
}

/** How the person proved who they are (RFC 9068 §2.2.1), and the business that the token is for. */
function approvalClaims({ holder, authTime, agreed }: NonNullable<AccessTokenFacts['approval']>) {
  return {
    auth_time: authTime,
    ...(agreed.acr === undefined ? {} : { acr: agreed.acr }),
    ...(agreed.amr === undefined ? {} : { amr: agreed.amr }),
    business_id: holder.businessUid,
    business_uid: holder.businessUid,
    directory_uid: holder.directoryUid,
  }
}
