import type { Clock } from '../../kit/clock.ts'
import { digest, sameText, tokenDigest } from '../../kit/digest.ts'
import { isToken } from '../../kit/id.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { Store } from '../../store/store.ts'
import { type AuthorizationRequest, requestOf } from './authorization-request.ts'

/**
 * What a ticket stands for at this moment. Only `waiting` may go on. `over` knows the request itself, so that the person can begin it
 * anew: that is no more than the app's own link to us, and holds nothing that was answered. Another browser is told nothing of it.
 */
export type TicketFinding =
  | { kind: 'waiting'; digest: string; pending: PendingRequest; request: AuthorizationRequest; app: App }
  | { kind: 'other-browser'; request: Pick<AuthorizationRequest, 'clientId' | 'locales'> }
  | { kind: 'over'; request: AuthorizationRequest }
  | { kind: 'unknown' }

/** Finds the request that a ticket stands for, and whether this browser may go on with it (RFC 9700 §4.7: bound to the browser). */
export async function findWaiting(
  ticket: string | undefined,
  browser: string | undefined,
  { store, clock }: { store: Store; clock: Clock },
): Promise<TicketFinding> {
  if (!ticket || !isToken(ticket)) return { kind: 'unknown' }
  const pending = await store.requests.find(tokenDigest(ticket))
  if (!pending) return { kind: 'unknown' }
  const app = await store.apps.findLive(pending.appUid)
  if (!app || app.endedAt !== null) return { kind: 'unknown' }
  const request = requestOf(pending)
  // First of all, so that a ticket which was passed on tells neither whose it is nor what became of it. Nor what the app sent for itself
  // (state, nonce, code_challenge): whoever has all three makes a code of their own that the app would take for its person's.
  if (!browser || !sameText(pending.browser, digest(browser))) {
    const { clientId, locales } = request
    return { kind: 'other-browser', request: { clientId, locales } }
  }
  if (pending.answeredAt !== null || pending.expiresAt <= clock.now()) {
    // Begun anew, it is for the business that was chosen.
    return { kind: 'over', request: { ...request, businessUid: pending.businessUid ?? request.businessUid } }
  }
  return { kind: 'waiting', digest: pending.digest, pending, request, app }
}
