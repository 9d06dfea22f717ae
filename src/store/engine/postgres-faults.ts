import pg from 'pg'
import { Refusal } from '../../kit/refusal.ts'
import { refusal } from '../refusals.ts'
import { Conflict } from './db.ts'

const answerOf = (error: unknown) => (error instanceof pg.DatabaseError ? error : undefined)

/** The connection is lost: the server shuts down or has crashed, or the network broke. */
export const isLost = (error: unknown): boolean => {
  const answer = answerOf(error)
  return !answer || /^(08|57P0)/.test(answer.code!)
}

/**
 * The connection is open but unusable: a prepared statement is gone or does not fit a table that a newer version has changed, or the server has
 * become a read-only replica. A new connection works.
 */
export const isStale = (error: unknown): boolean => {
  const answer = answerOf(error)
  return answer?.code === '26000' || answer?.code === '25006' || answer?.routine === 'RevalidateCachedQuery'
}

/** A deadlock or a failed serialization undoes everything, so the write can be done again. */
export const isTurnLost = (error: unknown): boolean => /^(40001|40P01)$/.test(answerOf(error)?.code ?? '')

export const unreachable = (cause: unknown): Refusal => refusal('database.unreachable', {}, { cause })

/**
 * Returns the error for the caller: a Conflict for a taken value; a refusal with status 503 for a lost connection, a shutdown, a lack of resources,
 * a disk fault, a lock or a timeout; any other error unchanged, because it is our own bug.
 */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error
  const answer = answerOf(error)
  if (answer?.code === '23505') return new Conflict(answer.constraint ?? 'unknown', error)
  if (isLost(error) || isStale(error) || isTurnLost(error)) return unreachable(error)
  return /^(53|57|58|25P0|55P03)/.test(answer!.code!) ? unreachable(error) : error
}
