import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../kit/clock.ts'
import { readImage } from '../../kit/image.ts'
import { imageSize } from '../../kit/image-size.ts'
import type { Log } from '../../kit/log.ts'
import type { Outbound } from '../../kit/outbound.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Limits } from '../limits.ts'
import { appLogo, type Logo, logoOf } from './logo.ts'

/** The logos of apps: those that partners hand us, and those that lie where an app says of itself (OpenID Connect Registration §2). */
export interface AppLogos {
  /** The logo of an app, if we hold one or can have it at once. Nobody waits long for a slow host, and no browser is ever sent to it. */
  find(app: App): Promise<Logo | undefined>
}

/** Drawings may hold scripts, so of strangers we take pictures alone, and such whose size we can tell. */
const MEDIA_TYPES = ['image/png', 'image/jpeg', 'image/gif']
const MOST_BYTES = 65_536
/** In each direction. A few bytes can be a picture that no browser has the memory for. */
const MOST_PIXELS = 2048
/** Seconds that a picture is believed, and that a host is left in peace where there was none. */
const BELIEVED = 3600
/** How many are remembered. */
const MOST = 200
/** Milliseconds that a page waits for a picture. */
const PATIENCE = 1000

interface Known {
  source: string | undefined
  triedAt: number
  reading?: Promise<void>
}

export function openAppLogos(outbound: Outbound, limits: Pick<Limits, 'may'>, clock: Clock, log: Log): AppLogos {
  const known = new Map<string, Known>()

  const read = async (uri: string, entry: Known, appUid: string) => {
    try {
      const { bytes, headers } = await outbound.get(uri, { accept: MEDIA_TYPES, most: MOST_BYTES })
      const type = headers.get('content-type')!.split(';')[0]!.trim().toLowerCase()
      const source = `data:${type};base64,${bytes.toString('base64')}`
      const { width, height } = imageSize(type, bytes) ?? { width: 0, height: 0 }
      const isFit = Math.min(width, height) > 0 && Math.max(width, height) <= MOST_PIXELS && readImage(source)
      entry.source = isFit ? source : undefined
    } catch (err) {
      // Why not is for the log alone, as with all that is fetched from where somebody else says.
      log.info({ err, app: appUid }, 'the logo of an app could not be read')
      entry.source = undefined
    }
  }

  const remember = (uri: string): Known => {
    const entry = known.get(uri) ?? { source: undefined, triedAt: Number.NEGATIVE_INFINITY }
    // Moved to the end: what was not asked for longest stands first, and goes first.
    known.delete(uri)
    known.set(uri, entry)
    if (known.size > MOST) known.delete(known.keys().next().value!)
    return entry
  }

  return {
    async find(app) {
      const uri = app.listing.logo_uri
      if (app.origin === 'platform' || typeof uri !== 'string') return appLogo(app)
      const entry = remember(uri)
      const now = clock.now()
      const isDue = () => !entry.reading && now - entry.triedAt >= BELIEVED
      // Strangers make as many apps as they like, each with another address at one host.
      if (isDue() && (await limits.may('fetches-from-host', new URL(uri).hostname)) && isDue()) {
        entry.triedAt = now
        entry.reading = read(uri, entry, app.uid).finally(() => {
          entry.reading = undefined
        })
      }
      // All who come meanwhile wait for the same reading, and none of them long.
      if (entry.reading && entry.source === undefined)
        await Promise.race([entry.reading, pause(PATIENCE, undefined, { ref: false })])
      return logoOf(app, entry.source)
    },
  }
}
