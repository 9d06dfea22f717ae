import { digest, sameText, tokenDigest } from '../../kit/digest.ts'
import { isToken } from '../../kit/id.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'
import { type AuthorizationRequest, requestOf } from './authorization-request.ts'

/**
 * What a ticket refers to. Only `waiting` can continue. `over` has the request, so that the person can start it again: it is the app's own
 * link to us and holds no answer.
 */
export type TicketFinding =
  | { kind: 'waiting'; digest: string; pending: PendingRequest; request: AuthorizationRequest; app: App }
  | { kind: 'other-browser'; request: Pick<AuthorizationRequest, 'clientId' | 'locales'> }
  | { kind: 'over'; pending: PendingRequest; request: AuthorizationRequest; app: App }
  | { kind: 'unknown' }

/** Finds the request of a ticket, and whether this browser may continue it (RFC 9700 §4.7). */
export async function findWaitingRequest(
  ticket: string | undefined,
  browser: string | undefined,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<TicketFinding> {
  if (!ticket || !isToken(ticket)) return { kind: 'unknown' }
  const pending = await store.requests.find(tokenDigest(ticket))
  const app = pending && (await store.apps.findLive(pending.appUid))
  if (!app) return { kind: 'unknown' }
  const request = requestOf(pending)
  // The browser is checked first, so that a ticket sent to another person reveals nothing about its request. state, nonce and code_challenge
  // must stay hidden above all: with them, an attacker could make a code that the app accepts as its own person's.
  if (!browser || !sameText(pending.browser, digest(browser))) {
    const { clientId, locales } = request
    return { kind: 'other-browser', request: { clientId, locales } }
  }
  if (pending.answeredAt !== null || pending.expiresAt <= clock.now()) {
    // Started again, it is for the business that was chosen.
    return {
      kind: 'over',
      pending,
      request: { ...request, businessUid: pending.businessUid ?? request.businessUid },
      app,
    }
  }
  return { kind: 'waiting', digest: pending.digest, pending, request, app }
}

/**
 * Records that a waiting request was denied. Returns false when it was answered before. `visitor` is the limit key of a visitor who has not
 * signed in: the audit keeps only some of their denials, because they need no account for them.
 */
export async function denyRequest(
  { digest: answered, appUid, businessUid }: PendingRequest,
  pushed: Parameters<Parts['store']['requests']['answer']>[3],
  visitor: string | undefined,
  by: Actor,
  { store, clock, limits }: Pick<Parts, 'store' | 'clock' | 'limits'>,
): Promise<boolean> {
  const now = clock.now()
  const isNoted = visitor === undefined || limits.may('audit-lines', `denied ${visitor}`)
  const event = isNoted ? newEvent('consent.denied', now, by, { appUid, businessUid }) : undefined
  return store.requests.answer(answered, now, event, pushed)
}
