import type { Db, Step } from '../engine/db.ts'
import type { PushedRequest, PushedRequests } from '../nouns/pushed-requests.ts'
import { camel } from './columns.ts'
import { table } from './table.ts'
import { finding } from './verbs.ts'

const PUSHED_REQUESTS = table<Omit<PushedRequest, 'usedAt'>>(
  'pushed_requests',
  'digest, app_uid, request, created_at, expires_at',
)

/**
 * Marks a pushed request as used, in the write that answers it, so that it is answered once. A request that waits for a person has the lifetime
 * of the wait. Any other must be answered before the push expires.
 */
export function spendPushedStep(digest: string, at: number, isWaiting: boolean): Step {
  const isInTime = isWaiting ? '' : ' and expires_at > $2'
  const sql = `update pushed_requests set used_at = $2 where digest = $1 and used_at is null${isInTime}`
  return { sql, params: [digest, at] }
}

export function pushedRequests(db: Db): PushedRequests {
  return {
    async add(request) {
      await db.write([PUSHED_REQUESTS.add(request)])
    },
    find: finding(db, camel<PushedRequest>, 'select * from pushed_requests where digest = $1'),
  }
}
