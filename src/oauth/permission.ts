import type { AccessToken, App, Event, Holder } from '../store/rows.ts'

/** What a grant has proved: who may do what for whom. Issuing makes tokens of it, the same way for every grant. */
export interface Permission {
  app: App
  chainUid: string
  scopes: readonly string[]
  holder: Holder
  nonce: string | null
  authTime: number
  /**
   * Stores the token and, in the same write, spends what the permission was proved with; throws the grant's refusal when that was
   * spent by somebody else meanwhile. So a code never buys two tokens, and is never lost without one.
   */
  mint(token: AccessToken, event: Event): Promise<void>
}
