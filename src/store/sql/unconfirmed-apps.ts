import { newOrderedUid } from '../../kit/id.ts'
import type { Db, Row, Step } from '../engine/db.ts'
import type { Event } from '../nouns/events.ts'
import type { UnconfirmedApp } from '../nouns/unconfirmed-apps.ts'
import { eventStep } from './events.ts'

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

const DUE = `select n.app_uid, a.ended_at,
    case when exists (select 1 from installs i where i.app_uid = n.app_uid) then 1 else 0 end as is_installed
  from unconfirmed_apps n left join apps a on a.uid = n.app_uid
  where n.until <= $1 order by n.until limit $2`
const IS_INSTALLED = 'exists (select 1 from installs i where i.app_uid = $1)'

/** Ends the unconfirmed apps that have expired, and deletes those that ended an hour ago or earlier. Returns how many rows it deleted or changed. */
export async function sweepUnconfirmedApps(db: Db, now: number, batch: number): Promise<number> {
  const due = await db.all(DUE, [now, batch])
  for (const row of due) await db.write(stepsFor(row, now))
  return due.length
}

function stepsFor(row: Row, now: number): Step[] {
  const uid = row.app_uid as string
  const listed = { sql: 'delete from unconfirmed_apps where app_uid = $1', params: [uid] }
  if (row.is_installed === 1) return [listed]
  const endedAt = row.ended_at as number | null
  const again = (at: number) => ({
    sql: 'update unconfirmed_apps set until = $2 where app_uid = $1',
    params: [uid, at],
  })
  if (endedAt === null) {
    // The client id of a document becomes free, so that the app can return. An app that is connected at the same time stays.
    const end = `update apps set ended_at = $2, client_id = case origin when 'document' then client_id || '#' || uid else client_id end
      where uid = $1 and ended_at is null and not ${IS_INSTALLED}`
    return [{ sql: end, params: [uid, now], must: true }, again(now + STALE_SECONDS), eventStep(expired(uid, now))]
  }
  if (endedAt > now - STALE_SECONDS) return [again(endedAt + STALE_SECONDS)]
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

function expired(appUid: string, at: number): Event {
  return { uid: newOrderedUid(at), type: 'app.lapsed', at, actor: 'server', result: 'done', appUid }
}
