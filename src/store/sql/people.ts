import type { Db, Row } from '../engine/db.ts'
import type { People, Person } from '../nouns/people.ts'
import { notEnded } from './alive.ts'
import { bit, camel, json, parse } from './columns.ts'
import { eventStep } from './events.ts'
import { endSessionsStep, tellAppsSteps } from './session-apps.ts'

function read(row: Row): Person {
  const profile = row.profile === null ? null : parse<Person['profile']>(row.profile)
  return { ...camel<Person>(row), emailVerified: row.email_verified === 1, profile }
}

/** The claims about a person, as columns: name, email_verified, profile. */
const claims = ({ name, emailVerified, profile }: Person) =>
  [name, bit(emailVerified ?? false), profile ? json(profile) : null] as const

export function people(db: Db): People {
  return {
    async find(uid) {
      const row = await db.one('select * from people where uid = $1', [uid])
      return row && read(row)
    },
    async findLiveByEmail(emailKey) {
      const row = await db.one(`select * from people p where p.email_key = $1 and ${notEnded('p')}`, [emailKey])
      return row && read(row)
    },
    async replacePassword(uid, was, password) {
      const step = {
        sql: `update people set password = $3 where uid = $1 and coalesce(password, '') = $2`,
        params: [uid, was ?? '', password],
        must: true,
      }
      return (await db.write([step])) !== undefined
    },
    async change(person, event, was) {
      const step = {
        sql: `update people set name = $2, email_verified = $3, profile = $4
          where uid = $1 and ended_at is null and name = $5 and email_verified = $6 and profile is not distinct from $7`,
        params: [person.uid, ...claims(person), ...claims(was)],
        must: true,
      }
      return (await db.write([step, eventStep(event)])) !== undefined
    },
    async setPassword(uid, password, at, event) {
      const person = 'update people set password = $2 where uid = $1 and ended_at is null'
      const steps = [
        { sql: person, params: [uid, password], must: true },
        endSessionsStep({ personUid: uid }, at),
        ...tellAppsSteps({ personUid: uid }, at),
        eventStep(event),
      ]
      return (await db.write(steps)) !== undefined
    },
    async end(uid, at, event) {
      const person = 'update people set ended_at = $2 where uid = $1 and ended_at is null'
      const steps = [
        { sql: person, params: [uid, at], must: true },
        endSessionsStep({ personUid: uid }, at),
        ...tellAppsSteps({ personUid: uid }, at),
        eventStep(event),
      ]
      return (await db.write(steps)) !== undefined
    },
  }
}
