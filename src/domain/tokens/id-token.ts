import type { App } from '../../store/nouns/apps.ts'
import type { Keys } from '../keys/keys.ts'
import { algorithmOf, leftHalf } from '../keys/signing-algorithms.ts'
import type { Approval } from './approval.ts'
import { personalClaims, principalClaims } from './claims.ts'

interface Content {
  issuer: string
  clientId: string
  /** The `sub` of the person for this app. */
  subject: string
  app: Pick<App, 'origin' | 'protocol'>
  approval: Approval
  scopes: readonly string[]
  /** The access token that is sent with it. */
  accessToken: string
  now: number
  /** In seconds. */
  lifetime: number
}

/** Signs an ID token (OpenID Connect Core §2) with the algorithm of its app. Its claims include the business. */
export async function signIdToken(keys: Keys, content: Content): Promise<string> {
  const { app, approval, now } = content
  const { nonce, context, principal } = approval
  const algorithm = algorithmOf(app.protocol.idTokenAlg)
  // Apps of the platform get name and email here with `openid`. Other apps get them from userinfo, unless they request them here (§5.4).
  const scopes = app.origin === 'platform' ? content.scopes : content.scopes.filter((each) => each !== 'openid')
  const claims = {
    iss: content.issuer,
    aud: content.clientId,
    iat: now,
    exp: now + content.lifetime,
    auth_time: approval.authTime,
    nonce: nonce ?? undefined,
    at_hash: leftHalf(content.accessToken, algorithm),
    sid: context.sid,
    amr: context.amr,
    acr: context.acr,
    ...principalClaims(principal, scopes, content.subject),
    ...personalClaims(principal, [], context.claims?.id_token),
  }
  return keys.sign(algorithm, 'JWT', claims)
}
