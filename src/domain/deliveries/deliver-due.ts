import { OutboundFault } from '../../kit/outbound.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { Delivery } from '../../store/nouns/outbox.ts'
import { type DeliveryNeeds, openLogoutDelivery } from './logout-delivery.ts'

/** A delivery that is ready to be sent. */
export interface Sendable {
  /** Deliveries to one host are sent one after the other; hosts do not wait for each other. */
  host: string
  /** Returns the HTTP status of the answer. Throws an OutboundFault when there is none. */
  send(): Promise<number>
  /** Fields for the log. */
  about: Record<string, unknown>
  /** The audit event when it was delivered or has failed. */
  endEvent(isDelivered: boolean, details: { tries: number; status?: number }): Event
}

/** Makes a delivery of each kind ready from its payload; undefined when there is no receiver any more. */
const KINDS: Record<string, (payload: string, parts: DeliveryNeeds) => Promise<Sendable | undefined>> = {
  logout: openLogoutDelivery,
}

/** Seconds until the next try, after each try: eight tries in fourteen hours. */
const PAUSES_SECONDS = [10, 60, 300, 900, 3600, 3 * 3600, 9 * 3600]
const MAX_TRIES = PAUSES_SECONDS.length + 1
/** Another server repeats the last try when the server that claimed it crashes. */
const LEASE_SECONDS = 600
const BATCH_SIZE = 50

/**
 * Sends the due deliveries of the outbox, and returns how many there were. Only one server claims each delivery. When a host does not answer, its
 * other deliveries count as tried too, so a host that is down is tried once per batch.
 */
export async function deliverDue(parts: DeliveryNeeds, signal?: AbortSignal): Promise<number> {
  // Kinds that only a newer server knows stay queued for it.
  const now = parts.clock.now()
  const lists = Object.keys(KINDS).map((kind) => parts.store.outbox.listDue(kind, now, BATCH_SIZE))
  const due = (await Promise.all(lists)).flat()
  const opened = await Promise.all(
    due.map(async (delivery) => ({ delivery, sendable: await KINDS[delivery.kind]!(delivery.payload, parts) })),
  )
  const byHost = Map.groupBy(opened, ({ sendable }) => sendable?.host)
  await Promise.all(
    [...byHost.values()].map(async (deliveries) => {
      let isSilent = false
      for (const { delivery, sendable } of deliveries) {
        if (signal?.aborted) return
        isSilent = await tryOnce(delivery, sendable, isSilent, parts)
      }
    }),
  )
  return due.length
}

/** Tries one delivery. Returns whether its host does not answer. */
async function tryOnce(
  due: Delivery,
  sendable: Sendable | undefined,
  isSilent: boolean,
  { store, clock, log }: DeliveryNeeds,
): Promise<boolean> {
  const now = clock.now()
  if (!(await store.outbox.claim(due, now + (PAUSES_SECONDS[due.tries] ?? LEASE_SECONDS)))) return isSilent
  const claimed = { ...due, tries: due.tries + 1 }
  if (!sendable) {
    await store.outbox.end(claimed, undefined)
    return isSilent
  }
  const { tries } = claimed
  const about = { kind: due.kind, tries, ...sendable.about }
  const status = isSilent
    ? undefined
    : await sendable.send().catch((err) => {
        if (!(err instanceof OutboundFault)) throw err
        log.info({ ...about, err }, 'the receiver does not answer')
        return undefined
      })
  const isDelivered = status !== undefined && status >= 200 && status < 300
  if (isDelivered || tries >= MAX_TRIES)
    await store.outbox.end(
      claimed,
      sendable.endEvent(isDelivered, { tries, ...(status === undefined ? {} : { status }) }),
    )
  if (!isDelivered) log.info({ ...about, status }, 'the delivery failed')
  return status === undefined
}
