import type { Db } from '../engine/db.ts'
import type { Business, Businesses } from '../nouns/businesses.ts'
import { notEnded } from './alive.ts'
import { camel } from './columns.ts'
import { ending } from './ending.ts'
import { eventStep } from './events.ts'

export function businesses(db: Db): Businesses {
  return {
    async add(business, event) {
      const { uid, directoryUid, name, createdAt } = business
      const written = await db.write([
        {
          sql: `insert into businesses (uid, directory_uid, name, created_at)
            select $1, d.uid, $3, $4 from directories d where d.uid = $2 and ${notEnded('d')}`,
          params: [uid, directoryUid, name, createdAt],
          must: true,
        },
        eventStep(event),
      ])
      return written && business
    },
    async find(uid) {
      const row = await db.one('select * from businesses where uid = $1', [uid])
      return row && camel<Business>(row)
    },
    async list(directoryUid) {
      const rows = directoryUid
        ? await db.all('select * from businesses where directory_uid = $1 order by created_at, uid', [directoryUid])
        : await db.all('select * from businesses order by created_at, uid', [])
      return rows.map((row) => camel<Business>(row))
    },
    end: ending(db, 'businesses'),
  }
}
