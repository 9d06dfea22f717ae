import type { App } from '../../store/nouns/apps.ts'
import type { Keys } from '../keys/keys.ts'
import { algorithmOf, leftHalf } from '../keys/signing-algorithms.ts'
import type { Approval } from './approval.ts'
import { BUSINESS_CLAIMS } from './claim-names.ts'
import { claimsAbout, grantedClaims, mayKnowEmail } from './claims.ts'
import type { Scopes } from './scopes.ts'

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
export async function signIdToken(keys: Keys, content: Content, catalogue: Scopes): Promise<string> {
  const { app, approval, now } = content
  const { nonce, context, principal } = approval
  const algorithm = algorithmOf(app.protocol.idTokenAlg)
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
    sub: content.subject,
    ...claimsAbout(principal, [...fixedClaims(content, catalogue), ...Object.keys(context.claims?.id_token ?? {})], {
      knowsEmail: mayKnowEmail(content.scopes, app.origin),
      groupsTemplate: app.protocol.groupsTemplate,
    }),
  }
  return keys.sign(algorithm, 'JWT', claims)
}

/**
 * Returns the claims that need not be requested in the ID token by name. By default, only apps that the platform registered have any, because
 * the libraries of the field look for them there. The others use userinfo (§5.4).
 */
function fixedClaims({ app, scopes }: Content, catalogue: Scopes): readonly string[] {
  const isFull = (app.protocol.idTokenClaims ?? (app.origin === 'platform' ? 'granted' : 'requested')) === 'granted'
  if (!isFull) return []
  const names = [...BUSINESS_CLAIMS, ...grantedClaims(scopes, app.origin, catalogue)]
  // The platform's apps read the name here with `openid` alone.
  return app.origin === 'platform' ? [...names, 'name'] : names
}
