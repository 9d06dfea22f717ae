import type { RefusalRow } from '../../kit/refusal.ts'
import type { ErrorCode } from './error-code.ts'

/** A refusal of the protocol. Its error code gives the status and the fix, unless the row has its own. */
export type ProtocolRow = Omit<RefusalRow, 'status' | 'code' | 'field'> & { code: ErrorCode; status?: number }

/** Ends the message of a row that is never sent, because it would reveal too much. */
export const ONLY_HERE = 'Only the operator reads this: the app received a message that does not say it.'
