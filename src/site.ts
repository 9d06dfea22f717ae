import type { Parts } from './domain/parts.ts'
import type { AddressReader } from './http/address.ts'
import type { Cookies } from './http/cookies.ts'
import type { Messages } from './ui/messages/messages.ts'

/** The parts that every handler gets: those of the domain, and those that only rooms need. */
export interface Site extends Parts {
  readonly cookies: Cookies
  readonly messages: Messages
  readonly addressOf: AddressReader
  /** Corrects the clock by that of the database, if it has one of its own. */
  matchClock(): Promise<void>
  /** Whether the server is stopping; then it is not ready. */
  isStopping(): boolean
  /** Makes the server not ready. Requests in progress continue. */
  beginStop(): void
  close(): Promise<void>
}
