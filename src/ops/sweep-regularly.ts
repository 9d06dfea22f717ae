import { setTimeout as pause } from 'node:timers/promises'
import type { Site } from '../site.ts'
import { rotateKeys } from './rotate-keys.ts'

type Swept = Pick<Site, 'config' | 'clock' | 'store'>
type Needs = Swept & Pick<Site, 'log' | 'keys'>

const BATCH = 500
/** Between two batches requests have the database to themselves for longer than a batch takes. */
const BREATH = 20

/** Deletes all that is past remembering, in small batches; how many rows went. */
export async function sweep({ config, clock, store }: Swept, signal?: AbortSignal): Promise<number> {
  const lifetimes = {
    tombstone: config.tombstoneLifetime,
    event: config.eventLifetime,
    request: config.requestLifetime,
    refusal: config.refusalLifetime,
  }
  let swept = 0
  while (!signal?.aborted) {
    const gone = await store.sweep(clock.now(), lifetimes, BATCH)
    if (gone === 0) break
    swept += gone
    await pause(BREATH)
  }
  return swept
}

/**
 * Sweeps, and rotates the keys whose time has come, every `config.sweepInterval` until the returned function is called, which waits for
 * the batch under way.
 */
export function sweepRegularly(site: Needs): () => Promise<void> {
  const stopping = new AbortController()
  const interval = site.config.sweepInterval * 1000
  const run = async () => {
    // Servers that were started together should not sweep together.
    let rest = Math.random() * interval
    while (!stopping.signal.aborted) {
      await pause(rest, undefined, { ref: false, signal: stopping.signal })
      rest = interval
      await rotateKeys(site)
      try {
        const rows = await sweep(site, stopping.signal)
        if (rows > 0) site.log.info({ rows }, 'swept')
      } catch (error) {
        site.log.warn({ err: error }, 'sweep failed')
      }
    }
  }
  // What `run` throws is the end of its pause alone.
  const ended = run().catch(() => {})
  return async () => {
    stopping.abort()
    await ended
  }
}
