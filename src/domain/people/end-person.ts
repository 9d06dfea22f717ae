import type { Person } from '../../store/nouns/people.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Ended, Parts } from '../parts.ts'

/**
 * Ends a person for good: their sessions, and every token that they gave. The email is free again. A person belongs to no directory, so only
 * the platform may. Undefined when there is no such live person.
 */
export async function endPerson(
  person: Person,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Ended<Person> | undefined> {
  if (!mayReach(by, { directoryUid: null })) return undefined
  const at = clock.now()
  const event = newEvent('person.ended', at, by, { subject: person.uid })
  return (await store.people.end(person.uid, at, event)) ? { ...person, endedAt: at } : undefined
}
