import type { Db, Row, Step } from '../engine/db.ts'
import type { UnconfirmedApp, UnconfirmedApps } from '../nouns/unconfirmed-apps.ts'
import { isWritten, listing } from './verbs.ts'

/** Seconds that an ended app is kept, so that a request in progress finds an ended app and not a missing one. */
const STALE_SECONDS = 3600

/** Lists an app that no business has connected yet. When the list is too long, the apps that have been on it longest are due at once. */
export function unconfirmedSteps(appUid: string, { until, most }: UnconfirmedApp): Step[] {
  const oldest = 'select app_uid from unconfirmed_apps order by until desc, app_uid desc limit 100 offset $1'
  return [
    { sql: 'insert into unconfirmed_apps (app_uid, until) values ($1, $2)', params: [appUid, until] },
    { sql: `update unconfirmed_apps set until = 0 where until > 0 and app_uid in (${oldest})`, params: [most] },
  ]
}

const IS_INSTALLED = 'exists (select 1 from installs i where i.app_uid = $1)'
// The client id of a document has no `#`, unless the app ended for lack of use.
const IS_BANNED = "a.origin = 'document' and a.ended_at is not null and a.client_id not like '%#%'"
const DUE = `from (
    select n.app_uid, n.until, a.ended_at, case when a.uid is null then 1 else 0 end as is_gone,
      case when exists (select 1 from installs i where i.app_uid = n.app_uid) then 1 else 0 end as is_installed,
      case when ${IS_BANNED} then 1 else 0 end as is_banned
    from unconfirmed_apps n left join apps a on a.uid = n.app_uid where n.until <= $1
  ) due`
const IS_TO_END = 'ended_at is null and is_gone = 0 and is_installed = 0'

const dueAt = (uid: string, at: number): Step => ({
  sql: 'update unconfirmed_apps set until = $2 where app_uid = $1',
  params: [uid, at],
  must: true,
})

export function unconfirmedApps(db: Db): UnconfirmedApps {
  const due = `select app_uid ${DUE} where ${IS_TO_END} order by until limit $2`
  // The client id of a document becomes free, so that the app can return. An app that is connected, or changed by the platform, at the same
  // time stays.
  const end = `update apps set ended_at = $2, client_id = case origin when 'document' then client_id || '#' || uid else client_id end
    where uid = $1 and ended_at is null and not ${IS_INSTALLED}`
  return {
    listDue: listing(db, ({ app_uid }) => app_uid as string, due),
    end: (uid, at, event) =>
      isWritten(db, [{ sql: end, params: [uid, at], must: true }, dueAt(uid, at + STALE_SECONDS)], event),
  }
}

/**
 * Deletes the unconfirmed apps that ended an hour ago or earlier. Only unlists those that a business has connected, and those from a document
 * that the operator ended: their client id stays taken, so that they stay out. Returns how many rows it wrote.
 */
export async function sweepUnconfirmedApps(db: Db, now: number, batch: number): Promise<number> {
  const due = await db.all(`select * ${DUE} where not (${IS_TO_END}) order by until limit $2`, [now, batch])
  for (const row of due) await db.write(stepsFor(row, now))
  return due.length
}

function stepsFor({ app_uid, is_installed, is_banned, ended_at }: Row, now: number): Step[] {
  const uid = app_uid as string
  const listed = { sql: 'delete from unconfirmed_apps where app_uid = $1', params: [uid] }
  if (is_installed === 1 || is_banned === 1) return [listed]
  if ((ended_at as number) > now - STALE_SECONDS) return [dueAt(uid, (ended_at as number) + STALE_SECONDS)]
  const tables = ['app_secrets', 'registrations', 'client_documents']
  return [
    ...tables.map((table) => ({
      sql: `delete from ${table} where app_uid = $1 and not ${IS_INSTALLED}`,
      params: [uid],
    })),
    { sql: `delete from chains where app_uid = $1 and ended_at is null and not ${IS_INSTALLED}`, params: [uid] },
    { sql: `delete from apps where uid = $1 and not ${IS_INSTALLED}`, params: [uid] },
    listed,
  ]
}
