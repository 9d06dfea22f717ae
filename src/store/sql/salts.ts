import type { Db } from '../engine/db.ts'
import type { Salt, Salts } from '../nouns/salts.ts'
import { camel } from './columns.ts'
import { finding } from './verbs.ts'

export function salts(db: Db): Salts {
  return {
    find: finding(db, camel<Salt>, 'select * from salts where name = $1'),
    async add({ name, sealed, createdAt }) {
      const sql = 'insert into salts (name, sealed, created_at) values ($1, $2, $3) on conflict (name) do nothing'
      await db.write([{ sql, params: [name, sealed, createdAt] }])
    },
    async reseal(name, was, sealed) {
      await db.write([
        { sql: 'update salts set sealed = $3 where name = $1 and sealed = $2', params: [name, was, sealed] },
      ])
    },
  }
}
