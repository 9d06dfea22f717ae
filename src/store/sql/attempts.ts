import type { Db } from '../engine/db.ts'
import type { Attempts } from '../nouns/attempts.ts'
import { finding } from './verbs.ts'

const COUNT = `insert into attempts (key, count, expires_at) values ($1, 1, $3)
  on conflict (key) do update set
    count = case when attempts.expires_at <= $2 then 1 else attempts.count + 1 end,
    expires_at = case when attempts.expires_at <= $2 then excluded.expires_at else attempts.expires_at end
  returning count, expires_at`

export function attempts(db: Db): Attempts {
  return {
    async count(key, now, window) {
      const rows = await db.write([{ sql: COUNT, params: [key, now, now + window] }])
      const row = rows![0]![0]!
      return { count: Number(row.count), expiresAt: Number(row.expires_at) }
    },
    findExpiry: finding(db, (row) => Number(row.expires_at), 'select expires_at from attempts where key = $1'),
    async takeBack(key) {
      await db.write([{ sql: 'update attempts set count = count - 1 where key = $1 and count > 0', params: [key] }])
    },
    async forget(key) {
      await db.write([{ sql: 'delete from attempts where key = $1', params: [key] }])
    },
  }
}
