import { newUid } from '../../kit/id.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Business } from '../../store/nouns/businesses.ts'
import type { Store } from '../../store/store.ts'
import { newEvent } from '../audit/events.ts'
import { readName } from './name.ts'

/** What making businesses needs; a Site has it all. */
export interface BusinessNeeds {
  store: Pick<Store, 'businesses'>
  clock: { now(): number }
}

/** Makes a business in a living directory. Throws a Problem that names the field when something is not right. */
export async function createBusiness(
  draft: { directoryUid: string; name: string },
  actor: string,
  { store, clock }: BusinessNeeds,
): Promise<Business> {
  const now = clock.now()
  const business: Business = {
    uid: newUid(),
    directoryUid: draft.directoryUid,
    name: readName(draft.name, 'name'),
    createdAt: now,
    endedAt: null,
  }
  const facts = { actor, directoryUid: business.directoryUid, businessUid: business.uid, subject: business.uid }
  const added = await store.businesses.add(
    business,
    newEvent('business.created', now, { ...facts, details: { name: business.name } }),
  )
  if (!added) throw new Problem(404, 'There is no such directory, or it was ended.', { field: 'directory' })
  return added
}
