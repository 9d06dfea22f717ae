import type { App } from '../../store/nouns/apps.ts'
import type { Keys } from '../keys/keys.ts'
import { algorithmOf, leftHalf } from '../keys/signing-algorithms.ts'
import type { Approval } from './approval.ts'
import { personalClaims, principalClaims } from './claims.ts'

/** What an ID token says. */
interface Content {
  issuer: string
  clientId: string
  /** The `sub` by which the app knows the person. */
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

/** Signs an ID token (OpenID Connect Core §2) by the algorithm of its app, with the business among its claims. */
export async function signIdToken(keys: Keys, content: Content): Promise<string> {
  const { app, approval, now } = content
  const { nonce, context, principal } = approval
  const algorithm = algorithmOf(app.protocol.idTokenAlg)
  // Apps of the platform get name and email here by `openid` alone; other apps get them at userinfo, unless they request them here (§5.4).
  const scopes = app.origin === 'platform' ? content.scopes : content.scopes.filter((each) => each !== 'openid')
  const claims = {
    iss: content.issuer,
    aud: content.clientId,
    iat: now,
    exp: now + content.lifetime,
    auth_time: approval.authTime,
    ...(nonce === null ? {} : { nonce }),
    at_hash: leftHalf(content.accessToken, algorithm),
    ...(context.sid === undefined ? {} : { sid: context.sid }),
    ...(context.amr === undefined ? {} : { amr: context.amr }),
    ...(context.acr === undefined ? {} : { acr: context.acr }),
    ...principalClaims(principal, scopes, content.subject),
    ...personalClaims(principal, [], context.claims?.id_token),
  }
  return keys.sign(algorithm, 'JWT', claims)
}
