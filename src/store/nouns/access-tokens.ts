import type { Cached } from '../../kit/cached.ts'
import type { Links } from './chains.ts'
import type { Event } from './events.ts'

export interface AccessToken {
  digest: string
  chainUid: string
  /** What it allows, where that is less than its chain; null for all of it. */
  scopes: readonly string[] | null
  /** The resource it is for (RFC 8707); left out for the platform's own API. */
  audience?: string | null
  /** Claims asked for at userinfo by name, as JSON. */
  claims?: string | null
  createdAt: number
  expiresAt: number
}

/** An access token whose own row, chain, install, app, business, directory and staff membership are all alive. */
export interface LiveToken {
  chainUid: string
  scopes: readonly string[]
  createdAt: number
  expiresAt: number
  /** The resource it is for; null for the platform's own API. */
  audience: string | null
  /** Claims asked for at userinfo by name, as JSON. */
  claims: string | null
  links: Links
  /** What userinfo answers for it, as JSON. */
  claimsJson: Cached
}

export interface AccessTokens {
  /** The token with everything it hangs on, if all of it is alive. One query. */
  findLive(digest: string, now: number): Promise<LiveToken | undefined>
  end(digest: string, at: number, event: Event): Promise<boolean>
  /** Records the last use of several tokens, except where one is recorded within `notWithin` seconds before it. */
  recordUse(uses: readonly { digest: string; at: number }[], notWithin?: number): Promise<void>
  /** When a token was last used, as far as that is recorded: null for never, undefined where there is no such token. */
  findLastUsed(digest: string): Promise<number | null | undefined>
}
