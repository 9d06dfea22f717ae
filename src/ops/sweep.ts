import { setTimeout as pause } from 'node:timers/promises'
import { endUnconfirmed } from '../domain/apps/end-unconfirmed.ts'
import type { Site } from '../site.ts'

const BATCH_ROWS = 500
/** Longer than a batch takes, so that requests can use the database in between. */
const PAUSE_MS = 20

/** Ends the apps that no business connected in time, and deletes all rows whose retention has ended, in small batches. Returns how many. */
export async function sweep(site: Pick<Site, 'config' | 'clock' | 'store'>, signal?: AbortSignal): Promise<number> {
  const { config, clock, store } = site
  const lifetimes = {
    tombstone: config.tombstoneLifetime,
    event: config.eventLifetime,
    request: config.requestLifetime,
    refusal: config.refusalLifetime,
  }
  let swept = 0
  while (!signal?.aborted) {
    const ended = await endUnconfirmed(site, BATCH_ROWS)
    const deleted = ended + (await store.sweep(clock.now(), lifetimes, BATCH_ROWS))
    if (deleted === 0) break
    swept += deleted
    await pause(PAUSE_MS)
  }
  return swept
}
