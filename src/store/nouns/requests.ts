import type { Event } from './events.ts'

/** An authorization request that waits for a person. `request` is the parsed request as JSON. */
export interface PendingRequest {
  digest: string
  /** The digest of the browser's cookie. */
  browser: string
  appUid: string
  request: string
  /** The session that signed in or was confirmed for it. After an answer, the session that approved it; null if it was denied. */
  sessionUid: string | null
  businessUid: string | null
  createdAt: number
  expiresAt: number
  answeredAt: number | null
}

export interface PendingRequests {
  add(request: PendingRequest): Promise<void>
  find(digest: string): Promise<PendingRequest | undefined>
  /** Stores the session that was confirmed for it. Returns false when the request was answered or has expired. */
  confirm(digest: string, sessionUid: string, now: number): Promise<boolean>
  chooseBusiness(digest: string, businessUid: string, now: number): Promise<boolean>
  /** Ends the wait without an approval, and marks its pushed request as used: true for exactly one caller. */
  answer(digest: string, now: number, event: Event | undefined, pushed?: string | null): Promise<boolean>
}
