import type { Event } from './events.ts'

/** Something that is still to be sent to another server. */
export interface Delivery {
  /** What is sent: a row of the table of delivery kinds. */
  kind: string
  /** Names it among its kind, so that the same thing is not queued twice. */
  key: string
  /** What the kind needs to make it, as JSON. Never a secret or a token. */
  payload: string
  createdAt: number
  /** How often it was tried, the current try included. */
  tries: number
  nextAt: number
}

/** The outbox. The write that makes a delivery necessary also queues it, so neither is lost without the other. */
export interface Outbox {
  /** What is due, the longest due first. */
  listDue(now: number, limit: number): Promise<Delivery[]>
  /** Claims the next try, and postpones the one after it until `nextAt`. Returns true to exactly one caller. */
  claim(delivery: Delivery, nextAt: number): Promise<boolean>
  /** Deletes it, delivered or given up. False unless the caller claimed it last. */
  end(delivery: Delivery, event: Event | undefined): Promise<boolean>
}
