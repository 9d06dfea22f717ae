import type { Cached } from '../../kit/cached.ts'
import type { Holder, Links } from './chains.ts'
import type { GrantFacts } from './codes.ts'

/** A live token of whatever kind, as the server tells of it to somebody who has one in hand. */
export interface PresentedToken {
  kind: 'access' | 'app' | 'refresh'
  /** The app that it was given to. */
  app: Omit<Links, 'holder'>
  scopes: readonly string[]
  /** The resource it is for; null for the platform's own API. */
  audience: string | null
  createdAt: number
  expiresAt: number
  /** Whom it speaks for; undefined for an app that speaks for itself. */
  holder: Holder | undefined
  authTime: number | null
  /** What was agreed, where that is kept with the token. */
  facts: GrantFacts | undefined
  /** What introspection answers for it, as JSON. */
  description: Cached
}

export interface PresentedTokens {
  /** The token of this digest, if it and all that it hangs on is alive. One query for every kind, found or not. */
  findLive(digest: string, now: number): Promise<PresentedToken | undefined>
}
