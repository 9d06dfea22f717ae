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

export interface EventFilter {
  businessUid?: string
  appUid?: string
  type?: string
  reference?: string
  before?: string
  after?: string
}

export interface Events {
  add(event: Event): Promise<void>
  /** The newest first: those whose uid is smaller than `before` and not smaller than `after`. */
  list(filter: EventFilter, limit: number): Promise<Event[]>
}
