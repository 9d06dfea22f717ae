import { createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../kit/clock.ts'
import type { Log } from '../../kit/log.ts'
import type { Outbound } from '../../kit/outbound.ts'
import { OutboundFault } from '../../kit/outbound-fault.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Limits } from '../limits.ts'
import { type Jwks, jwks } from './jwks.ts'

/** The public keys that apps authenticate with: those they registered, or those they publish at a URI. */
export interface AppKeys {
  /**
   * Returns the keys of an app. A published set is fetched again when `isEnough` says that the known one will not do, but not more often
   * than every REFRESH_SECONDS. Undefined when the app has no keys, or none that could be fetched.
   */
  find(
    app: Pick<App, 'uid' | 'origin' | 'protocol' | 'jwksUri'>,
    isEnough: (set: Jwks) => boolean,
  ): Promise<Jwks | undefined>
}

/** The least time between two fetches of one URI, successful or not, so that no one can make us flood another server. */
export const REFRESH_SECONDS = 60
/** How long a set is used without asking again. */
const FRESH_SECONDS = 600
/** How long a set is used while its server does not answer. A leaked key must not live on for ever. */
const STALE_SECONDS = 3600
const MAX_SETS = 2000
const MEDIA_TYPES = ['application/jwk-set+json', 'application/json']

interface Published {
  set: RemoteJWKSet
  fetchedAt: number
  triedAt: number
}

export function openAppKeys(outbound: Outbound, limits: Pick<Limits, 'may'>, clock: Clock, log: Log): AppKeys {
  const known = new LRUCache<string, Published>({ max: MAX_SETS })

  /** jose fetches once for all who wait. When to fetch is decided here, by our clock, and how by the outbound guard. */
  const open = (uri: string): Published => {
    const fetchSet = async () => {
      const { text } = await outbound.get(uri, { accept: MEDIA_TYPES })
      const set = jwks.parse(parse(text))
      published.fetchedAt = clock.now()
      return new Response(JSON.stringify(set))
    }
    const set = createRemoteJWKSet(new URL(uri), { cacheMaxAge: Number.POSITIVE_INFINITY, [customFetch]: fetchSet })
    const published = { set, fetchedAt: Number.NEGATIVE_INFINITY, triedAt: Number.NEGATIVE_INFINITY }
    known.set(uri, published)
    return published
  }

  return {
    async find({ uid, origin, protocol, jwksUri }, isEnough) {
      if (protocol.jwks) return protocol.jwks
      if (jwksUri === null) return undefined
      const published = known.get(jwksUri) ?? open(jwksUri)
      const { set } = published
      const now = clock.now()
      const found = set.jwks() as Jwks | undefined
      if (found && now - published.fetchedAt < FRESH_SECONDS && isEnough(found)) return found
      const isDue = () => !set.reloading && now - published.triedAt >= REFRESH_SECONDS
      // Unknown apps may name any number of addresses at one host.
      const mayFetch = () => origin === 'platform' || limits.may('fetches-from-host', new URL(jwksUri).hostname)
      if (isDue() && (await mayFetch()) && isDue()) {
        published.triedAt = now
        set.reload().catch((err) => log.info({ err, app: uid }, 'the keys of an app could not be fetched'))
      }
      // All who ask meanwhile wait for the same fetch.
      if (set.reloading) await set.reload().catch(() => {})
      return now - published.fetchedAt < STALE_SECONDS ? (set.jwks() as Jwks | undefined) : undefined
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the text, and text of another server has no place in our log.
    throw new OutboundFault('The document is not JSON.')
  }
}
