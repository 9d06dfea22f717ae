import { OutboundFault } from '../../kit/outbound.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { Delivery } from '../../store/nouns/outbox.ts'
import { type LogoutNeeds, openLogoutDelivery } from './logout-delivery.ts'

/** A delivery that is ready to be sent. */
export interface Sendable {
  /** Deliveries to one host are sent one after the other; hosts do not wait for each other. */
  host: string
  /** Sends it. Returns the HTTP status of the answer; throws an OutboundFault when there is none. */
  send(): Promise<number>
  /** What the log says with each try. */
  about: Record<string, unknown>
  /** The audit event of its end: delivered, or given up. */
  endEvent(isDelivered: boolean, details: { tries: number; status?: number }): Event
}

/** The kinds of deliveries. Each makes a delivery ready from its payload; undefined when nobody is left to receive it. */
const KINDS: Record<string, (payload: string, parts: DeliveryNeeds) => Promise<Sendable | undefined>> = {
  logout: openLogoutDelivery,
}

export type DeliveryNeeds = LogoutNeeds

/** Seconds until the next try, after each try: eight tries within fourteen hours. */
const PAUSES = [10, 60, 300, 900, 3600, 3 * 3600, 9 * 3600]
const MAX_TRIES = PAUSES.length + 1
/** No try follows the last one, but a server that dies during it must leave the row to another. */
const LEASE_SECONDS = 600
const BATCH = 50

/**
 * Sends what is due in the outbox. Each delivery is claimed by one server only. When a host gives no answer at all, the other deliveries to
 * it count as tried too, so a host that is down is asked once per batch. Returns how many were due.
 */
export async function deliverDue(parts: DeliveryNeeds, signal?: AbortSignal): Promise<number> {
  const due = await parts.store.outbox.listDue(parts.clock.now(), BATCH)
  const opened = await Promise.all(
    due.map(async (delivery) => ({ delivery, sendable: await KINDS[delivery.kind]?.(delivery.payload, parts) })),
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

/** Tries one delivery. Returns whether its host is known to give no answer. */
async function tryOnce(
  due: Delivery,
  sendable: Sendable | undefined,
  isSilent: boolean,
  { store, clock, log }: DeliveryNeeds,
): Promise<boolean> {
  const now = clock.now()
  if (!(await store.outbox.claim(due, now + (PAUSES[due.tries] ?? LEASE_SECONDS)))) return isSilent
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
        log.info({ ...about, err }, 'a server does not answer')
        return undefined
      })
  const isDelivered = status !== undefined && status >= 200 && status < 300
  if (isDelivered || tries >= MAX_TRIES)
    await store.outbox.end(
      claimed,
      sendable.endEvent(isDelivered, { tries, ...(status === undefined ? {} : { status }) }),
    )
  if (!isDelivered) log.info({ ...about, status }, 'a delivery did not arrive')
  return status === undefined
}
