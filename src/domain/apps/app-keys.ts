import type { Clock } from '../../kit/clock.ts'
import type { Log } from '../../kit/log.ts'
import type { Outbound } from '../../kit/outbound.ts'
import { OutboundFault } from '../../kit/outbound-fault.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Limits } from '../limits.ts'
import { type Jwks, readJwks } from './jwks.ts'

/** The public keys that apps prove themselves with: those they registered, or those they publish. */
export interface AppKeys {
  /**
   * The keys of an app. `isEnough` says whether what is known will do; if not, a set that the app publishes is read anew, but not more
   * often than every REFRESH_INTERVAL seconds. Undefined when the app has keys at a URI and none could be read.
   */
  find(
    app: Pick<App, 'uid' | 'origin' | 'protocol' | 'jwksUri'>,
    isEnough: (set: Jwks) => boolean,
  ): Promise<Jwks | undefined>
}

/** The least time between two readings of one URI, whatever comes: nobody can have us flood somebody else's server. */
export const REFRESH_INTERVAL = 60
/** How long a set is believed without asking. */
const BELIEVED = 600
/** How long a set still does while its server does not answer; a key that leaked must not live on for ever. */
const LAST_RESORT = 3600
/** How many sets are remembered. */
const MOST = 2000
const MEDIA_TYPES = ['application/jwk-set+json', 'application/json']

interface Known {
  set: Jwks | undefined
  readAt: number
  triedAt: number
  reading?: Promise<void>
}

export function openAppKeys(outbound: Outbound, limits: Pick<Limits, 'may'>, clock: Clock, log: Log): AppKeys {
  const known = new Map<string, Known>()

  const read = async (uri: string, entry: Known, appUid: string) => {
    try {
      const { text } = await outbound.get(uri, { accept: MEDIA_TYPES })
      entry.set = readJwks(parse(text))
      entry.readAt = clock.now()
    } catch (err) {
      log.info({ err, app: appUid }, 'the keys of an app could not be read')
    }
  }

  const remember = (uri: string): Known => {
    const entry = known.get(uri) ?? { set: undefined, readAt: 0, triedAt: 0 }
    // Moved to the end: what was not asked for longest stands first, and goes first.
    known.delete(uri)
    known.set(uri, entry)
    if (known.size > MOST) known.delete(known.keys().next().value!)
    return entry
  }

  return {
    async find({ uid, origin, protocol, jwksUri }, isEnough) {
      if (protocol.jwks) return protocol.jwks
      if (jwksUri === null) return undefined
      const entry = remember(jwksUri)
      const now = clock.now()
      const isGood = () => entry.set !== undefined && now - entry.readAt < BELIEVED && isEnough(entry.set)
      const isDue = () => !isGood() && !entry.reading && now - entry.triedAt >= REFRESH_INTERVAL
      // Strangers make as many apps as they like, each with another address at one host.
      const mayRead = () => origin === 'platform' || limits.may('fetches-from-host', new URL(jwksUri).hostname)
      if (isDue() && (await mayRead()) && isDue()) {
        entry.triedAt = now
        entry.reading = read(jwksUri, entry, uid).finally(() => {
          entry.reading = undefined
        })
      }
      // All who come meanwhile wait for the same reading.
      if (!isGood()) await entry.reading
      return now - entry.readAt < LAST_RESORT ? entry.set : undefined
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What the parser says of it quotes the text, and what somebody else wrote has no place in our log.
    throw new OutboundFault('The document is not JSON.')
  }
}
