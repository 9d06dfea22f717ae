import type { Db } from '../engine/db.ts'
import type { Assertions } from '../nouns/assertions.ts'

export function assertions(db: Db): Assertions {
  return {
    async claim(digest, expiresAt) {
      const sql = 'insert into assertions (digest, expires_at) values ($1, $2) on conflict (digest) do nothing'
      return (await db.write([{ sql, params: [digest, expiresAt], must: true }])) !== undefined
    },
  }
}
