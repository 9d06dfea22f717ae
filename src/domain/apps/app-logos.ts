import { setTimeout as pause } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../kit/clock.ts'
import { readImage } from '../../kit/image.ts'
import { imageSize } from '../../kit/image-size.ts'
import type { Log } from '../../kit/log.ts'
import type { Outbound } from '../../kit/outbound.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Limits } from '../limits.ts'
import { logoUriOf } from './listing.ts'
import { appLogo, type Logo, logoOf } from './logo.ts'

/** The logos of apps: those that partners send, and those at the address that an app names itself (OpenID Connect Registration §2). */
export interface AppLogos {
  /** Returns the logo of an app if it is held or arrives within a second. No browser is ever sent to the address. */
  find(app: App): Promise<Logo | undefined>
}

/** Drawings may hold scripts, so an app that registered itself may have pictures only, of a size that can be read. */
const MEDIA_TYPES = ['image/png', 'image/jpeg', 'image/gif']
const MAX_BYTES = 65_536
/** In each direction. A few bytes can be a picture that no browser has the memory for. */
const MAX_PIXELS = 2048
/** How long a picture is kept, and how long an address without one is not asked again. */
const FRESH_SECONDS = 3600
const MAX_LOGOS = 200
/** How long a page waits for a picture. */
const PATIENCE_MS = 1000

export function openAppLogos(outbound: Outbound, limits: Pick<Limits, 'may'>, clock: Clock, log: Log): AppLogos {
  /** Returns the picture as a `data:` URL; an empty text when there is none. */
  const read = async (uri: string, appUid: string): Promise<string> => {
    try {
      const { bytes, headers } = await outbound.get(uri, { accept: MEDIA_TYPES, most: MAX_BYTES })
      const type = headers.get('content-type')!.split(';')[0]!.trim().toLowerCase()
      const source = `data:${type};base64,${bytes.toString('base64')}`
      const { width, height } = imageSize(type, bytes) ?? { width: 0, height: 0 }
      const isFit = Math.min(width, height) > 0 && Math.max(width, height) <= MAX_PIXELS && readImage(source)
      return isFit ? source : ''
    } catch (err) {
      // The reason is for the log alone: an app must not learn what the server sees at an address that it chose.
      log.info({ err, app: appUid }, 'the logo of an app could not be read')
      return ''
    }
  }

  const sources = new LRUCache<string, string, string>({
    max: MAX_LOGOS,
    ttl: FRESH_SECONDS * 1000 - 1,
    ttlResolution: 0,
    perf: { now: () => clock.now() * 1000 },
    ignoreFetchAbort: true,
    // Strangers register as many apps as they like, each with another address at one host. What the limit forbids is not kept.
    fetchMethod: async (uri, _, { context: appUid }) =>
      (await limits.may('fetches-from-host', new URL(uri).hostname)) ? read(uri, appUid) : undefined,
  })

  return {
    async find(app) {
      const uri = logoUriOf(app)
      if (app.origin === 'platform' || typeof uri !== 'string') return appLogo(app)
      // An old picture is shown while a new one is read; a page without one waits a moment, with all others that ask for it.
      const allowStale = Boolean(sources.peek(uri, { allowStale: true }))
      const reading = sources.fetch(uri, { context: app.uid, allowStale })
      const source = await Promise.race([reading, pause(PATIENCE_MS, undefined, { ref: false })])
      return logoOf(app, source || undefined)
    },
  }
}
