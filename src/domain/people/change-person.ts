import type { Person } from '../../store/nouns/people.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import { readName } from '../businesses/name.ts'
import type { Parts } from '../parts.ts'
import { PROFILE_FIELDS, type ProfileField, settleProfile } from './profile.ts'
import { refuse } from './refusals.ts'

/** What of a person is to be otherwise; what is left out stays as it is, and null takes a field away. */
export interface PersonChange {
  name?: string | undefined
  emailVerified?: boolean | undefined
  phoneVerified?: boolean | undefined
  profile?: Partial<Record<ProfileField, string | null>>
}

/**
 * Changes what apps are told of a person. Only an operator comes here: nobody says of themselves that an e-mail or a phone number is
 * verified. Refuses a field that is not right by its name.
 */
export async function changePerson(
  was: Person,
  change: PersonChange,
  by: Actor,
  { store, clock }: Parts,
): Promise<Person> {
  const profile = settleProfile(change.profile ?? {}, was.profile ?? {})
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

/** The names of what is otherwise; the audit does not need what it was. */
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
