import { newEvent } from '../../domain/audit/events.ts'
import { signAccessToken } from '../../domain/tokens/access-token.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import { narrowScopes } from '../checks/resource.ts'
import type { AppPermission } from './app-permission.ts'
import type { TokenResponse } from './token-response.ts'

/** The token of an app that speaks for itself: short, with no ID token and no refresh token (RFC 6749 §4.4.3). */
export async function issueToApp(permission: AppPermission, site: Site): Promise<TokenResponse> {
  const { app, resource } = permission
  const { config, keys, clock } = site
  const now = clock.now()
  const scopes = narrowScopes(permission.scopes, resource)
  const lifetime = resource?.tokenLifetime ?? config.appTokenLifetime
  const token =
    (resource?.tokenFormat ?? app.accessTokenFormat) === 'jwt'
      ? await signAccessToken(keys, {
          issuer: config.issuer,
          clientId: app.clientId,
          subject: app.clientId,
          scopes,
          audience: resource?.identifier ?? config.issuer,
          now,
          lifetime,
        })
      : newToken(now)
  const row = {
    digest: tokenDigest(token),
    appUid: app.uid,
    scopes,
    audience: resource?.identifier ?? null,
    createdAt: now,
    expiresAt: now + lifetime,
  }
  await permission.mint(row, newEvent('token.issued', now, { actor: `app:${app.uid}`, appUid: app.uid }))
  return {
    access_token: token,
    token_type: 'bearer',
    expires_in: lifetime,
    created_at: now,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  }
}
