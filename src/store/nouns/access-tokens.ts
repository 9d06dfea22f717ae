import type { Cached } from '../../kit/cached.ts'
import type { App } from './apps.ts'
import type { LiveChain } from './chains.ts'
import type { Event } from './events.ts'

export interface AccessToken {
  digest: string
  chainUid: string
  /** The scopes, if they are fewer than those of its chain; null for the same scopes. */
  scopes: readonly string[] | null
  /** The resource it is for (RFC 8707); null or left out for the platform's own API. */
  audience?: string | null
  /** The claims that the app requested by name from userinfo, as JSON. */
  claims?: string | null
  /** The key it is bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); left out or null for a bearer token. */
  cnf?: string | null
  createdAt: number
  expiresAt: number
}

/** A live access token, with its scopes filled in and everything that its chain hangs on alive. */
export interface LiveToken extends Required<Omit<AccessToken, 'digest' | 'scopes'>> {
  scopes: readonly string[]
  chain: LiveChain
  /** The JSON that userinfo answers for it. */
  claimsJson: Cached
}

export interface AccessTokens {
  /**
   * Stores a token that an app gets for itself (RFC 6749 §4.4) on the app's own chain, which begins with its first token. Returns false and
   * writes nothing when the app has ended, or its scopes or protocol have changed since it was read.
   */
  addForApp(
    token: Omit<AccessToken, 'chainUid'> & { scopes: readonly string[] },
    app: Pick<App, 'uid' | 'scopes' | 'protocol'>,
    event: Event,
  ): Promise<boolean>
  /** The token, if it and everything it hangs on are alive. One query. */
  findLive(digest: string, now: number): Promise<LiveToken | undefined>
  end(digest: string, at: number, event: Event): Promise<boolean>
  /** Records the last use of several tokens. Skips a token whose last recorded use is less than `notWithin` seconds earlier. */
  recordUse(uses: readonly { digest: string; at: number }[], notWithin?: number): Promise<void>
  /** When the last recorded use of a token was: null for never, undefined when there is no such token. */
  findLastUsed(digest: string): Promise<number | null | undefined>
}
