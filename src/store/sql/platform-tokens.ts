import type { Db } from '../engine/db.ts'
import type { PlatformToken, PlatformTokens } from '../nouns/platform-tokens.ts'
import { livePlatformToken } from './alive.ts'
import { camel, insert } from './columns.ts'
import { endOne } from './ending.ts'
import { eventStep } from './events.ts'

export function platformTokens(db: Db): PlatformTokens {
  return {
    async add({ digest, uid, kind, directoryUid, name, createdAt }, event) {
      const row = { digest, uid, kind, directory_uid: directoryUid, name, created_at: createdAt }
      await db.write([insert('platform_tokens', row), eventStep(event)])
    },
    async findLive(digest) {
      const row = await db.one(`select t.* from platform_tokens t where t.digest = $1 and ${livePlatformToken('t')}`, [
        digest,
      ])
      return row && camel<PlatformToken>(row)
    },
    async list() {
      const rows = await db.all(
        `select t.uid, t.kind, t.directory_uid, t.name, t.created_at, coalesce(t.ended_at, d.ended_at) as ended_at
          from platform_tokens t left join directories d on d.uid = t.directory_uid
          order by t.created_at, t.uid`,
        [],
      )
      return rows.map((row) => camel<Omit<PlatformToken, 'digest'> & { endedAt: number | null }>(row))
    },
    end: (selector, at, event) => {
      const [column, value] = 'uid' in selector ? ['uid', selector.uid] : ['digest', selector.digest]
      const sql = `update platform_tokens set ended_at = $2 where ${column} = $1 and ended_at is null`
      return endOne(db, { sql, params: [value!, at] }, event)
    },
  }
}
