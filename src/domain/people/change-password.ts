import type { Passwords } from '../../kit/password.ts'
import type { Person } from '../../store/nouns/people.ts'
import type { Store } from '../../store/store.ts'
import { newEvent } from '../audit/events.ts'
import { checkPassword } from './person.ts'

/** What changing a password needs; a Site has it all. */
export interface PasswordNeeds {
  store: Pick<Store, 'people'>
  clock: { now(): number }
  passwords: Pick<Passwords, 'seal'>
}

/**
 * Gives a person another password and ends all their sessions, because whoever knew the old one may sit in any of them. False when the
 * person was ended meanwhile. What they allowed apps to do is their businesses' and stands.
 */
export async function changePassword(
  { uid }: Pick<Person, 'uid'>,
  password: string,
  actor: string,
  { store, clock, passwords }: PasswordNeeds,
): Promise<boolean> {
  checkPassword(password)
  const sealed = await passwords.seal(password)
  const now = clock.now()
  return store.people.setPassword(uid, sealed, now, newEvent('person.password-changed', now, { actor, subject: uid }))
}
