import type { Event } from './events.ts'

export interface Person {
  uid: string
  email: string
  /** The normalized email in lower case, for comparisons. */
  emailKey: string
  name: string
  /** A PHC string; null for a person without a password. */
  password: string | null
  /** Whether the platform verified the email. */
  emailVerified?: boolean
  profile?: Profile | null
  createdAt: number
  endedAt: number | null
}

/** Other claims about a person (OpenID Connect Core §5.1). Named as on the wire, because they are stored as they are sent. */
export interface Profile {
  family_name?: string
  given_name?: string
  middle_name?: string
  nickname?: string
  preferred_username?: string
  profile?: string
  picture?: string
  website?: string
  gender?: string
  birthdate?: string
  zoneinfo?: string
  locale?: string
  phone_number?: string
  phone_number_verified?: boolean
  address?: Partial<Record<'formatted' | 'street_address' | 'locality' | 'region' | 'postal_code' | 'country', string>>
  /** When any of this was last changed. */
  updated_at?: number
}

export interface People {
  /** The person, live or not. */
  find(uid: string): Promise<Person | undefined>
  /** The live person with this normalized email. */
  findLiveByEmail(emailKey: string): Promise<Person | undefined>
  /** Replaces the stored password if it is still `was`, so that a rehash never undoes a change. */
  replacePassword(uid: string, was: string | null, password: string): Promise<boolean>
  /** Changes name, profile and `emailVerified`. Returns false and writes nothing when they are no longer as in `was`. */
  change(person: Person, event: Event, was: Person): Promise<boolean>
  /** Sets the password of a live person and ends all their sessions, in one write. */
  setPassword(uid: string, password: string, at: number, event: Event): Promise<boolean>
  /** Ends the person, and with them their sessions and every token that acts for them. Another person may take the email. */
  end(uid: string, at: number, event: Event): Promise<boolean>
  /** Removes email, name, password and profile, and ends the person if they are live. Returns false when that was done before. */
  erase(uid: string, at: number, event: Event): Promise<boolean>
}
