import { tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { RefreshToken } from '../../store/nouns/refresh-tokens.ts'

/** The part of an approval that is copied to its refresh tokens. */
type Approved = Pick<RefreshToken, 'chainUid' | 'scopes' | 'authTime' | 'context' | 'cnf' | 'createdAt'>

/** Returns a refresh token for a new approval, with the row to store, or undefined if the app does not get one. */
export function newRefreshToken(
  { app, chainUid, scopes, authTime, context, cnf, createdAt }: Approved & { app: App },
  { config }: Pick<Site, 'config'>,
): { token: string; row: RefreshToken } | undefined {
  if (!isDue(app, scopes)) return undefined
  const token = newToken(createdAt)
  const expiresAt = createdAt + (app.protocol.refreshTokenLifetime ?? config.refreshTokenLifetime)
  const idle = idleExpiresAt(app, config, createdAt, expiresAt)
  const approved = { chainUid, scopes, authTime, context, cnf: cnf ?? null, createdAt }
  return { token, row: { digest: tokenDigest(token), ...approved, idleExpiresAt: idle, expiresAt } }
}

/** Returns when a refresh token that is used now expires if it is not used again: at the latest when it expires anyway. */
export function idleExpiresAt({ protocol }: App, config: Site['config'], now: number, expiresAt: number): number {
  return Math.min(now + (protocol.refreshTokenIdleLifetime ?? config.refreshTokenIdleLifetime), expiresAt)
}

/** Whether each use replaces the refresh token. For a public app, nothing else reveals a stolen copy (RFC 9700 §4.14.2). */
export function doesRotate(app: App): boolean {
  return app.public || (app.protocol.rotateRefreshTokens ?? app.origin !== 'platform')
}

/** Whether the app may use the grant: it may, unless it is registered for other grants only (RFC 7591 §2). */
export function mayRefresh({ protocol }: App): boolean {
  return protocol.grantTypes?.includes('refresh_token') ?? true
}

/**
 * Whether the app gets a refresh token. By default, confidential apps that the platform registered get one only if they ask for it (OpenID
 * Connect Core §11), because their access tokens live long. All other apps get one.
 */
function isDue(app: App, scopes: readonly string[]): boolean {
  if (!mayRefresh(app)) return false
  const isLongLived = !app.public && app.origin === 'platform'
  const when = app.protocol.refresh ?? (isLongLived ? 'offline_access' : 'always')
  return when === 'always' || (when === 'offline_access' && scopes.includes('offline_access'))
}
