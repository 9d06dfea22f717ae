import type { Db } from '../engine/db.ts'
import type { Assertions } from '../nouns/assertions.ts'
import { endOne } from './verbs.ts'

const CLAIM = 'insert into assertions (digest, expires_at) values ($1, $2) on conflict (digest) do nothing'

export function assertions(db: Db): Assertions {
  return { claim: (digest, expiresAt) => endOne(db, CLAIM, [digest, expiresAt]) }
}
