import type { Db, Step } from '../engine/db.ts'
import type { PushedRequest, PushedRequests } from '../nouns/pushed-requests.ts'
import { camel, insert } from './columns.ts'

/** Spends a pushed request in the write that answers it: of several answers, one counts. */
export function spendPushedStep(digest: string, at: number): Step {
  return { sql: 'update pushed_requests set used_at = $2 where digest = $1 and used_at is null', params: [digest, at] }
}

export function pushedRequests(db: Db): PushedRequests {
  return {
    async add({ digest, appUid, request, createdAt, expiresAt }) {
      await db.write([
        insert('pushed_requests', {
          digest,
          app_uid: appUid,
          request,
          created_at: createdAt,
          expires_at: expiresAt,
        }),
      ])
    },
    async find(digest) {
      const row = await db.one('select * from pushed_requests where digest = $1', [digest])
      return row && camel<PushedRequest>(row)
    },
  }
}
