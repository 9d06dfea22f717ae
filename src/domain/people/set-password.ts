import type { Person } from '../../store/nouns/people.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'
import { checkPassword } from './person.ts'

/**
 * Gives a person another password and ends all their sessions, because whoever knew the old one may sit in any of them. False when the
 * person was ended meanwhile. What they allowed apps to do is their businesses' and stands.
 */
export async function setPassword(
  { uid }: Pick<Person, 'uid'>,
  password: string,
  by: Actor,
  { store, clock, passwords }: Parts,
): Promise<boolean> {
  checkPassword(password)
  const sealed = await passwords.seal(password)
  const now = clock.now()
  return store.people.setPassword(uid, sealed, now, newEvent('person.password-changed', now, by, { subject: uid }))
}
