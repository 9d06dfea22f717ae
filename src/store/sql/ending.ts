import type { Db, Step } from '../engine/db.ts'
import type { Event } from '../nouns/events.ts'
import { eventStep } from './events.ts'

/** Ends one row by this step and appends the event: true for exactly one caller. */
export async function endOne(db: Db, step: Omit<Step, 'must'>, event: Event): Promise<boolean> {
  return (await db.write([{ ...step, must: true }, eventStep(event)])) !== undefined
}

/** Returns the verb that ends the row of a table with this key. */
export function ending(db: Db, table: string, key = 'uid') {
  const sql = `update ${table} set ended_at = $2 where ${key} = $1 and ended_at is null`
  return (value: string, at: number, event: Event) => endOne(db, { sql, params: [value, at] }, event)
}

/** Returns the verb that also writes down why it ended. */
export function endingFor(db: Db, table: 'chains' | 'installs', key = 'uid') {
  const sql = `update ${table} set ended_at = $2, ended_reason = $3 where ${key} = $1 and ended_at is null`
  return (value: string, at: number, reason: string, event: Event) =>
    endOne(db, { sql, params: [value, at, reason] }, event)
}
