import type { AccessToken } from './access-tokens.ts'
import type { Principal } from './chains.ts'
import type { ApprovalContext } from './codes.ts'
import type { Event } from './events.ts'

export interface RefreshToken {
  digest: string
  chainUid: string
  /** The approved scopes. A refresh that requests fewer does not change them. */
  scopes: readonly string[]
  authTime: number
  context: ApprovalContext
  /** The key that its tokens are bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); null or left out for bearer tokens. */
  cnf?: string | null
  createdAt: number
  /** When it expires if it is not used before. */
  idleExpiresAt: number
  /** When it expires even if it is used. */
  expiresAt: number
}

/** A refresh token, live or not, with the current state of what it hangs on. */
export interface IssuedRefreshToken extends RefreshToken {
  /** When a successor replaced it; null until then. */
  rotatedAt: number | null
  /** The successor, with when it expires and how often it was sent again. */
  successor: { digest: string; isUsed: boolean; endsAt: number; repeats: number } | undefined
  appUid: string
  /** Undefined when the chain or anything it hangs on has ended. */
  principal: Principal | undefined
}

/**
 * Each of `rotate`, `renew` and `repeat` stores an access token in the same write. Each returns false and writes nothing when the refresh token
 * was replaced or has expired, or its chain has ended.
 */
export interface RefreshTokens {
  /** The refresh token, live or not. */
  find(digest: string): Promise<IssuedRefreshToken | undefined>
  /** Replaces it by the successor: true for exactly one caller, so that a token never has two successors. */
  rotate(digest: string, at: number, successor: RefreshToken, access: AccessToken, event: Event): Promise<boolean>
  /** Keeps it, with a new time at which it expires if it is not used before. */
  renew(digest: string, at: number, idleExpiresAt: number, access: AccessToken, event: Event): Promise<boolean>
  /** Counts that an unused successor is sent again, because the app repeated its request with the previous token. At most `most` times. */
  repeat(digest: string, at: number, most: number, access: AccessToken, event: Event): Promise<boolean>
}
