import type { AppOrigin, AppProtocol } from '../../store/nouns/apps.ts'
import type { Holder } from '../../store/nouns/chains.ts'
import type { GrantFacts } from '../../store/nouns/codes.ts'
import type { Keys } from '../keys/keys.ts'
import { signJwt } from '../keys/sign-jwt.ts'
import { algorithmOf, leftHalf } from '../keys/signing-algorithms.ts'
import { holderClaims, personalClaims } from './claims.ts'

/** What an ID token says besides whose it is. */
export interface IdTokenFacts {
  issuer: string
  clientId: string
  holder: Holder
  /** By which `sub` the app knows the holder. */
  subject: string
  scopes: readonly string[]
  /** How the app came to be. */
  origin: AppOrigin
  protocol: AppProtocol
  agreed: GrantFacts
  accessToken: string
  nonce: string | null
  authTime: number
  now: number
  lifetime: number
}

/** Signs an ID token (OpenID Connect Core §2) as its app wants it signed, with the business among its claims. */
export async function signIdToken(keys: Keys, facts: IdTokenFacts): Promise<string> {
  const algorithm = algorithmOf(facts.protocol.idTokenAlg)
  // The platform's apps read name and email here by openid alone; others are told them at userinfo, unless they asked for them here (§5.4).
  const scopes = facts.origin === 'platform' ? facts.scopes : facts.scopes.filter((each) => each !== 'openid')
  const claims = {
    iss: facts.issuer,
    aud: facts.clientId,
    iat: facts.now,
    exp: facts.now + facts.lifetime,
    auth_time: facts.authTime,
    ...(facts.nonce === null ? {} : { nonce: facts.nonce }),
    at_hash: leftHalf(facts.accessToken, algorithm),
    ...(facts.agreed.sid === undefined ? {} : { sid: facts.agreed.sid }),
    ...(facts.agreed.amr === undefined ? {} : { amr: facts.agreed.amr }),
    ...(facts.agreed.acr === undefined ? {} : { acr: facts.agreed.acr }),
    ...holderClaims(facts.holder, scopes, facts.subject),
    ...personalClaims(facts.holder, [], facts.agreed.claims?.id_token),
  }
  return signJwt(keys, algorithm, 'JWT', claims)
}
