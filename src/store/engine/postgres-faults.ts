import pg from 'pg'
import { Refusal } from '../../kit/refusal.ts'
import { refusal } from '../refusals.ts'
import { Conflict } from './db.ts'

const said = (error: unknown) => (error instanceof pg.DatabaseError ? error : undefined)

/** The connection is gone, or goes: the server shuts down or crashed, or the network broke. */
export const isLost = (error: unknown): boolean => {
  const answer = said(error)
  return !answer || /^(08|57P0)/.test(answer.code!)
}

/**
 * The connection is open and of no more use: a statement prepared on it is gone or no longer fits a table that a newer
 * version has changed, or the server has become a copy that only reads. A new connection will do.
 */
export const isStale = (error: unknown): boolean => {
  const answer = said(error)
  return answer?.code === '26000' || answer?.code === '25006' || answer?.routine === 'RevalidateCachedQuery'
}

/** A deadlock or a failed serialization undoes everything, so the write can be done again. */
export const isTurnLost = (error: unknown): boolean => /^(40001|40P01)$/.test(said(error)?.code ?? '')

export const unreachable = (cause: unknown): Refusal => refusal('database.unreachable', {}, { cause })

/**
 * Returns the error for the caller. A lost connection, a shutdown, a lack of resources, a disk fault, a lock or a time-out is a refusal
 * with 503; a taken value is a Conflict; anything else is our own bug and returned as it is.
 */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error
  const answer = said(error)
  if (answer?.code === '23505') return new Conflict(answer.constraint ?? 'unknown', error)
  if (isLost(error) || isStale(error) || isTurnLost(error)) return unreachable(error)
  return /^(53|57|58|25P0|55P03)/.test(answer!.code!) ? unreachable(error) : error
}
