import { setTimeout as pause } from 'node:timers/promises'
import type { Site } from '../site.ts'

const BATCH_ROWS = 500
/** Longer than a batch takes, so that requests can use the database in between. */
const PAUSE_MS = 20

/** Deletes all rows whose retention has ended, in small batches. Returns how many. */
export async function sweep(
  { config, clock, store }: Pick<Site, 'config' | 'clock' | 'store'>,
  signal?: AbortSignal,
): Promise<number> {
  const lifetimes = {
    tombstone: config.tombstoneLifetime,
    event: config.eventLifetime,
    request: config.requestLifetime,
    refusal: config.refusalLifetime,
  }
  let swept = 0
  while (!signal?.aborted) {
    const deleted = await store.sweep(clock.now(), lifetimes, BATCH_ROWS)
    if (deleted === 0) break
    swept += deleted
    await pause(PAUSE_MS)
  }
  return swept
}
