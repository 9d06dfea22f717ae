import type { Db } from '../engine/db.ts'
import type { SigningKey, SigningKeys } from '../nouns/signing-keys.ts'
import { camel } from './columns.ts'
import { table } from './table.ts'
import { endOne, listing } from './verbs.ts'

const SIGNING_KEYS = table<SigningKey>(
  'signing_keys',
  'kid, algorithm, generation, public_jwk, sealed_jwk, created_at, signs_from, needed_until',
)
const ADD = `${SIGNING_KEYS.into} values (${SIGNING_KEYS.places}) on conflict (algorithm, generation) do nothing`
const RETIRE = 'update signing_keys set retired_at = $2 where kid = $1 and retired_at is null'

export function signingKeys(db: Db): SigningKeys {
  return {
    add: (key, event) => endOne(db, ADD, SIGNING_KEYS.values(key), event),
    list: listing(db, camel<SigningKey>, 'select * from signing_keys order by algorithm, generation'),
    async keepUntil(kid, until) {
      const sql = 'update signing_keys set needed_until = $2 where kid = $1 and needed_until < $2'
      await db.write([{ sql, params: [kid, until] }])
    },
    retire: (kid, at, event) => endOne(db, RETIRE, [kid, at], event),
  }
}
