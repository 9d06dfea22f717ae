import type { Db } from '../db.ts'
import type { Person } from '../rows.ts'
import type { Store } from '../store.ts'
import { camel } from './columns.ts'
import { endOne, eventStep } from './events.ts'

export function people(db: Db): Store['people'] {
  return {
    async find(uid) {
      const row = await db.one('select * from people where uid = $1', [uid])
      return row && camel<Person>(row)
    },
    async findByEmail(emailKey) {
      const row = await db.one('select * from people where email_key = $1 and ended_at is null', [emailKey])
      return row && camel<Person>(row)
    },
    async replacePassword(uid, was, password) {
      const step = {
        sql: `update people set password = $3 where uid = $1 and coalesce(password, '') = $2`,
        params: [uid, was ?? '', password],
        must: true,
      }
      return (await db.write([step])) !== undefined
    },
    async setPassword(uid, password, at, event) {
      const person = 'update people set password = $2 where uid = $1 and ended_at is null'
      const sessions = 'update sessions set ended_at = $2 where person_uid = $1 and ended_at is null'
      const steps = [
        { sql: person, params: [uid, password], must: true },
        { sql: sessions, params: [uid, at] },
        eventStep(event),
      ]
      return (await db.write(steps)) !== undefined
    },
    end: (uid, at, event) =>
      endOne(
        db,
        { sql: 'update people set ended_at = $2 where uid = $1 and ended_at is null', params: [uid, at] },
        event,
      ),
  }
}
