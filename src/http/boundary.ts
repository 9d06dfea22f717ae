import { Refusal } from '../kit/refusal.ts'
import type { Incoming } from './incoming.ts'

/** What the boundary tells the log of a request that did not end well. */
export interface Mishap {
  reference: string
  method: string
  /** The path alone: queries hold codes and states. */
  path: string
  status: number
  refusal?: string
  field?: string
  err?: unknown
}

/**
 * Turns anything thrown into an answer. A Refusal is said in the room's own voice; anything else is our bug: the asker gets a reference
 * and nothing more, the log gets everything. `keep` is told what was refused once the answer is made, so that nobody waits for it.
 */
export async function withinBoundary(
  incoming: Incoming,
  handle: () => Response | Promise<Response>,
  say: (refusal: Refusal) => Response | Promise<Response>,
  log: { info(mishap: Mishap): void; warn(mishap: Mishap): void; error(mishap: Mishap): void },
  keep?: (refusal: Refusal) => void,
): Promise<Response> {
  try {
    return await handle()
  } catch (error) {
    const answer = async (refusal: Refusal) => {
      const said = await say(refusal)
      keep?.(refusal)
      return said
    }
    const facts = { reference: incoming.reference, method: incoming.method, path: loggedPath(incoming.request.url) }
    if (error instanceof Refusal) {
      const mishap: Mishap = { ...facts, status: error.status, refusal: error.message }
      if (error.field !== undefined) mishap.field = error.field
      if (error.cause !== undefined) mishap.err = error.cause
      if (error.status >= 500) log.warn(mishap)
      else log.info(mishap)
      return await answer(error)
    }
    log.error({ ...facts, status: 500, err: error })
    return await answer(
      new Refusal(500, 'Something went wrong on our side. Tell us the reference and we can find it.', { cause: error }),
    )
  }
}

/** A path as the log may have it: without the query, and without what could be a token that somebody has put into the address. */
export function loggedPath(url: string): string {
  const path = URL.parse(url)?.pathname ?? ''
  return path
    .replaceAll(/[\w-]{32,}/g, '…')
    .replaceAll(/[^\x20-\x7E…]/g, '?')
    .slice(0, 200)
}
