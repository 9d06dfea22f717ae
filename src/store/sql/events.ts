import type { Db, Step } from '../engine/db.ts'
import type { Event, Events } from '../nouns/events.ts'
import { camel, conditions } from './columns.ts'
import { table } from './table.ts'

const EVENTS = table<Event>(
  'events',
  'uid, type, at, actor, result, directory_uid, business_uid, app_uid, subject, reference, details',
)

/** The step that appends an event to the write that it describes. Neither is stored without the other. */
export const eventStep: (event: Event) => Step = EVENTS.add

/** Sorts after every uid, which is hexadecimal, in every collation. */
const LAST = 'g'

export function events(db: Db): Events {
  return {
    async add(event) {
      await db.write([eventStep(event)])
    },
    async list({ businessUid, appUid, type, reference, before = LAST, after = '' }, limit) {
      const given = conditions({ business_uid: businessUid, app_uid: appUid, type, reference }, 4)
      const sql = `select * from events where uid < $2 and uid >= $3${given.sql} order by uid desc limit $1`
      return (await db.all(sql, [limit, before, after, ...given.params])).map((row) => camel<Event>(row))
    },
  }
}
