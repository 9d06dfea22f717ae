import { setTimeout as sleep } from 'node:timers/promises'
import { refusal } from '../refusals.ts'
import { Conflict } from './db.ts'

const code = (error: unknown) => ((error as { errcode?: number }).errcode ?? 0) & 0xff
/** SQLITE_BUSY, LOCKED: another process uses the file for a moment. */
export const isBusy = (error: unknown) => code(error) === 5 || code(error) === 6
/** SQLITE_READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB, or closed: a fault of the disk or the file, not of the statement. */
export const isStorageFault = (error: unknown) =>
  [8, 10, 11, 13, 14, 26].includes(code(error)) || (error as { code?: string }).code === 'ERR_INVALID_STATE'
export const unreadable = (error: unknown) => refusal('database.unreadable', {}, { cause: error })

/** Returns the Conflict for a unique value that is taken. */
export function asConflict(error: unknown): Conflict | undefined {
  const found = /UNIQUE constraint failed: (.+)$/.exec((error as Error).message ?? '')
  return found ? new Conflict(found[1]!, error) : undefined
}

/** Tries until another process has released its lock, for at most `patience` milliseconds. Other requests continue. */
export async function patiently<T>(work: () => T, patience: number): Promise<T> {
  const until = Date.now() + patience
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error
      await sleep(5)
    }
  }
}
