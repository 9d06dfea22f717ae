import type { GrantFacts } from './rows.ts'

/** A refresh token as it is stored. */
export interface RefreshToken {
  digest: string
  chainUid: string
  /** What was granted; a refresh may ask for less, which does not shrink this. */
  scopes: readonly string[]
  authTime: number
  facts: GrantFacts
  createdAt: number
  /** When it ends if it is not used before. */
  idleExpiresAt: number
  /** When it ends however much it is used. */
  expiresAt: number
}
