/** An entry of the audit: an act, its actor and its result. */
export interface Event {
  /** Sorts by the second of `at`. */
  uid: string
  type: string
  at: number
  actor: string
  result: 'done' | 'refused'
  directoryUid?: string | null
  businessUid?: string | null
  appUid?: string | null
  subject?: string | null
  reference?: string | null
  details?: string | null
}

export interface Events {
  add(event: Event): Promise<void>
  list(
    filter: { businessUid?: string; appUid?: string; type?: string; reference?: string },
    limit: number,
  ): Promise<Event[]>
}
