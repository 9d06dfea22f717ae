import type { AccessToken } from './access-tokens.ts'
import type { Principal } from './chains.ts'
import type { ApprovalContext } from './codes.ts'
import type { Event } from './events.ts'

/** A refresh token as it is stored. */
export interface RefreshToken {
  digest: string
  chainUid: string
  /** What was granted; a refresh may ask for less, which does not shrink this. */
  scopes: readonly string[]
  authTime: number
  context: ApprovalContext
  /** The key that its tokens are bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); left out or null for bearer tokens. */
  cnf?: string | null
  createdAt: number
  /** When it ends if it is not used before. */
  idleExpiresAt: number
  /** When it ends however much it is used. */
  expiresAt: number
}

/** A refresh token with what stands behind it at this moment, whether it may still be used or not. */
export interface IssuedRefreshToken extends RefreshToken {
  /** When another one took its place; null while it is good itself. */
  rotatedAt: number | null
  /** The one that took its place, with when it ends and how often it was given again. */
  successor: { digest: string; isUsed: boolean; endsAt: number; repeats: number } | undefined
  appUid: string
  /** Whose it is; undefined when the chain or anything it hangs on has ended. */
  principal: Principal | undefined
}

/**
 * Each of the three uses mints an access token in the same write, and says false, with nothing written, when the refresh token was
 * replaced, has ended or is past its time, or its chain has ended.
 */
export interface RefreshTokens {
  /** The refresh token, alive or not. Finding one uses nothing. */
  find(digest: string): Promise<IssuedRefreshToken | undefined>
  /** Puts the successor in its place: true for exactly one caller, so that no family ever forks. */
  rotate(digest: string, at: number, successor: RefreshToken, access: AccessToken, event: Event): Promise<boolean>
  /** Leaves it in its place, to end at another time if it is not used before. */
  renew(digest: string, at: number, idleExpiresAt: number, access: AccessToken, event: Event): Promise<boolean>
  /** Sends an unused successor again to an app that repeats its request with the token before it; counts it, `most` times at the most. */
  repeat(digest: string, at: number, most: number, access: AccessToken, event: Event): Promise<boolean>
}
