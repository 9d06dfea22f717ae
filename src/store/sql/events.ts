import type { Db, Step } from '../engine/db.ts'
import type { Event, Events } from '../nouns/events.ts'
import { camel } from './columns.ts'

/** The step that appends an event to the write that it describes, so that neither is stored alone. */
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

export function events(db: Db): Events {
  return {
    async add(event) {
      await db.write([eventStep(event)])
    },
    async list({ businessUid, appUid, type, reference }, limit) {
      const columns = { business_uid: businessUid, app_uid: appUid, type, reference }
      const asked = Object.entries(columns).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
      // Only what is asked for: with a condition that may be empty no engine would use an index.
      const where = asked.map(({ name }, index) => `${index === 0 ? 'where' : 'and'} ${name} = $${index + 2}`).join(' ')
      const sql = `select * from events ${where} order by uid desc limit $1`
      const rows = await db.all(sql, [limit, ...asked.map(({ value }) => value)])
      return rows.map((row) => camel<Event>(row))
    },
  }
}
