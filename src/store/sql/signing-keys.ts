import type { Db } from '../engine/db.ts'
import type { SigningKey, SigningKeys } from '../nouns/signing-keys.ts'
import { camel } from './columns.ts'
import { endOne } from './ending.ts'
import { eventStep } from './events.ts'

export function signingKeys(db: Db): SigningKeys {
  return {
    async add(key, event) {
      const { kid, algorithm, generation, publicJwk, sealedJwk, createdAt, signsFrom, neededUntil } = key
      const step = {
        sql: `insert into signing_keys (kid, algorithm, generation, public_jwk, sealed_jwk, created_at, signs_from, needed_until)
          values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (algorithm, generation) do nothing`,
        params: [kid, algorithm, generation, publicJwk, sealedJwk, createdAt, signsFrom, neededUntil],
        must: true,
      }
      return (await db.write([step, eventStep(event)])) !== undefined
    },
    list: async () =>
      (await db.all('select * from signing_keys order by algorithm, generation', [])).map((row) =>
        camel<SigningKey>(row),
      ),
    async keepUntil(kid, until) {
      const sql = 'update signing_keys set needed_until = $2 where kid = $1 and needed_until < $2'
      await db.write([{ sql, params: [kid, until] }])
    },
    retire: (kid, at, event) =>
      endOne(
        db,
        { sql: 'update signing_keys set retired_at = $2 where kid = $1 and retired_at is null', params: [kid, at] },
        event,
      ),
  }
}
