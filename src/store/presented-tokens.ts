import type { GrantFacts, Holder } from './rows.ts'

/** A live token of whatever kind, as the server tells of it to somebody who has one in hand. */
export interface PresentedToken {
  kind: 'access' | 'app' | 'refresh'
  appUid: string
  clientId: string
  codeName: string
  /** The app's `protocol`, as JSON, and its first redirect URI. */
  protocolJson: string
  redirectUri: string
  /** The directory that owns the app; null when it is the platform's own. */
  appDirectoryUid: string | null
  scopes: readonly string[]
  /** The resource it is for; null for the platform's own API. */
  audience: string | null
  createdAt: number
  expiresAt: number
  lastUsedAt: number | null
  /** Whom it speaks for; undefined for an app that speaks for itself. */
  holder: Holder | undefined
  authTime: number | null
  /** What was agreed, where that is kept with the token. */
  facts: GrantFacts | undefined
}

export interface PresentedTokens {
  /** The token of this digest, if it and all that it hangs on is alive. One query for every kind, found or not. */
  findLive(digest: string, now: number): Promise<PresentedToken | undefined>
}
