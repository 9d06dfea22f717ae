import type { Db } from '../engine/db.ts'
import type { Event } from '../nouns/events.ts'
import type { People, Person } from '../nouns/people.ts'
import { notEnded } from './alive.ts'
import { endSessionsStep, queueLogoutsSteps } from './session-apps.ts'
import { table } from './table.ts'
import { endOne, finding, isWritten } from './verbs.ts'

export const PEOPLE = table<Person>(
  'people',
  'uid, email, email_key, password, created_at',
  'name, email_verified bit, profile json',
)

const set = (column: string) => `update people set ${column} = $2 where uid = $1 and ended_at is null`

// The uid stays: the audit, memberships and approvals name the person by it.
const ERASE = `update people set email = '', email_key = uid, name = '', password = null, email_verified = 0, profile = null,
    ended_at = coalesce(ended_at, $2) where uid = $1 and email <> ''`

export function people(db: Db): People {
  /** Changes a person, with the uid as `$1` and `value` as `$2`, and ends all their sessions. */
  const changeAndSignOut = (sql: string, value: string | number, uid: string, at: number, event: Event) => {
    const ended = { personUid: uid }
    const steps = [
      { sql, params: [uid, value], must: true },
      endSessionsStep(ended, at),
      ...queueLogoutsSteps(ended, at),
    ]
    return isWritten(db, steps, event)
  }
  return {
    find: finding(db, PEOPLE.read, 'select * from people where uid = $1'),
    findLiveByEmail: finding(db, PEOPLE.read, `select * from people p where p.email_key = $1 and ${notEnded('p')}`),
    replacePassword(uid, was, password) {
      const sql = `update people set password = $3 where uid = $1 and coalesce(password, '') = $2`
      return endOne(db, sql, [uid, was ?? '', password])
    },
    change: (person, event, was) => isWritten(db, [PEOPLE.change(person, was)], event),
    setPassword: (uid, password, at, event) => changeAndSignOut(set('password'), password, uid, at, event),
    end: (uid, at, event) => changeAndSignOut(set('ended_at'), at, uid, at, event),
    erase: (uid, at, event) => changeAndSignOut(ERASE, at, uid, at, event),
  }
}
