import type { Event } from './events.ts'

export interface Person {
  uid: string
  email: string
  /** The e-mail as it is compared: normalised, lower case. */
  emailKey: string
  name: string
  /** A PHC string, or null for someone who cannot sign in by password. */
  password: string | null
  /** Whether the platform made sure that the e-mail is theirs; left out: it did not. */
  emailVerified?: boolean
  profile?: Profile | null
  createdAt: number
  endedAt: number | null
}

/** What else is known of a person: claims of OpenID Connect Core §5.1, named as on the wire, because they are stored and sent as they are. */
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
  /** The person, alive or not. */
  find(uid: string): Promise<Person | undefined>
  /** The living person with this normalised e-mail. */
  findLiveByEmail(emailKey: string): Promise<Person | undefined>
  /** Replaces the stored password only if it still is `was`, so that a rehash never undoes a change. */
  replacePassword(uid: string, was: string | null, password: string): Promise<boolean>
  /** Writes name, profile and whether the e-mail is verified. False, and nothing written, when they are no longer as they were. */
  change(person: Person, event: Event, was: Person): Promise<boolean>
  /** Gives a living person another password and ends all their sessions, in one write. */
  setPassword(uid: string, password: string, at: number, event: Event): Promise<boolean>
  /** Ends them: every session of theirs, and every token they gave, dies with it; the e-mail is free again. */
  end(uid: string, at: number, event: Event): Promise<boolean>
}
