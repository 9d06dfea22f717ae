import type { App } from './apps.ts'
import type { Event } from './events.ts'

/** An access token of an app that speaks for itself alone (RFC 6749 §4.4): no person and no business stands behind it. */
export interface AppToken {
  digest: string
  appUid: string
  scopes: readonly string[]
  /** The resource it is for; null for the platform's own API. */
  audience: string | null
  createdAt: number
  expiresAt: number
}

/** One whose own row, app and directory are alive. */
export interface LiveAppToken extends AppToken {
  clientId: string
}

export interface AppTokens {
  /** True, unless the app is no longer alive, or no longer scoped and set as it was when it was read: then nothing is written. */
  add(token: AppToken, app: App, event: Event): Promise<boolean>
  findLive(digest: string, now: number): Promise<LiveAppToken | undefined>
  end(digest: string, at: number, event: Event): Promise<boolean>
}
