import { tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { RefreshToken } from '../../store/nouns/refresh-tokens.ts'

/** What of an approval is copied to its refresh tokens. */
type Approved = Pick<RefreshToken, 'chainUid' | 'scopes' | 'authTime' | 'context' | 'cnf' | 'createdAt'>

/** A refresh token for a new approval, with the row that is stored; undefined when the app does not get one. */
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

/** When a refresh token that is used now ends if it is not used again: never later than it ends anyway. */
export function idleExpiresAt({ protocol }: App, config: Site['config'], now: number, expiresAt: number): number {
  return Math.min(now + (protocol.refreshTokenIdleLifetime ?? config.refreshTokenIdleLifetime), expiresAt)
}

/** Whether each use makes a new one. An app that can keep no secret has nothing else that shows a copy (RFC 9700 §4.14.2). */
export function doesRotate(app: App): boolean {
  return app.public || (app.protocol.rotateRefreshTokens ?? app.origin !== 'platform')
}

/** Whether the app may use the grant at all, which it may unless it was registered for others (RFC 7591 §2). */
export function mayRefresh({ protocol }: App): boolean {
  return protocol.grantTypes?.includes('refresh_token') ?? true
}

/**
 * An app of the platform's own registration has a token for twenty years, so it gets a refresh token if it asks for one (OpenID Connect
 * Core §11); all others have one hour and get it by themselves.
 */
function isDue(app: App, scopes: readonly string[]): boolean {
  if (!mayRefresh(app)) return false
  const isLongLived = !app.public && app.origin === 'platform'
  const when = app.protocol.refresh ?? (isLongLived ? 'offline_access' : 'always')
  return when === 'always' || (when === 'offline_access' && scopes.includes('offline_access'))
}
