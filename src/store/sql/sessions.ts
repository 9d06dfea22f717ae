import type { Db, Step } from '../engine/db.ts'
import type { LiveSession, Sessions } from '../nouns/sessions.ts'
import { notEnded } from './alive.ts'
import { camel, insert, json, parse } from './columns.ts'
import { eventStep } from './events.ts'
import { confirmStep, forgetChoicesStep } from './requests.ts'
import { endSessionsStep, handOnAppsStep, tellAppsSteps } from './session-apps.ts'

/**
 * Lets nobody in by a password that was changed while it was being looked at. It also holds the person: whoever changes the password at
 * this instant waits, and then finds the session and ends it.
 */
function samePasswordStep(personUid: string, password: string | null): Step {
  const sql = `update people set password = password where uid = $1 and ended_at is null and coalesce(password, '') = $2`
  return { sql, params: [personUid, password ?? ''], must: true, keepsCache: true }
}

export function sessions(db: Db): Sessions {
  return {
    async begin(session, event, { replaced, requestDigest, browser, password } = {}) {
      const steps: Step[] = [
        ...(password === undefined ? [] : [samePasswordStep(session.personUid, password)]),
        insert('sessions', {
          digest: session.digest,
          uid: session.uid,
          person_uid: session.personUid,
          auth_time: session.authTime,
          methods: json(session.methods),
          created_at: session.createdAt,
          seen_at: session.seenAt,
          expires_at: session.expiresAt,
        }),
        eventStep(event),
      ]
      if (replaced) {
        const [ended, at] = [{ digest: replaced }, session.createdAt]
        steps.push(endSessionsStep(ended, at), handOnAppsStep(replaced, session.uid, session.personUid))
        steps.push(...tellAppsSteps(ended, at))
      }
      if (browser) steps.push(forgetChoicesStep(browser))
      if (requestDigest) steps.push(confirmStep(requestDigest, session.uid, session.createdAt))
      return (await db.write(steps)) !== undefined
    },
    async findLive(digest, now, idleLifetime) {
      const row = await db.one(
        `select s.*, p.email, p.name from sessions s join people p on p.uid = s.person_uid and ${notEnded('p')}
          where s.digest = $1 and ${notEnded('s')} and s.expires_at > $2 and s.seen_at > $3`,
        [digest, now, now - idleLifetime],
      )
      return row && { ...camel<LiveSession>(row), methods: parse<string[]>(row.methods) }
    },
    async seen(digest, at) {
      await db.write([{ sql: 'update sessions set seen_at = $2 where digest = $1', params: [digest, at] }])
    },
    async end(digest, at, event) {
      const ended = { digest }
      const steps = [{ ...endSessionsStep(ended, at), must: true }, ...tellAppsSteps(ended, at), eventStep(event)]
      return (await db.write(steps)) !== undefined
    },
    async endAll(personUid, at, event) {
      const ended = { personUid }
      await db.write([endSessionsStep(ended, at), ...tellAppsSteps(ended, at), eventStep(event)])
    },
  }
}
