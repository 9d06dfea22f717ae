/** What the server knew of a request that it refused; nothing in it is secret. */
export interface KeptRefusal {
  /** The reference that the answer named. */
  reference: string
  at: number
  method: string
  path: string
  /** The HTTP status of the answer; 303 where the error went back to the app by the browser. */
  status: number
  /** The error as the protocol names it; null outside the protocol. */
  code: string | null
  /** The parameter that was wrong. */
  field: string | null
  sentence: string
  /** The short, lasting name of the check that refused. */
  check: string
  /** What would be right; null where the sentence says it all. */
  fix: string | null
  appUid: string | null
  /** What arrived, fit to be kept, as JSON. */
  request: string
}

export interface Refusals {
  /** Writes several at once; one whose reference is there already is passed over. */
  add(refusals: readonly KeptRefusal[]): Promise<void>
  find(reference: string): Promise<KeptRefusal | undefined>
}
