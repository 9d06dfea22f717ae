import type { Cached } from '../../kit/cached.ts'
import type { LiveToken } from './access-tokens.ts'
import type { ApprovalContext } from './codes.ts'

/** A live access or refresh token, as introspection describes it. */
export interface PresentedToken
  extends Pick<LiveToken, 'chain' | 'scopes' | 'audience' | 'createdAt' | 'expiresAt' | 'cnf'> {
  kind: 'access' | 'refresh'
  authTime: number | null
  /** Only for a refresh token. */
  context: ApprovalContext | undefined
  /** The JSON that introspection answers for it. */
  description: Cached
}

export interface PresentedTokens {
  /** The token of this digest, if it and everything it hangs on are alive. One query for both kinds, found or not. */
  findLive(digest: string, now: number): Promise<PresentedToken | undefined>
}
