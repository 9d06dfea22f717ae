import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'

/**
 * Answers a waiting request with no. False when it was answered before. `visitor` is the key of a visitor who has not signed in: the audit
 * keeps only so many of theirs, because they need no account to deny.
 */
export async function denyRequest(
  { digest, appUid, businessUid }: PendingRequest,
  pushed: Parameters<Parts['store']['requests']['answer']>[3],
  visitor: string | undefined,
  by: Actor,
  { store, clock, limits }: Pick<Parts, 'store' | 'clock' | 'limits'>,
): Promise<boolean> {
  const now = clock.now()
  const isNoted = visitor === undefined || (await limits.may('audit-lines', `denied ${visitor}`))
  const event = isNoted ? newEvent('consent.denied', now, by, { appUid, businessUid }) : undefined
  return store.requests.answer(digest, now, event, pushed)
}
