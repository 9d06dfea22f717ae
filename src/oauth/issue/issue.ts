import { newEvent } from '../../domain/audit/events.ts'
import { signAccessToken } from '../../domain/tokens/access-token.ts'
import { signIdToken } from '../../domain/tokens/id-token.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { AccessToken } from '../../store/nouns/access-tokens.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { GrantFacts } from '../../store/nouns/codes.ts'
import { narrowScopes } from '../checks/resource.ts'
import { newRefreshToken } from '../refresh/refresh.ts'
import type { AppPermission } from './app-permission.ts'
import { issueToApp } from './issue-to-app.ts'
import type { Permission } from './permission.ts'
import type { TokenResponse } from './token-response.ts'

/** Permission → tokens → response body, for every grant. Signs first and stores last, so that nothing is stored that cannot be sent. */
export async function issue(permission: Permission | AppPermission, site: Site): Promise<TokenResponse> {
  if (permission.holder === null) return issueToApp(permission, site)
  const { app, holder, scopes, grantedScopes, chainUid, facts: agreed, resource } = permission
  const { config, keys, clock } = site
  const now = clock.now()
  const lifetime = resource?.tokenLifetime ?? lifetimeFor(app, config)
  const allowed = narrowScopes(scopes, resource)
  const subject = site.subjects.of(app, holder.staffUid)
  const named = { issuer: config.issuer, clientId: app.clientId, protocol: app.protocol, holder, subject }
  const facts = { ...named, scopes, agreed, now }
  const accessToken =
    (resource?.tokenFormat ?? app.accessTokenFormat) === 'jwt'
      ? await signAccessToken(keys, {
          ...facts,
          scopes: allowed,
          lifetime,
          audience: resource?.identifier ?? config.issuer,
          approval: { holder, authTime: permission.authTime, agreed },
        })
      : newToken(now)
  const refresh = newRefreshToken(permission, site, now)
  const idToken = scopes.includes('openid')
    ? await signIdToken(keys, {
        ...facts,
        origin: app.origin,
        accessToken,
        nonce: permission.nonce,
        authTime: permission.authTime,
        lifetime: config.idTokenLifetime,
      })
    : undefined
  // The chain knows the business and the person; named here too, each exchange would write to a page of its own.
  const event = newEvent('token.issued', now, { actor: `app:${app.uid}`, subject: chainUid })
  const digest = tokenDigest(accessToken)
  const access: AccessToken = {
    digest,
    chainUid,
    scopes: allowed.length === grantedScopes.length ? null : allowed,
    audience: resource?.identifier ?? null,
    claims: userinfoClaims(agreed, grantedScopes, allowed),
    createdAt: now,
    expiresAt: now + lifetime,
  }
  await permission.mint({ access, refresh: refresh?.row }, event)
  const refreshToken = typeof permission.refresh === 'object' ? permission.refresh.token : refresh?.token
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: lifetime,
    created_at: now,
    scope: allowed.join(' '),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  }
}

/** What the app wants told by name at userinfo. A token that was narrowed so as not to say who the person is does not say it so either. */
function userinfoClaims({ claims }: GrantFacts, granted: readonly string[], allowed: readonly string[]): string | null {
  if (!claims?.userinfo || (granted.includes('openid') && !allowed.includes('openid'))) return null
  return JSON.stringify(claims.userinfo)
}

/** Short where the app gets refresh tokens by itself, or where nobody of the platform has looked at it. */
function lifetimeFor(app: App, config: Site['config']): number {
  const isShort = app.public || app.origin !== 'platform'
  return app.accessTokenLifetime ?? (isShort ? config.publicAccessTokenLifetime : config.accessTokenLifetime)
}
