import type { Person } from '../../store/nouns/people.ts'
import { type Actor, checkReach, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import { readName } from '../businesses/name.ts'
import type { Ended, Parts } from '../parts.ts'
import { checkPassword } from './password.ts'
import { mergeProfile, PROFILE_FIELDS, type ProfileField } from './profile.ts'
import { refuse } from './refusals.ts'

/** New values for a person. What is left out keeps its value; null removes a field. */
export interface PersonChange {
  name?: string | undefined
  emailVerified?: boolean | undefined
  phoneVerified?: boolean | undefined
  profile?: Partial<Record<ProfileField, string | null>>
}

/**
 * Changes what apps learn about a person. Only the platform may: people may not declare their own email or phone number verified. Throws a
 * Refusal that names the field.
 */
export async function changePerson(
  was: Person,
  change: PersonChange,
  by: Actor,
  { store, clock }: Parts,
): Promise<Person> {
  checkReach(by, { directoryUid: null })
  const profile = mergeProfile(change.profile ?? {}, was.profile ?? {})
  if (change.phoneVerified !== undefined) {
    if (!profile.phone_number) refuse('person.no-phone')
    profile.phone_number_verified = change.phoneVerified
  }
  const person: Person = {
    ...was,
    name: change.name === undefined ? was.name : readName(change.name, 'name'),
    emailVerified: change.emailVerified ?? was.emailVerified ?? false,
    profile,
  }
  const changed = differences(was, person)
  if (changed.length === 0) return was
  const now = clock.now()
  person.profile = { ...profile, updated_at: now }
  const event = newEvent('person.changed', now, by, { subject: was.uid, details: { changed } })
  if (await store.people.change(person, event, was)) return person
  return refuse('person.changed-meanwhile', { email: was.email })
}

/** Returns the names of the changed fields. The audit does not keep the former values. */
function differences(was: Person, now: Person): string[] {
  const parts = [...PROFILE_FIELDS, 'phone_number_verified'] as const
  const isOther = (part: (typeof parts)[number]) =>
    JSON.stringify(was.profile?.[part]) !== JSON.stringify(now.profile?.[part])
  return [
    ...(was.name === now.name ? [] : ['name']),
    ...((was.emailVerified ?? false) === now.emailVerified ? [] : ['email_verified']),
    ...parts.filter(isOther),
  ]
}

/**
 * Sets a new password, which only the platform may, and ends all sessions of the person, because someone who knew the old password may be using one. Permissions that the
 * person gave to apps stay, because they belong to the businesses. Returns false when the person was ended in the meantime.
 */
export async function setPassword(
  { uid }: Pick<Person, 'uid'>,
  password: string,
  by: Actor,
  { store, clock, passwords }: Parts,
): Promise<boolean> {
  checkReach(by, { directoryUid: null })
  checkPassword(password)
  const sealed = await passwords.seal(password)
  const now = clock.now()
  return store.people.setPassword(uid, sealed, now, newEvent('person.password-changed', now, by, { subject: uid }))
}

/**
 * Ends a person permanently, with their sessions and every token of their approvals. Their email can be used again. Only the platform may,
 * because a person belongs to no directory. Returns undefined when the actor may not, or no such live person exists.
 */
export async function endPerson(
  person: Person,
  by: Actor,
  { store, clock }: Parts,
): Promise<Ended<Person> | undefined> {
  if (!mayReach(by, { directoryUid: null })) return undefined
  const at = clock.now()
  const event = newEvent('person.ended', at, by, { subject: person.uid })
  return (await store.people.end(person.uid, at, event)) ? { ...person, endedAt: at } : undefined
}

/**
 * Removes the email, name, password and profile of a person permanently, and ends the person if that was not done before. The audit and what
 * the person approved keep their uid. Only the platform may. Returns the time, or undefined when the actor may not or there is nothing to erase.
 */
export async function erasePerson(
  { uid }: Pick<Person, 'uid'>,
  by: Actor,
  { store, clock }: Parts,
): Promise<number | undefined> {
  if (!mayReach(by, { directoryUid: null })) return undefined
  const at = clock.now()
  return (await store.people.erase(uid, at, newEvent('person.erased', at, by, { subject: uid }))) ? at : undefined
}
