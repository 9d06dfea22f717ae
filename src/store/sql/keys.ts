import type { Db } from '../db.ts'
import type { SigningKey } from '../rows.ts'
import type { Store } from '../store.ts'
import { camel } from './columns.ts'

export function keys(db: Db): Store['keys'] {
  return {
    async add(key) {
      await db.write([
        {
          sql: `insert into signing_keys (kid, algorithm, generation, public_jwk, sealed_jwk, created_at, signs_from)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict (algorithm, generation) do nothing`,
          params: [key.kid, key.algorithm, key.generation, key.publicJwk, key.sealedJwk, key.createdAt, key.signsFrom],
        },
      ])
    },
    list: async () =>
      (await db.all('select * from signing_keys order by algorithm, generation', [])).map((row) =>
        camel<SigningKey>(row),
      ),
    async retire(kid, at) {
      const sql = 'update signing_keys set retired_at = $2 where kid = $1 and retired_at is null'
      return (await db.write([{ sql, params: [kid, at], must: true }])) !== undefined
    },
  }
}
