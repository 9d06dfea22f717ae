import type { Db } from '../engine/db.ts'
import type { Delivery, Outbox } from '../nouns/outbox.ts'
import { camel } from './columns.ts'
import { eventStep } from './events.ts'

/** As it was read: every claim changes `tries`. */
const AS_READ = 'kind = $1 and key = $2 and tries = $3'
const asRead = ({ kind, key, tries }: Delivery) => [kind, key, tries]

export function outbox(db: Db): Outbox {
  return {
    async listDue(now, limit) {
      const sql = 'select * from outbox where next_at <= $1 order by next_at limit $2'
      return (await db.all(sql, [now, limit])).map((row) => camel<Delivery>(row))
    },
    async claim(delivery, nextAt) {
      const sql = `update outbox set tries = tries + 1, next_at = $4 where ${AS_READ}`
      return (await db.write([{ sql, params: [...asRead(delivery), nextAt], must: true }])) !== undefined
    },
    async end(delivery, event) {
      const gone = { sql: `delete from outbox where ${AS_READ}`, params: asRead(delivery), must: true }
      return (await db.write([gone, ...(event ? [eventStep(event)] : [])])) !== undefined
    },
  }
}
