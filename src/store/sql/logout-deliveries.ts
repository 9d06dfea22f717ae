import type { Db } from '../engine/db.ts'
import type { LogoutDeliveries, LogoutDelivery } from '../nouns/logout-deliveries.ts'
import { camel } from './columns.ts'
import { eventStep } from './events.ts'

const AS_READ = 'sid = $1 and app_uid = $2 and staff_uid = $3 and tries = $4'
const asRead = ({ sid, appUid, staffUid, tries }: LogoutDelivery) => [sid, appUid, staffUid, tries]

export function logoutDeliveries(db: Db): LogoutDeliveries {
  return {
    async due(now, limit) {
      const sql = 'select * from logout_deliveries where next_at <= $1 order by next_at limit $2'
      return (await db.all(sql, [now, limit])).map((row) => camel<LogoutDelivery>(row))
    },
    async claim(delivery, nextAt) {
      const sql = `update logout_deliveries set tries = tries + 1, next_at = $5 where ${AS_READ}`
      return (await db.write([{ sql, params: [...asRead(delivery), nextAt], must: true }])) !== undefined
    },
    async end(delivery, event) {
      const gone = { sql: `delete from logout_deliveries where ${AS_READ}`, params: asRead(delivery), must: true }
      return (await db.write([gone, ...(event ? [eventStep(event)] : [])])) !== undefined
    },
  }
}
