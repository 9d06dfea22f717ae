import { createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose'
import { LRUCache } from 'lru-cache'
import { parseJson } from '../../kit/json.ts'
import type { Share } from '../../kit/outbound.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type FetchNeeds, fetchPoolOf, shareOf } from './fetch-pool.ts'
import { type Jwks, jwks } from './jwks.ts'

/** The public keys that apps authenticate with: registered with us, or published at a URI. */
export interface AppKeys {
  /**
   * Returns the keys of an app, for a request of this visitor. Fetches a published set again when `isEnough` is false for the cached one, but
   * not more often than every REFRESH_SECONDS. Returns undefined when the app has no keys, or they could not be fetched.
   */
  find(
    app: Pick<App, 'uid' | 'origin' | 'protocol' | 'jwksUri'>,
    isEnough: (set: Jwks) => boolean,
    visitor: string,
  ): Promise<Jwks | undefined>
}

/** The least time between two fetches of one URI, successful or not, so that we cannot be made to flood another server. */
export const REFRESH_SECONDS = 60
/** How long a cached set is used without fetching it again. */
const FRESH_SECONDS = 600
/** How long a cached set is used while its server does not answer. A leaked key must stop working at some time. */
const STALE_SECONDS = 3600
/** How many sets are cached. Unknown apps displace no keys of others, and fill little memory. */
const MAX_SETS = { apps: 2000, strangers: 200 } as const
const MEDIA_TYPES = ['application/jwk-set+json', 'application/json']

interface Published {
  set: RemoteJWKSet
  fetchedAt: number
  triedAt: number
  share: Share | undefined
}

export function openAppKeys({ outbound, limits, store, clock, log }: FetchNeeds): AppKeys {
  const known = new LRUCache<string, Published>({ max: MAX_SETS.apps })
  const ofStrangers = new LRUCache<string, Published>({ max: MAX_SETS.strangers })

  /** jose shares one fetch among all callers. We decide when to fetch, by our clock. The outbound guard decides how. */
  const open = (uri: string): Published => {
    const fetchSet = async () => {
      const { text } = await outbound.get(uri, { accept: MEDIA_TYPES, share: published.share! })
      const set = jwks.parse(parseJson(text))
      published.fetchedAt = clock.now()
      return new Response(JSON.stringify(set))
    }
    const set = createRemoteJWKSet(new URL(uri), { cacheMaxAge: Number.POSITIVE_INFINITY, [customFetch]: fetchSet })
    const never = Number.NEGATIVE_INFINITY
    const published: Published = { set, fetchedAt: never, triedAt: never, share: undefined }
    ofStrangers.set(uri, published)
    return published
  }

  return {
    async find(app, isEnough, visitor) {
      const { uid, protocol, jwksUri } = app
      if (protocol.jwks) return protocol.jwks
      if (jwksUri === null) return undefined
      const published = known.get(jwksUri) ?? ofStrangers.get(jwksUri) ?? open(jwksUri)
      const { set } = published
      const now = clock.now()
      const found = set.jwks()
      if (found && now - published.fetchedAt < FRESH_SECONDS && isEnough(found)) return found
      const isDue = () => !set.reloading && now - published.triedAt >= REFRESH_SECONDS
      if (isDue()) {
        const pool = await fetchPoolOf(app, store)
        if (pool === 'apps' && ofStrangers.delete(jwksUri)) known.set(jwksUri, published)
        // The keys of an app that is known are never fetched for another one: its fetch could fail when this one would not.
        const isOfKnown = pool === 'strangers' && known.has(jwksUri)
        const share = isDue() && !isOfKnown ? shareOf(pool, new URL(jwksUri).hostname, visitor, limits) : undefined
        if (share) {
          Object.assign(published, { triedAt: now, share })
          set.reload().catch((err) => log.info({ err, app: uid }, 'the keys of an app could not be fetched'))
        }
      }
      // All callers wait for the same fetch.
      if (set.reloading) await set.reload().catch(() => {})
      return now - published.fetchedAt < STALE_SECONDS ? set.jwks() : undefined
    },
  }
}
