import { setTimeout as pause } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { imageSize, readImage } from '../../kit/image.ts'
import type { Share } from '../../kit/outbound.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type FetchNeeds, type FetchPool, fetchPoolOf, shareOf } from './fetch-pool.ts'
import { logoUriOf } from './listing.ts'
import { appLogo, type Logo, logoOf } from './logo.ts'

/** The logos of apps: sent by partners, or at the `logo_uri` of an app that describes itself (OpenID Connect Registration §2). */
export interface AppLogos {
  /** Returns the logo of an app for a page of this visitor, if it is cached or arrives in a second. Browsers never fetch it from its own address. */
  find(app: App, visitor: string): Promise<Logo | undefined>
}

/** No SVG, because it can contain scripts and has no readable size. */
const MEDIA_TYPES = ['image/png', 'image/jpeg', 'image/gif']
const MAX_LOGO_BYTES = 65_536
/** In each direction. A few bytes can be a picture that needs more memory than a browser has. */
const MAX_PIXELS = 2048
/** How long a result is cached, also when there was no picture. */
const FRESH_SECONDS = 3600
/** How many logos are cached. Unknown apps displace no logos of others, and fill little memory. */
const MAX_LOGOS = { apps: 200, strangers: 50 } as const
/** How long a page waits for a picture. */
const MAX_WAIT_MS = 1000

interface Reason {
  appUid: string
  visitor: string
}

export function openAppLogos({ outbound, limits, store, clock, log }: FetchNeeds): AppLogos {
  /** Returns the picture as a `data:` URL; an empty text without one. */
  const read = async (uri: string, share: Share, appUid: string): Promise<string> => {
    try {
      const { bytes, headers } = await outbound.get(uri, { accept: MEDIA_TYPES, most: MAX_LOGO_BYTES, share })
      const type = headers.get('content-type')!.split(';')[0]!.trim().toLowerCase()
      const source = `data:${type};base64,${bytes.toString('base64')}`
      const { width, height } = imageSize(type, bytes) ?? { width: 0, height: 0 }
      const isFit = Math.min(width, height) > 0 && Math.max(width, height) <= MAX_PIXELS && readImage(source)
      return isFit ? source : ''
    } catch (err) {
      // The reason goes to the log only: an app must not learn what our server sees at an address that the app chose.
      log.info({ err, app: appUid }, 'the logo of an app could not be read')
      return ''
    }
  }

  const openSources = (pool: FetchPool) =>
    new LRUCache<string, string, Reason>({
      max: MAX_LOGOS[pool],
      ttl: FRESH_SECONDS * 1000 - 1,
      ttlResolution: 0,
      perf: { now: () => clock.now() * 1000 },
      ignoreFetchAbort: true,
      // Anyone can register many apps with many addresses at one host, so fetches are limited. A refused fetch is not cached.
      fetchMethod: async (uri, _, { context: { appUid, visitor } }) => {
        const share = shareOf(pool, new URL(uri).hostname, visitor, limits)
        return share && read(uri, share, appUid)
      },
    })
  const sourcesOf = { apps: openSources('apps'), strangers: openSources('strangers') }

  return {
    async find(app, visitor) {
      const uri = logoUriOf(app)
      if (app.origin === 'platform' || typeof uri !== 'string') return appLogo(app)
      // Without a query for an app that was known before.
      const isKnown = sourcesOf.apps.has(uri)
      const sources = sourcesOf[isKnown ? 'apps' : await fetchPoolOf(app, store)]
      // An old picture is shown while a new one is fetched. Without one, the page waits a moment.
      const allowStale = Boolean(sources.peek(uri, { allowStale: true }))
      const reading = sources.fetch(uri, { context: { appUid: app.uid, visitor }, allowStale })
      const source = await Promise.race([reading, pause(MAX_WAIT_MS, undefined, { ref: false })])
      return logoOf(app, source || undefined)
    },
  }
}
