import type { Db, Step } from '../db.ts'
import type { Event } from '../rows.ts'
import type { Store } from '../store.ts'
import { camel } from './columns.ts'

/** The step that appends an event to whatever write it tells of, so that neither is ever there alone. */
export function eventStep(event: Event): Step {
  return {
    sql: `insert into events (uid, type, at, actor, result, directory_uid, business_uid, app_uid, subject, reference, details)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    params: [
      event.uid,
      event.type,
      event.at,
      event.actor,
      event.result,
      event.directoryUid ?? null,
      event.businessUid ?? null,
      event.appUid ?? null,
      event.subject ?? null,
      event.reference ?? null,
      event.details ?? null,
    ],
  }
}

export function events(db: Db): Store['events'] {
  return {
    async add(event) {
      await db.write([eventStep(event)])
    },
    async list({ businessUid, appUid, type }, limit) {
      const rows = await db.all(
        `select * from events where ($1 = '' or business_uid = $1) and ($2 = '' or app_uid = $2) and ($3 = '' or type = $3)
          order by uid desc limit $4`,
        [businessUid ?? '', appUid ?? '', type ?? '', limit],
      )
      return rows.map((row) => camel<Event>(row))
    },
  }
}

/** Ends one row and appends its event; true for exactly one caller. */
export async function endOne(db: Db, step: Omit<Step, 'must'>, event: Event): Promise<boolean> {
  return (await db.write([{ ...step, must: true }, eventStep(event)])) !== undefined
}
