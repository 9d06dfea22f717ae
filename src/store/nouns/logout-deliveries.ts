import type { Event } from './events.ts'

/** An app that has yet to be told that a session has ended (OpenID Connect Back-Channel Logout §2.5). */
export interface LogoutDelivery {
  /** How the app knows the session. */
  sid: string
  appUid: string
  /** Whom the app believes to be signed in. */
  staffUid: string
  createdAt: number
  /** How often it was tried, the try under way included. */
  tries: number
  /** When it is due next. */
  nextAt: number
}

/** Begun by whatever ends a session, in the same write. */
export interface LogoutDeliveries {
  /** Those that are due, the longest due first. */
  due(now: number, limit: number): Promise<LogoutDelivery[]>
  /** Takes on the next try, and puts the one after it off until `nextAt`: true for exactly one caller. */
  claim(delivery: LogoutDelivery, nextAt: number): Promise<boolean>
  /** Ends it, heard or given up, by whoever has claimed it last. */
  end(delivery: LogoutDelivery, event: Event | undefined): Promise<boolean>
}
