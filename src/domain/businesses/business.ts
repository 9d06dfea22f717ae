import { newUid } from '../../kit/id.ts'
import type { Business } from '../../store/nouns/businesses.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'
import { readName } from './name.ts'
import { refuse } from './refusals.ts'

/** Makes a business in a living directory. Throws a Problem that names the field when something is not right. */
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
  const added = await store.businesses.add(business, event)
  if (!added) refuse('business.unknown-directory')
  return added
}
