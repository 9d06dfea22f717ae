import type { Event } from './events.ts'

/** A message to another server that is not delivered yet. */
export interface Delivery {
  /** A key of `KINDS` in `deliver-due.ts`. */
  kind: string
  /** Unique in its kind, so that nothing is queued twice. */
  key: string
  /** What the kind needs to make the message, as JSON. Never a secret or a token. */
  payload: string
  createdAt: number
  /** The number of tries, including the current one. */
  tries: number
  nextAt: number
}

/** The write that makes a delivery necessary also queues it, so that neither is lost without the other. */
export interface Outbox {
  /** The due deliveries, longest due first. */
  listDue(kind: string, now: number, limit: number): Promise<Delivery[]>
  /** Claims the next try, and postpones the one after it until `nextAt`. Returns true to exactly one caller. */
  claim(delivery: Delivery, nextAt: number): Promise<boolean>
  /** Deletes a delivery that arrived or has failed. Returns false unless the caller claimed it last. */
  end(delivery: Delivery, event: Event | undefined): Promise<boolean>
}
