/** One security-relevant act: who did what to whom, with what result. */
export interface Event {
  /** Sorts by its second of birth. */
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
