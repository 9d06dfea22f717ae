import type { Parts } from './domain/parts.ts'
import type { AddressReader } from './http/address.ts'
import type { Cookies } from './http/session-cookie.ts'
import type { Messages } from './ui/messages/messages.ts'

/** What every handler is given: the parts that rules use, and those that only rooms need. */
export interface Site extends Parts {
  readonly cookies: Cookies
  readonly messages: Messages
  readonly addressOf: AddressReader
  /** Whether the server was told to stop; then it is not ready for more. */
  isStopping(): boolean
  /** Says that it will stop; what is under way goes on. */
  beginStop(): void
  close(): Promise<void>
}
