import type { Step } from '../engine/db.ts'
import type { EndedSessions, SignedInApp } from '../nouns/session-apps.ts'
import { notEnded } from './alive.ts'

/** Lets nothing be approved by a session that has ended. It also holds the session: it cannot end before the write is done. */
export function aliveSessionStep(sessionUid: string, at: number): Step {
  const sql = 'update sessions set seen_at = $2 where uid = $1 and ended_at is null'
  return { sql, params: [sessionUid, at], must: true }
}

/** Lists an app for a logout token when the session ends. */
export function signInStep({ sessionUid, appUid, staffUid, at }: SignedInApp): Step {
  return {
    sql: `insert into session_apps (session_uid, app_uid, staff_uid, sid, created_at) values ($1, $2, $3, $1, $4)
      on conflict (session_uid, app_uid, staff_uid) do update set sid = excluded.sid`,
    params: [sessionUid, appUid, staffUid, at],
  }
}

/** Moves the apps of one session to the next of the same person: they stay signed in until that one ends. */
export function handOnAppsStep(from: string, to: string, personUid: string): Step {
  return {
    sql: `update session_apps set session_uid = $2
      where session_uid in (select uid from sessions where digest = $1 and person_uid = $3)`,
    params: [from, to, personUid],
  }
}

/** Ends sessions. Comes before `tellAppsSteps`, because of two writes that end the same session the second has to wait here for the first. */
export function endSessionsStep(ended: EndedSessions, at: number): Step {
  const [column, value] = columnOf(ended)
  return { sql: `update sessions set ended_at = $2 where ${column} = $1 and ended_at is null`, params: [value, at] }
}

/** Queues the word of the end for every app that those sessions signed in to and that wants to hear of it, and clears their lists. */
export function tellAppsSteps(ended: EndedSessions, at: number): Step[] {
  const [column, value] = columnOf(ended)
  return [
    {
      // Uids hold letters and digits only, so the JSON needs no escapes.
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
