import type { Db, Param } from '../engine/db.ts'
import type { AppSecret, AppSecrets, LiveSecret } from '../nouns/app-secrets.ts'
import { liveSecret } from './alive.ts'
import { camel } from './columns.ts'
import { endOne } from './ending.ts'
import { eventStep } from './events.ts'

/** The columns of a new secret. */
export const secretColumns = (secret: AppSecret): Record<string, Param> => ({
  app_uid: secret.appUid,
  digest: secret.digest,
  uid: secret.uid,
  name: secret.name,
  created_at: secret.createdAt,
  expires_at: secret.expiresAt,
  sealed: secret.sealed ?? null,
})

const READ = 'select s.uid, s.app_uid, s.name, s.created_at, s.expires_at, s.last_used_at, s.sealed from app_secrets s'

export function appSecrets(db: Db): AppSecrets {
  return {
    async add(secret, most, event) {
      const columns = secretColumns(secret)
      const values = Object.keys(columns).map((_, index) => `$${index + 1}`)
      const [nowAt, mostAt] = [`$${values.length + 1}`, `$${values.length + 2}`]
      const steps = [
        // Takes hold of the app's row first: of two additions at once the second counts what the first has added.
        {
          sql: 'update apps set public = public where uid = $1 and ended_at is null and public = 0',
          params: [secret.appUid],
          must: true,
          keepsCache: true,
        },
        {
          sql: `insert into app_secrets (${Object.keys(columns).join(', ')}) select ${values.join(', ')}
            where (select count(*) from app_secrets s where s.app_uid = $1 and ${liveSecret('s', nowAt)}) < ${mostAt}`,
          params: [...Object.values(columns), secret.createdAt, most],
          must: true,
        },
      ]
      return (await db.write([...steps, eventStep(event)])) !== undefined
    },
    async listLive(appUid, now) {
      const sql = `${READ} where s.app_uid = $1 and ${liveSecret('s', '$2')} order by s.created_at, s.uid`
      return (await db.all(sql, [appUid, now])).map((row) => camel<LiveSecret>(row))
    },
    async findLive(uid, now) {
      const row = await db.one(`${READ} where s.uid = $1 and ${liveSecret('s', '$2')}`, [uid, now])
      return row && camel<LiveSecret>(row)
    },
    end: (uid, at, event) =>
      endOne(
        db,
        {
          sql: `update app_secrets as s set ended_at = $2 where s.uid = $1 and ${liveSecret('s', '$2')}`,
          params: [uid, at],
        },
        event,
      ),
    async listSealed() {
      const rows = await db.all('select uid, sealed from app_secrets where sealed is not null order by uid', [])
      return rows.map((row) => camel<{ uid: string; sealed: string }>(row))
    },
    async reseal(uid, was, sealed) {
      const sql = 'update app_secrets set sealed = $3 where uid = $1 and sealed = $2'
      await db.write([{ sql, params: [uid, was, sealed] }])
    },
    async recordUse(uses) {
      // In one order everywhere, so that two servers never wait for each other's rows; and never back in time.
      const steps = uses
        .toSorted((a, b) => (a.uid < b.uid ? -1 : 1))
        .map(({ uid, at }) => ({
          sql: 'update app_secrets set last_used_at = $2 where uid = $1 and (last_used_at is null or last_used_at < $2)',
          params: [uid, at],
        }))
      if (steps.length > 0) await db.write(steps)
    },
  }
}
