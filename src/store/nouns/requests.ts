import type { Event } from './events.ts'

/** An authorization request that waits for a person. `request` is the request as understood, as JSON. */
export interface PendingRequest {
  digest: string
  /** The digest of the cookie of the browser that began it. */
  browser: string
  appUid: string
  request: string
  /** The session that signed in, or was confirmed, for this very request. */
  sessionUid: string | null
  businessUid: string | null
  createdAt: number
  expiresAt: number
  answeredAt: number | null
}

export interface PendingRequests {
  add(request: PendingRequest): Promise<void>
  find(digest: string): Promise<PendingRequest | undefined>
  /** Binds the session that was confirmed for it. False when it was answered or ran out. */
  confirm(digest: string, sessionUid: string, now: number): Promise<boolean>
  chooseBusiness(digest: string, businessUid: string, now: number): Promise<boolean>
  /** Ends the wait without an approval: true for exactly one caller. A pushed request that it came from is spent with it. */
  answer(digest: string, now: number, event: Event | undefined, pushed?: string | null): Promise<boolean>
}
