import type { Step } from '../engine/db.ts'
import type { EndedSessions, SessionApp } from '../nouns/session-apps.ts'
import { notEnded } from './alive.ts'

/** Touches no row when the session has ended. It also locks the session, so that it cannot end before the write is done. */
export function aliveSessionStep(sessionUid: string, at: number): Step {
  const sql = 'update sessions set seen_at = $2 where uid = $1 and ended_at is null'
  return { sql, params: [sessionUid, at], must: true }
}

/** Lists an app for a logout token when the session ends. */
export function signInStep({ sessionUid, appUid, staffUid, at }: SessionApp): Step {
  return {
    sql: `insert into session_apps (session_uid, app_uid, staff_uid, sid, created_at) values ($1, $2, $3, $1, $4)
      on conflict (session_uid, app_uid, staff_uid) do update set sid = excluded.sid`,
    params: [sessionUid, appUid, staffUid, at],
  }
}

/** Moves the apps of one session to the next session of the same person, until that session ends. */
export function moveSessionAppsStep(from: string, to: string, personUid: string): Step {
  return {
    sql: `update session_apps set session_uid = $2
      where session_uid in (select uid from sessions where digest = $1 and person_uid = $3)`,
    params: [from, to, personUid],
  }
}

/** Ends sessions. Comes before `queueLogoutsSteps`: of two writes that end the same session, the second waits here for the first. */
export function endSessionsStep(ended: EndedSessions, at: number): Step {
  const [column, value] = columnOf(ended)
  return { sql: `update sessions set ended_at = $2 where ${column} = $1 and ended_at is null`, params: [value, at] }
}

/** Queues a logout token for every app that those sessions signed in to and that accepts one, and clears their lists of apps. */
export function queueLogoutsSteps(ended: EndedSessions, at: number): Step[] {
  const [column, value] = columnOf(ended)
  return [
    {
      // Uids are letters and digits, so the JSON needs no escapes.
      sql: `insert into outbox (kind, key, payload, created_at, tries, next_at)
        select 'logout', x.sid || ' ' || x.app_uid || ' ' || x.staff_uid,
            '{"sid":"' || x.sid || '","appUid":"' || x.app_uid || '","staffUid":"' || x.staff_uid || '"}', $2, 0, $2
          from sessions s
          join session_apps x on x.session_uid = s.uid
          join apps a on a.uid = x.app_uid and ${notEnded('a')} and a.protocol like '%"backchannelLogoutUri":"%'
          where s.${column} = $1 and s.ended_at is not null
        on conflict (kind, key) do nothing`,
      params: [value, at],
    },
    {
      sql: `delete from session_apps where session_uid in (select uid from sessions where ${column} = $1 and ended_at is not null)`,
      params: [value],
    },
  ]
}

function columnOf(ended: EndedSessions): ['digest' | 'person_uid', string] {
  return 'digest' in ended ? ['digest', ended.digest] : ['person_uid', ended.personUid]
}
