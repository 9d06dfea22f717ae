import { newUid } from '../../kit/id.ts'
import type { Business } from '../../store/nouns/businesses.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Ended, Parts } from '../parts.ts'
import { readName } from './name.ts'
import { refuse } from './refusals.ts'

/** Creates a business in a live directory. Throws a Refusal that names the field. */
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
  const fields = { directoryUid, businessUid: uid, subject: uid, details: { name } }
  const event = newEvent('business.created', now, by, fields)
  const added = mayReach(by, business) ? await store.businesses.add(business, event) : undefined
  if (!added) refuse('directory.unknown')
  return added
}

/** Ends a business permanently, with every token for it. Returns undefined when no such live business is in the actor's reach. */
export async function endBusiness(
  uid: string,
  by: Actor,
  { store, clock }: Parts,
): Promise<Ended<Business> | undefined> {
  const found = await store.businesses.find(uid)
  if (!found || !mayReach(by, found)) return undefined
  const at = clock.now()
  const fields = { directoryUid: found.directoryUid, businessUid: uid, subject: uid }
  const isEnded = await store.businesses.end(uid, at, newEvent('business.ended', at, by, fields))
  return isEnded ? { ...found, endedAt: at } : undefined
}
