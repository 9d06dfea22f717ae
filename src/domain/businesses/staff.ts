import { newUid } from '../../kit/id.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { Person } from '../../store/nouns/people.ts'
import type { Staff } from '../../store/nouns/staff.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Ended, Parts } from '../parts.ts'
import { needEmailKey } from '../people/email-key.ts'
import { checkPassword } from '../people/password.ts'
import { mergeProfile } from '../people/profile.ts'
import { readName } from './name.ts'
import { refusal, refuse } from './refusals.ts'

export interface StaffDraft {
  businessUid: string
  email: string
  /** `owner`, `admin`, or a role that the platform invents. */
  role: string
  /** Required for a new person; a known person keeps their name. */
  name?: string
  /** The username of a new person (OpenID Connect Core §5.1). A known person keeps theirs. */
  preferredUsername?: string | undefined
  /** For a new person, who cannot sign in by password without one. A known person keeps theirs. */
  password?: string
}

/**
 * Makes a person staff of a live business. If a person has this email already, only the membership is added. Throws a Refusal that names the
 * field.
 */
export async function createStaff(
  draft: StaffDraft,
  by: Actor,
  { store, clock, passwords }: Parts,
): Promise<{ staff: Staff; person: Person; isNewPerson: boolean }> {
  const role = readRole(draft.role)
  const emailKey = needEmailKey(draft.email)
  const business = await store.businesses.find(draft.businessUid)
  if (!business || business.endedAt !== null || !mayReach(by, business)) refuse('business.unknown')
  const now = clock.now()
  const known = await store.people.findLiveByEmail(emailKey)
  const person = known ?? (await newPerson(draft, emailKey, now, passwords))
  const staff: Staff = {
    uid: newUid(),
    businessUid: business.uid,
    personUid: person.uid,
    role,
    createdAt: now,
    endedAt: null,
  }
  const fields = {
    directoryUid: business.directoryUid,
    businessUid: business.uid,
    subject: staff.uid,
    details: { person: person.uid, role, isNewPerson: !known },
  }
  try {
    await store.staff.add(staff, known ? undefined : person, newEvent('staff.created', now, by, fields))
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    // Another request just added this membership, or a person with this email.
    throw refusal(known ? 'staff.already' : 'staff.other-person', { email: person.email })
  }
  return { staff, person, isNewPerson: !known }
}

/** Ends a staff membership, with every token that it approved. Returns undefined when no such live membership is in the actor's reach. */
export async function endStaff(uid: string, by: Actor, { store, clock }: Parts): Promise<Ended<Staff> | undefined> {
  const found = await store.staff.find(uid)
  const business = found && (await store.businesses.find(found.businessUid))
  if (!business || !mayReach(by, business)) return undefined
  const at = clock.now()
  const fields = { directoryUid: business.directoryUid, businessUid: business.uid, subject: uid }
  const isEnded = await store.staff.end(uid, at, newEvent('staff.ended', at, by, fields))
  return isEnded ? { ...found, endedAt: at } : undefined
}

async function newPerson(
  { email, name, preferredUsername, password }: StaffDraft,
  emailKey: string,
  createdAt: number,
  passwords: Parts['passwords'],
): Promise<Person> {
  if (name === undefined) refuse('staff.no-name')
  if (password !== undefined) checkPassword(password)
  return {
    uid: newUid(),
    email: email.trim(),
    emailKey,
    name: readName(name, 'name'),
    password: password === undefined ? null : await passwords.seal(password),
    profile: preferredUsername === undefined ? null : mergeProfile({ preferred_username: preferredUsername }, {}),
    createdAt,
    endedAt: null,
  }
}

function readRole(text: string): string {
  const role = text.trim()
  return /^[a-z][a-z0-9_-]{0,39}$/.test(role) ? role : refuse('staff.role')
}
