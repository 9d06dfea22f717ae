import type { Event } from './events.ts'

export interface Business {
  uid: string
  directoryUid: string
  name: string
  createdAt: number
  endedAt: number | null
}

export interface Businesses {
  /** Returns undefined and writes nothing when the directory has ended. */
  add(business: Business, event: Event): Promise<Business | undefined>
  /** The business, alive or not. */
  find(uid: string): Promise<Business | undefined>
  list(directoryUid?: string): Promise<Business[]>
  end(uid: string, at: number, event: Event): Promise<boolean>
}
