import type { Cached } from '../../kit/cached.ts'
import type { LiveChain } from './chains.ts'
import type { ApprovalContext } from './codes.ts'

/** A live token of either kind, as introspection describes it. */
export interface PresentedToken {
  kind: 'access' | 'refresh'
  chain: LiveChain
  scopes: readonly string[]
  /** The resource it is for; null for the platform's own API. */
  audience: string | null
  createdAt: number
  expiresAt: number
  authTime: number | null
  /** The context of its approval, where that is kept with the token. */
  context: ApprovalContext | undefined
  /** The key it is bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); null for a bearer token. */
  cnf: string | null
  /** What introspection answers for it, as JSON. */
  description: Cached
}

export interface PresentedTokens {
  /** The token of this digest, if it and all that it hangs on is alive. One query for both kinds, found or not. */
  findLive(digest: string, now: number): Promise<PresentedToken | undefined>
}
