import { newUid } from '../../kit/id.ts'
import type { Business } from '../../store/nouns/businesses.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Ended, Parts } from '../parts.ts'
import { readName } from './name.ts'
import { refuse } from './refusals.ts'

/** Makes a business in a living directory. Refuses a field that is not right by its name. */
export async function createBusiness(
  draft: { directoryUid: string; name: string },
  by: Actor,
  { store, clock }: Parts,
): Promise<Business> {
  const now = clock.now()
  const business: Business = {
    uid: newUid(),
    directoryUid: draft.directoryUid,
    name: readName(draft.name, 'name'),
    createdAt: now,
    endedAt: null,
  }
  const { uid, directoryUid, name } = business
  const event = newEvent('business.created', now, by, {
    directoryUid,
    businessUid: uid,
    subject: uid,
    details: { name },
  })
  const added = mayReach(by, business) ? await store.businesses.add(business, event) : undefined
  if (!added) refuse('business.unknown-directory')
  return added
}

/** Ends a business for good, and with it every token under it. Undefined when the actor reaches no such live business. */
export async function endBusiness(
  uid: string,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Ended<Business> | undefined> {
  const found = await store.businesses.find(uid)
  if (!found || !mayReach(by, found)) return undefined
  const at = clock.now()
  const fields = { directoryUid: found.directoryUid, businessUid: uid, subject: uid }
  const isEnded = await store.businesses.end(uid, at, newEvent('business.ended', at, by, fields))
  return isEnded ? { ...found, endedAt: at } : undefined
}
