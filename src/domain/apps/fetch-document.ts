import { freshFor } from '../../kit/freshness.ts'
import type { Log } from '../../kit/log.ts'
import type { Outbound } from '../../kit/outbound.ts'
import { OutboundFault } from '../../kit/outbound-fault.ts'

/** The draft recommends 5 kB; documents of real assistants are larger. */
const MOST_BYTES = 10_240
const MEDIA_TYPES = ['application/json', 'application/ld+json']
/** How long a document is fresh, in seconds: the bounds of what its server says, and the default. */
const FRESH_SECONDS = { least: 60, most: 86_400, default: 3600 }

/**
 * The document that describes an app, and for how many seconds it may be believed. Undefined when there is nothing to be had. Why not is
 * for the log alone: an asker who chose the URL could look around with our eyes.
 */
export async function fetchDocument(
  url: string,
  { outbound, clock, log }: { outbound: Outbound; clock: { now(): number }; log: Log },
): Promise<{ text: string; freshFor: number } | undefined> {
  try {
    const { text, headers } = await outbound.get(url, { accept: MEDIA_TYPES, most: MOST_BYTES })
    const said = freshFor(headers, clock.now()) ?? FRESH_SECONDS.default
    return { text, freshFor: Math.min(Math.max(said, FRESH_SECONDS.least), FRESH_SECONDS.most) }
  } catch (err) {
    if (!(err instanceof OutboundFault)) throw err
    log.info({ err, host: new URL(url).host }, 'the document of an app could not be read')
    return undefined
  }
}
