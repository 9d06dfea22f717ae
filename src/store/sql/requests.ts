import type { Db, Step } from '../engine/db.ts'
import type { PendingRequest, PendingRequests } from '../nouns/requests.ts'
import { camel } from './columns.ts'
import { spendPushedStep } from './pushed-requests.ts'
import { table } from './table.ts'
import { endOne, finding, isWritten } from './verbs.ts'

const PENDING_REQUESTS = table<PendingRequest>(
  'pending_requests',
  'digest, browser, app_uid, request, session_uid, business_uid, created_at, expires_at',
)
const WAITING = 'digest = $1 and answered_at is null and expires_at > $2'

/** Ends the wait. Of several answers to one request, one counts. `sessionUid` is the session that approves it; null denies it. */
export function answerStep(digest: string, at: number, sessionUid: string | null): Step {
  const sql = `update pending_requests set answered_at = $2, session_uid = $3 where ${WAITING}`
  return { sql, params: [digest, at, sessionUid], must: true }
}

/** Deletes the choices of business in every tab of the browser, so that another person does not inherit them. */
export function forgetChoicesStep(browser: string): Step {
  const sql = 'update pending_requests set business_uid = null where browser = $1 and business_uid is not null'
  return { sql, params: [browser] }
}

export function confirmStep(digest: string, sessionUid: string, at: number): Step {
  // A person who picks an account for a request chooses the business again.
  const sql = `update pending_requests set session_uid = $3, business_uid = null where ${WAITING}`
  return { sql, params: [digest, at, sessionUid] }
}

export function requests(db: Db): PendingRequests {
  return {
    async add(request) {
      await db.write([PENDING_REQUESTS.add(request)])
    },
    find: finding(db, camel<PendingRequest>, 'select * from pending_requests where digest = $1'),
    confirm: (digest, sessionUid, now) => isWritten(db, [{ ...confirmStep(digest, sessionUid, now), must: true }]),
    chooseBusiness: (digest, businessUid, now) =>
      endOne(db, `update pending_requests set business_uid = $3 where ${WAITING}`, [digest, now, businessUid]),
    answer: (digest, now, event, pushed) =>
      isWritten(db, [answerStep(digest, now, null), ...(pushed ? [spendPushedStep(pushed, now, true)] : [])], event),
  }
}
