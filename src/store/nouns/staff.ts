import type { Event } from './events.ts'
import type { Person } from './people.ts'

/** A person's membership in one business. */
export interface Staff {
  uid: string
  businessUid: string
  personUid: string
  role: string
  createdAt: number
  endedAt: number | null
}

/** A live membership with its live business. */
export interface Membership {
  staffUid: string
  role: string
  businessUid: string
  businessName: string
  directoryUid: string
}

export interface StaffMemberships {
  /** Adds a membership, and the person if given. */
  add(staff: Staff, person: Person | undefined, event: Event): Promise<void>
  /** The membership, live or not. */
  find(uid: string): Promise<Staff | undefined>
  /** The person's live memberships in live businesses of live directories, by business name. */
  memberships(personUid: string): Promise<Membership[]>
  /** Ends the membership, and with it every token that acts for this person in this business. */
  end(uid: string, at: number, event: Event): Promise<boolean>
}
