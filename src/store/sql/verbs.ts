import type { Db, Param, Row, Step } from '../engine/db.ts'
import type { Event } from '../nouns/events.ts'
import { eventStep } from './events.ts'

/** Returns the verb that finds one row. Its arguments are the parameters of the statement. */
export const finding =
  <T>(db: Db, read: (row: Row) => T, sql: string) =>
  async (...params: Param[]): Promise<T | undefined> => {
    const row = await db.one(sql, params)
    return row && read(row)
  }

/** Returns the verb that lists rows. Its arguments are the parameters of the statement. */
export const listing =
  <T>(db: Db, read: (row: Row) => T, sql: string) =>
  async (...params: Param[]): Promise<T[]> =>
    (await db.all(sql, params)).map((row) => read(row))

/** Writes the steps, and the event if there is one. Returns whether every step that must touch a row did; otherwise nothing was written. */
export async function isWritten(db: Db, steps: readonly Step[], event?: Event): Promise<boolean> {
  return (await db.write(event ? [...steps, eventStep(event)] : steps)) !== undefined
}

/** Does one step that must touch a row, and appends the event: true for exactly one caller. */
export function endOne(db: Db, sql: string, params: readonly Param[], event?: Event): Promise<boolean> {
  return isWritten(db, [{ sql, params, must: true }], event)
}

/** Returns the verb that ends the row of a table with this key. */
export function ending(db: Db, table: string, key = 'uid') {
  const sql = `update ${table} set ended_at = $2 where ${key} = $1 and ended_at is null`
  return (value: string, at: number, event: Event) => endOne(db, sql, [value, at], event)
}
