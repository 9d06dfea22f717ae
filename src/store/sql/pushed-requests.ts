import type { Db, Step } from '../engine/db.ts'
import type { PushedRequest, PushedRequests } from '../nouns/pushed-requests.ts'
import { camel } from './columns.ts'
import { table } from './table.ts'
import { finding } from './verbs.ts'

const PUSHED_REQUESTS = table<Omit<PushedRequest, 'usedAt'>>(
  'pushed_requests',
  'digest, app_uid, request, created_at, expires_at',
)

/** Marks a pushed request as used, in the write that answers it, so that it is answered once. */
export function spendPushedStep(digest: string, at: number): Step {
  return { sql: 'update pushed_requests set used_at = $2 where digest = $1 and used_at is null', params: [digest, at] }
}

export function pushedRequests(db: Db): PushedRequests {
  return {
    async add(request) {
      await db.write([PUSHED_REQUESTS.add(request)])
    },
    find: finding(db, camel<PushedRequest>, 'select * from pushed_requests where digest = $1'),
  }
}
