import type { Db, Step } from '../engine/db.ts'
import type { PendingRequest, PendingRequests } from '../nouns/requests.ts'
import { camel, insert } from './columns.ts'
import { eventStep } from './events.ts'
import { spendPushedStep } from './pushed-requests.ts'

const WAITING = 'digest = $1 and answered_at is null and expires_at > $2'

/** Ends the wait: of several answers to one request, one counts. */
export function answerStep(digest: string, at: number): Step {
  return { sql: `update pending_requests set answered_at = $2 where ${WAITING}`, params: [digest, at], must: true }
}

/** A choice of business does not carry over to another person, in any tab of the browser. */
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
      await db.write([
        insert('pending_requests', {
          digest: request.digest,
          browser: request.browser,
          app_uid: request.appUid,
          request: request.request,
          session_uid: request.sessionUid,
          business_uid: request.businessUid,
          created_at: request.createdAt,
          expires_at: request.expiresAt,
        }),
      ])
    },
    async find(digest) {
      const row = await db.one('select * from pending_requests where digest = $1', [digest])
      return row && camel<PendingRequest>(row)
    },
    async confirm(digest, sessionUid, now) {
      return (await db.write([{ ...confirmStep(digest, sessionUid, now), must: true }])) !== undefined
    },
    async chooseBusiness(digest, businessUid, now) {
      const sql = `update pending_requests set business_uid = $3 where ${WAITING}`
      return (await db.write([{ sql, params: [digest, now, businessUid], must: true }])) !== undefined
    },
    async answer(digest, now, event, pushed) {
      const steps = [answerStep(digest, now), ...(pushed ? [spendPushedStep(pushed, now)] : [])]
      return (await db.write([...steps, ...(event ? [eventStep(event)] : [])])) !== undefined
    },
  }
}
