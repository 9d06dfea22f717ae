import type { Clock } from '../kit/clock.ts'
import { digest, sameText, tokenDigest } from '../kit/digest.ts'
import type { App, PendingRequest } from '../store/rows.ts'
import type { Store } from '../store/store.ts'
import { type AuthorizationRequest, requestOf } from './authorization-request.ts'

/**
 * What a ticket stands for at this moment. Only `waiting` may go on. The others know at most the request itself, so that the person
 * can begin it anew: that is no more than the app's own link to us, and holds nothing that was answered.
 */
export type Waiting =
  | { kind: 'waiting'; digest: string; pending: PendingRequest; request: AuthorizationRequest; app: App }
  | { kind: 'other-browser'; request: AuthorizationRequest }
  | { kind: 'over'; request: AuthorizationRequest }
  | { kind: 'unknown' }

/** Finds the request that a ticket stands for, and whether this browser may go on with it (RFC 9700 §4.7: bound to the browser). */
export async function findWaiting(
  ticket: string | undefined,
  browser: string | undefined,
  { store, clock }: { store: Store; clock: Clock },
): Promise<Waiting> {
  if (!ticket || !/^[0-9a-f]{64}$/.test(ticket)) return { kind: 'unknown' }
  const pending = await store.requests.find(tokenDigest(ticket))
  if (!pending) return { kind: 'unknown' }
  const app = await store.apps.find(pending.appUid)
  if (!app || app.endedAt !== null) return { kind: 'unknown' }
  const request = requestOf(pending)
  if (pending.answeredAt !== null || pending.expiresAt <= clock.now()) return { kind: 'over', request }
  if (!browser || !sameText(pending.browser, digest(browser))) return { kind: 'other-browser', request }
  return { kind: 'waiting', digest: pending.digest, pending, request, app }
}
