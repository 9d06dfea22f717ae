import { Refusal } from '../kit/refusal.ts'
import { snakeCase } from '../kit/snake-case.ts'
import { EarlyAnswer } from './early-answer.ts'
import type { Incoming } from './incoming.ts'
import { refusal as httpRefusal } from './refusals.ts'
import type { Answer } from './reply.ts'

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

/** What a request meets at a door, made once for all that come by it. */
export interface Door {
  handle(incoming: Incoming): Answer | Promise<Answer>
  /** Says a refusal in the room's own voice. */
  say(refusal: Refusal, incoming: Incoming): Answer | Promise<Answer>
  /** Is told what was refused once the answer is made, so that nobody waits for it. */
  keep?(refusal: Refusal, incoming: Incoming): void
  log: { info(mishap: Mishap): void; warn(mishap: Mishap): void; error(mishap: Mishap): void }
}

/**
 * Turns anything thrown into an answer. A Refusal is said in the room's own voice; anything else is our bug: the asker gets a reference
 * and nothing more, the log gets everything.
 */
export async function withinBoundary(incoming: Incoming, door: Door): Promise<Answer> {
  try {
    return await door.handle(incoming)
  } catch (error) {
    if (error instanceof EarlyAnswer) return error.answer
    const refusal =
      error instanceof Refusal ? error.renamed(snakeCase) : httpRefusal('server.fault', {}, { cause: error })
    note(error instanceof Refusal ? refusal : error, incoming, door)
    const said = await door.say(refusal, incoming)
    door.keep?.(refusal, incoming)
    return said
  }
}

function note(error: unknown, { reference, method, url }: Incoming, { log }: Door): void {
  const facts = { reference, method, path: loggedPath(url) }
  if (!(error instanceof Refusal)) {
    log.error({ ...facts, status: 500, err: error })
    return
  }
  const mishap: Mishap = { ...facts, status: error.status, refusal: error.message }
  if (error.field !== undefined) mishap.field = error.field
  if (error.cause !== undefined) mishap.err = error.cause
  if (error.status >= 500) log.warn(mishap)
  else log.info(mishap)
}

/** A path as the log may have it: without the query, and without what could be a token that somebody has put into the address. */
export function loggedPath(url: string): string {
  const path = URL.parse(url, 'http://localhost')?.pathname ?? ''
  return path
    .replaceAll(/[\w-]{32,}/g, '…')
    .replaceAll(/[^\x20-\x7E…]/g, '?')
    .slice(0, 200)
}
