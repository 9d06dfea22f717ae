import type { Db } from '../engine/db.ts'
import type { KeptRefusal, Refusals } from '../nouns/refusals.ts'
import { camel } from './columns.ts'
import { table } from './table.ts'
import { finding } from './verbs.ts'

const REFUSALS = table<KeptRefusal>(
  'refusals',
  'reference, at, method, path, status, code, field, message, check_name, fix, app_uid, request',
)
const ADD = `${REFUSALS.into} values (${REFUSALS.places}) on conflict (reference) do nothing`

export function refusals(db: Db): Refusals {
  return {
    async add(rows) {
      if (rows.length > 0) await db.write(rows.map((each) => ({ sql: ADD, params: REFUSALS.values(each) })))
    },
    find: finding(db, camel<KeptRefusal>, 'select * from refusals where reference = $1'),
  }
}
