import { setTimeout as pause } from 'node:timers/promises'
import { type DeliveryNeeds, deliverLogouts } from './deliver-logouts.ts'

/** Milliseconds. Whoever signs out expects to be signed out, and to look costs one short query. */
const INTERVAL = 2000

/** Delivers as long as something is due, and then looks every two seconds, until the returned function is called. */
export function deliverLogoutsRegularly(site: DeliveryNeeds): () => Promise<void> {
  const stopping = new AbortController()
  const run = async () => {
    // Servers that were started together should not look together.
    let rest = Math.random() * INTERVAL
    while (!stopping.signal.aborted) {
      await pause(rest, undefined, { ref: false, signal: stopping.signal })
      rest = INTERVAL
      try {
        if ((await deliverLogouts(site, stopping.signal)) > 0) rest = 0
      } catch (error) {
        site.log.warn({ err: error }, 'apps could not be told of sign-outs')
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
