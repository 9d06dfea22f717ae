import type { Db, Step } from '../engine/db.ts'
import type { LiveSession, Session, Sessions } from '../nouns/sessions.ts'
import { notEnded } from './alive.ts'
import { eventStep } from './events.ts'
import { confirmStep, forgetChoicesStep } from './requests.ts'
import { endSessionsStep, moveSessionAppsStep, queueLogoutsSteps } from './session-apps.ts'
import { table } from './table.ts'
import { isWritten } from './verbs.ts'

const SESSIONS = table<Session>(
  'sessions',
  'digest, uid, person_uid, auth_time, methods json, created_at, seen_at, expires_at',
)
const FIND_LIVE = `select s.*, p.email, p.name from sessions s join people p on p.uid = s.person_uid and ${notEnded('p')}
  where s.digest = $1 and ${notEnded('s')} and s.expires_at > $2 and s.seen_at > $3`

/**
 * Touches no row when the password was changed while it was being checked. It also locks the person: a change of the password at the same
 * time waits, and then finds the session and ends it.
 */
function samePasswordStep(personUid: string, password: string | null): Step {
  const sql = `update people set password = password where uid = $1 and ended_at is null and coalesce(password, '') = $2`
  return { sql, params: [personUid, password ?? ''], must: true, keepsCache: true }
}

export function sessions(db: Db): Sessions {
  return {
    begin(session, event, { replaced, requestDigest, browser, password } = {}) {
      const { uid, personUid, createdAt: at } = session
      const steps = password === undefined ? [] : [samePasswordStep(personUid, password)]
      steps.push(SESSIONS.add(session), eventStep(event))
      if (replaced) {
        const ended = { digest: replaced }
        steps.push(
          endSessionsStep(ended, at),
          moveSessionAppsStep(replaced, uid, personUid),
          ...queueLogoutsSteps(ended, at),
        )
      }
      if (browser) steps.push(forgetChoicesStep(browser))
      if (requestDigest) steps.push(confirmStep(requestDigest, uid, at))
      return isWritten(db, steps)
    },
    async findLive(digest, now, idleLifetime) {
      const row = await db.one(FIND_LIVE, [digest, now, now - idleLifetime])
      return row && SESSIONS.read<LiveSession>(row)
    },
    async seen(digest, at) {
      await db.write([{ sql: 'update sessions set seen_at = $2 where digest = $1', params: [digest, at] }])
    },
    end(digest, at, event) {
      const ended = { digest }
      return isWritten(db, [{ ...endSessionsStep(ended, at), must: true }, ...queueLogoutsSteps(ended, at)], event)
    },
    async endAll(personUid, at, event) {
      const ended = { personUid }
      await db.write([endSessionsStep(ended, at), ...queueLogoutsSteps(ended, at), eventStep(event)])
    },
  }
}
