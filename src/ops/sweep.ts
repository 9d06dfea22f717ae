import { setTimeout as pause } from 'node:timers/promises'
import type { Site } from '../site.ts'

const BATCH_ROWS = 500
/** Between two batches, requests have the database to themselves for longer than a batch takes. */
const PAUSE_MS = 20

/** Deletes all rows that are past their retention, in small batches. Returns how many. */
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
