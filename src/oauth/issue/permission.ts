import type { App } from '../../store/nouns/apps.ts'
import type { Holder } from '../../store/nouns/chains.ts'
import type { GrantFacts, Minted } from '../../store/nouns/codes.ts'
import type { Event } from '../../store/nouns/events.ts'

/** What a grant has proved: who may do what for whom. Issuing makes tokens of it, the same way for every grant. */
export interface Permission {
  app: App
  chainUid: string
  /** What the access token shall allow. */
  scopes: readonly string[]
  /** What was granted; the same, unless the app has asked for less this time. */
  grantedScopes: readonly string[]
  holder: Holder
  nonce: string | null
  authTime: number
  facts: GrantFacts
  /** The resource the access token is for (RFC 8707 §2.2); undefined for the platform's own API. */
  resource: Resource | undefined
  /** The refresh token that goes with the answer: one that exists, a new one if the app is due one, or none. */
  refresh: { token: string } | 'if-due' | 'none'
  /**
   * Stores the tokens and, in the same write, spends what the permission was proved with; throws the grant's refusal when that was
   * spent by somebody else meanwhile. So a code never buys two tokens, and is never lost without one.
   */
  mint(minted: Minted, event: Event): Promise<void>
}

/** A registered resource server (RFC 8707), as far as a token is made for it. */
export interface Resource {
  identifier: string
  tokenFormat: 'opaque' | 'jwt' | null
  tokenLifetime: number | null
  /** The scopes it has a use for; null for all. */
  scopes: readonly string[] | null
}
