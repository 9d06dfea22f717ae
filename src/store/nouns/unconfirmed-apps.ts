import type { Event } from './events.ts'

/** An app that registered or described itself and that no business has connected yet. The write that adds such an app lists it. */
export interface UnconfirmedApp {
  /** When it ends, unless a business connects it before. */
  until: number
  /** How many there may be. The oldest above that end at once. */
  most: number
}

export interface UnconfirmedApps {
  /** The uids of the live apps whose time is over, at most `limit`. */
  listDue(now: number, limit: number): Promise<string[]>
  /** Ends such an app. Returns false, and writes nothing, when it has ended or a business has connected it. The sweep deletes it later. */
  end(appUid: string, at: number, event: Event): Promise<boolean>
}
