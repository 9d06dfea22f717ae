import { issuedEvent } from '../../domain/audit/new-event.ts'
import { signAccessToken } from '../../domain/tokens/access-token.ts'
import type { Approval } from '../../domain/tokens/approval.ts'
import { mayKnowEmail } from '../../domain/tokens/claims.ts'
import { signIdToken } from '../../domain/tokens/id-token.ts'
import { tokenClaims } from '../../domain/tokens/token-claims.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { Permission, Proof } from './permission.ts'

/** The successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3); `expires_in` and `created_at` in seconds. */
export interface TokenResponse {
  access_token: string
  token_type: 'bearer'
  expires_in: number
  /** Left out for apps that introduced themselves: their libraries know only what the standards have. */
  created_at?: number
  /** Left out if an app gets a token for itself without any scope. */
  scope?: string
  id_token?: string
  refresh_token?: string
}

/** Makes and stores the tokens of a permission, for every grant. Signs first, so that nothing is stored if signing fails. */
export async function issue(
  permission: Permission,
  proof: Proof | undefined,
  { clock, config, keys, scopes: catalogue, subjects }: Site,
): Promise<TokenResponse> {
  const { app, approval, target, scopes } = permission
  const now = clock.now()
  const lifetime = lifetimeOf(permission, config)
  const cnf = proof?.cnf ?? approval?.cnf ?? null
  const about = {
    issuer: config.issuer,
    clientId: app.clientId,
    subject: approval ? subjects.of(app, approval.principal.staffUid) : app.clientId,
    now,
  }
  const accessToken =
    (target.resource?.tokenFormat ?? app.accessTokenFormat) === 'jwt'
      ? await signAccessToken(keys, {
          ...about,
          scopes: target.scopes,
          audience: target.resource?.identifier ?? config.issuer,
          lifetime,
          typ: target.resource?.tokenTyp ?? 'at+jwt',
          about: tokenClaims(target.resource, approval?.principal, mayKnowEmail(target.scopes, app.origin)),
          approval,
          cnf,
        })
      : newToken(now)
  const idToken =
    approval && scopes.includes('openid')
      ? await signIdToken(
          keys,
          { ...about, app, approval, scopes, accessToken, lifetime: config.idTokenLifetime },
          catalogue,
        )
      : undefined
  const access = {
    digest: tokenDigest(accessToken),
    scopes: approval && target.scopes.length === approval.scopes.length ? null : target.scopes,
    audience: target.resource?.identifier ?? null,
    claims: approval ? userinfoClaims(approval, target.scopes) : null,
    cnf,
    createdAt: now,
    expiresAt: now + lifetime,
  }
  const refreshToken = await permission.mint(access, issuedEvent(app, approval?.chainUid, now))
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: lifetime,
    ...(app.origin === 'platform' ? { created_at: now } : {}),
    ...(approval || target.scopes.length > 0 ? { scope: target.scopes.join(' ') } : {}),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  }
}

/** Returns the lifetime in seconds. It is short for public apps, apps that the platform did not register, and tokens for the app itself. */
function lifetimeOf({ app, approval, target }: Permission, config: Site['config']): number {
  const isShort = app.public || app.origin !== 'platform'
  const usual = isShort ? config.publicAccessTokenLifetime : config.accessTokenLifetime
  return target.resource?.tokenLifetime ?? (approval ? (app.accessTokenLifetime ?? usual) : config.appTokenLifetime)
}

/** Returns the claims requested by name for userinfo, as JSON, or null if the token no longer has the scope `openid` of its approval. */
function userinfoClaims({ context, scopes }: Approval, allowed: readonly string[]): string | null {
  const { claims } = context
  if (!claims?.userinfo || (scopes.includes('openid') && !allowed.includes('openid'))) return null
  return JSON.stringify(claims.userinfo)
}
