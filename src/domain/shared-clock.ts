import { type Clock, openClock } from '../kit/clock.ts'
import type { Store } from '../store/store.ts'

/** The clock that all servers on one database share. It never steps back. */
export interface SharedClock extends Clock {
  /** Measures how far this machine's clock is from the database's, and corrects the shared clock by that. */
  match(): Promise<void>
}

/** A slower answer says too little about the time. The error is at most half of it. */
const MAX_ROUND_TRIP_MS = 500

/** Opens the shared clock. `machine` returns the time of this machine in milliseconds. */
export async function openSharedClock(
  store: Pick<Store, 'findTime'>,
  machine: () => number = Date.now,
): Promise<SharedClock> {
  let aheadMs: number | undefined
  const match = async () => {
    const sentAt = performance.now()
    const time = await store.findTime()
    const roundTrip = performance.now() - sentAt
    if (time === undefined) return
    if (aheadMs === undefined || roundTrip <= MAX_ROUND_TRIP_MS) aheadMs = machine() - (time + roundTrip / 2)
  }
  await match()
  const { now } = openClock(() => machine() - (aheadMs ?? 0))
  return { now, match }
}
