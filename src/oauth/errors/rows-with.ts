import type { RefusalRow } from '../../kit/refusal.ts'
import type { ErrorCode } from './error-code.ts'

/** A refusal of the protocol. Its error code gives the status and the fix, unless the row has its own. */
export type ProtocolRow = Omit<RefusalRow, 'status' | 'code' | 'field'> & { code: ErrorCode; status?: number }

/** Ends the message of a row that is never sent, because it would reveal too much. */
export const ONLY_HERE = 'Only the operator reads this: the app received a message that does not say it.'

/** Makes rows that differ only in their key and message. */
export function rowsWith<const Shared extends Omit<ProtocolRow, 'says'>, const Says extends Record<string, string>>(
  shared: Shared,
  messages: Says,
): { [Key in keyof Says]: Shared & { says: Says[Key] } } {
  const rows = Object.entries(messages).map(([key, says]) => [key, { ...shared, says }])
  return Object.fromEntries(rows)
}
