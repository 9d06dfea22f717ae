import type { Db } from '../engine/db.ts'
import type { AppSecret, AppSecrets, LiveSecret } from '../nouns/app-secrets.ts'
import { liveSecret } from './alive.ts'
import { camel } from './columns.ts'
import { table } from './table.ts'
import { endOne, finding, isWritten, listing } from './verbs.ts'

export const APP_SECRETS = table<AppSecret>('app_secrets', 'app_uid, digest, uid, name, created_at, expires_at, sealed')

// Locks the app's row first: of two additions at once, the second counts what the first has added.
const LOCK_APP = 'update apps set public = public where uid = $1 and ended_at is null and public = 0'
const ADD = `${APP_SECRETS.into} select ${APP_SECRETS.places}
  where (select count(*) from app_secrets s where s.app_uid = $1 and ${liveSecret('s', '$8')}) < $9`
const READ = 'select s.uid, s.app_uid, s.name, s.created_at, s.expires_at, s.last_used_at, s.sealed from app_secrets s'
const LIST_LIVE = `${READ} where s.app_uid = $1 and ${liveSecret('s', '$2')} order by s.created_at, s.uid`
const FIND_LIVE = `${READ} where s.uid = $1 and ${liveSecret('s', '$2')}`
const END = `update app_secrets as s set ended_at = $2 where s.uid = $1 and ${liveSecret('s', '$2')}`
const LIST_SEALED = 'select uid, sealed from app_secrets where sealed is not null order by uid'
const RECORD_USE =
  'update app_secrets set last_used_at = $2 where uid = $1 and (last_used_at is null or last_used_at < $2)'

export function appSecrets(db: Db): AppSecrets {
  return {
    add(secret, most, event) {
      const lock = { sql: LOCK_APP, params: [secret.appUid], must: true, keepsCache: true }
      const added = { sql: ADD, params: [...APP_SECRETS.values(secret), secret.createdAt, most], must: true }
      return isWritten(db, [lock, added], event)
    },
    listLive: listing(db, camel<LiveSecret>, LIST_LIVE),
    findLive: finding(db, camel<LiveSecret>, FIND_LIVE),
    end: (uid, at, event) => endOne(db, END, [uid, at], event),
    listSealed: listing(db, camel<{ uid: string; sealed: string }>, LIST_SEALED),
    async reseal(uid, was, sealed) {
      const sql = 'update app_secrets set sealed = $3 where uid = $1 and sealed = $2'
      await db.write([{ sql, params: [uid, was, sealed] }])
    },
    async recordUse(uses) {
      // All servers write in one order, so that two never wait for each other's rows.
      const inOrder = uses.toSorted((a, b) => (a.uid < b.uid ? -1 : 1))
      const steps = inOrder.map(({ uid, at }) => ({ sql: RECORD_USE, params: [uid, at] }))
      if (steps.length > 0) await db.write(steps)
    },
  }
}
