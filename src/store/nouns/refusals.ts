import type { Event } from './events.ts'

/** A refused request, without anything secret. */
export interface KeptRefusal {
  /** The reference in the answer. */
  reference: string
  at: number
  method: string
  path: string
  /** The HTTP status of the answer; 303 when the browser was redirected to the app with the error. */
  status: number
  /** The `error` code of the protocol; null outside the protocol. */
  code: string | null
  /** The parameter that was wrong. */
  field: string | null
  message: string
  /** The key of the refusal in its table, and that of the reason it quotes. */
  checkName: string
  /** What to do; null when the message says it. */
  fix: string | null
  appUid: string | null
  /** The parameters that arrived, without secrets, as JSON. */
  request: string
}

export interface Refusals {
  /** Adds several, and events of refused requests, in one write. Skips a reference that exists. */
  add(refusals: readonly KeptRefusal[], events?: readonly Event[]): Promise<void>
  find(reference: string): Promise<KeptRefusal | undefined>
}
