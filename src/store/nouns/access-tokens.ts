import type { Cached } from '../../kit/cached.ts'
import type { App } from './apps.ts'
import type { LiveChain } from './chains.ts'
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
  /** The key it is bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); left out or null for a bearer token. */
  cnf?: string | null
  createdAt: number
  expiresAt: number
}

/** An access token that is alive with its chain and everything that the chain hangs on. */
export interface LiveToken {
  chainUid: string
  scopes: readonly string[]
  createdAt: number
  expiresAt: number
  /** The resource it is for; null for the platform's own API. */
  audience: string | null
  /** Claims asked for at userinfo by name, as JSON. */
  claims: string | null
  /** The key it is bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); null for a bearer token. */
  cnf: string | null
  chain: LiveChain
  /** What userinfo answers for it, as JSON. */
  claimsJson: Cached
}

export interface AccessTokens {
  /**
   * Stores a token that the app asks for itself (RFC 6749 §4.4), on the app's own chain, which begins with its first token. False, with
   * nothing written, when the app is no longer alive, or its scopes or protocol are no longer as they were when it was read.
   */
  addForApp(
    token: Omit<AccessToken, 'chainUid'> & { scopes: readonly string[] },
    app: Pick<App, 'uid' | 'scopes' | 'protocol'>,
    event: Event,
  ): Promise<boolean>
  /** The token with everything it hangs on, if all of it is alive. One query. */
  findLive(digest: string, now: number): Promise<LiveToken | undefined>
  end(digest: string, at: number, event: Event): Promise<boolean>
  /** Records the last use of several tokens, except where one is recorded within `notWithin` seconds before it. */
  recordUse(uses: readonly { digest: string; at: number }[], notWithin?: number): Promise<void>
  /** When a token was last used, as far as that is recorded: null for never, undefined where there is no such token. */
  findLastUsed(digest: string): Promise<number | null | undefined>
}
