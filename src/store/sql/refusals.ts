import type { Db } from '../engine/db.ts'
import type { KeptRefusal, Refusals } from '../nouns/refusals.ts'
import { camel } from './columns.ts'
import { eventStep } from './events.ts'
import { table } from './table.ts'
import { finding } from './verbs.ts'

const REFUSALS = table<KeptRefusal>(
  'refusals',
  'reference, at, method, path, status, code, field, message, check_name, fix, app_uid, request',
)
const ADD = `${REFUSALS.into} values (${REFUSALS.places}) on conflict (reference) do nothing`

export function refusals(db: Db): Refusals {
  return {
    async add(rows, events = []) {
      const steps = rows.map((each) => ({ sql: ADD, params: REFUSALS.values(each) }))
      if (rows.length + events.length > 0) await db.write([...steps, ...events.map(eventStep)])
    },
    find: finding(db, camel<KeptRefusal>, 'select * from refusals where reference = $1'),
  }
}
