import { signAccessToken } from '../domain/access-token.ts'
import { newEvent } from '../domain/events.ts'
import { signIdToken } from '../domain/id-token.ts'
import { tokenDigest } from '../kit/digest.ts'
import { newToken } from '../kit/id.ts'
import type { Site } from '../site.ts'
import type { AccessToken, App } from '../store/rows.ts'
import type { Permission } from './permission.ts'
import { newRefreshToken } from './refresh.ts'

/** The successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3); `expires_in` and `created_at` in seconds. */
export interface TokenResponse {
  access_token: string
  token_type: 'bearer'
  expires_in: number
  created_at: number
  scope: string
  id_token?: string
  refresh_token?: string
}

/** Permission → tokens → response body, for every grant. Signs first and stores last, so that nothing is stored that cannot be sent. */
export async function issue(permission: Permission, site: Site): Promise<TokenResponse> {
  const { app, holder, scopes, grantedScopes, chainUid, facts: agreed, resource } = permission
  const { config, keys, clock } = site
  const now = clock.now()
  const lifetime = resource?.tokenLifetime ?? lifetimeFor(app, config)
  const facts = { issuer: config.issuer, clientId: app.clientId, protocol: app.protocol, holder, scopes, agreed, now }
  const accessToken =
    (resource?.tokenFormat ?? app.accessTokenFormat) === 'jwt'
      ? await signAccessToken(keys, {
          ...facts,
          lifetime,
          audience: resource?.identifier ?? config.issuer,
          authTime: permission.authTime,
        })
      : newToken(now)
  const refresh = newRefreshToken(permission, site, now)
  const idToken = scopes.includes('openid')
    ? await signIdToken(keys, {
        ...facts,
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
    scopes: scopes.length === grantedScopes.length ? null : scopes,
    audience: resource?.identifier ?? null,
    claims: agreed.claims?.userinfo ? JSON.stringify(agreed.claims.userinfo) : null,
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
    scope: scopes.join(' '),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  }
}

function lifetimeFor(app: App, config: Site['config']): number {
  return app.accessTokenLifetime ?? (app.public ? config.publicAccessTokenLifetime : config.accessTokenLifetime)
}
