import type { Db } from '../engine/db.ts'
import type { Business, Businesses } from '../nouns/businesses.ts'
import { notEnded } from './alive.ts'
import { camel } from './columns.ts'
import { table } from './table.ts'
import { ending, endOne, finding } from './verbs.ts'

const BUSINESSES = table<Business>('businesses', 'uid, directory_uid, name, created_at')
const ADD = `${BUSINESSES.into} select ${BUSINESSES.places} from directories d where d.uid = $2 and ${notEnded('d')}`

export function businesses(db: Db): Businesses {
  return {
    async add(business, event) {
      return (await endOne(db, ADD, BUSINESSES.values(business), event)) ? business : undefined
    },
    find: finding(db, camel<Business>, 'select * from businesses where uid = $1'),
    async list(directoryUid) {
      const rows = directoryUid
        ? await db.all('select * from businesses where directory_uid = $1 order by created_at, uid', [directoryUid])
        : await db.all('select * from businesses order by created_at, uid', [])
      return rows.map((row) => camel<Business>(row))
    },
    end: ending(db, 'businesses'),
  }
}
