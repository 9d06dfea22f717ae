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
 * The connection is of no more use though it stands: a statement prepared on it is gone or no longer fits a table that a newer
 * version has changed, or the server has become a copy that only reads. A new connection will do.
 */
export const isStale = (error: unknown): boolean => {
  const answer = said(error)
  return answer?.code === '26000' || answer?.code === '25006' || answer?.routine === 'RevalidateCachedQuery'
}

/** A deadlock or a failed serialization undoes everything and is nobody's fault, so the same may simply be done again. */
export const isTurnLost = (error: unknown): boolean => /^(40001|40P01)$/.test(said(error)?.code ?? '')

export const unreachable = (cause: unknown): Refusal => refusal('database.unreachable', {}, { cause })

/**
 * What the caller is told. Lost connections, shutdown, lack of resources, disk faults, locks and time-outs are the database's
 * state and not the statement's fault; all else is our own bug and stays as it is.
 */
export function told(error: unknown): unknown {
  if (error instanceof Refusal) return error
  const answer = said(error)
  if (answer?.code === '23505') return new Conflict(answer.constraint ?? 'unknown', error)
  if (isLost(error) || isStale(error) || isTurnLost(error)) return unreachable(error)
  return /^(53|57|58|25P0|55P03)/.test(answer!.code!) ? unreachable(error) : error
}
