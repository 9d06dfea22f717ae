import { digest } from '../../kit/digest.ts'
import { readImage } from '../../kit/image.ts'
import { isRecord } from '../../kit/json.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Directory } from '../../store/nouns/directories.ts'

/** A logo on this server. Browsers never fetch logos from other servers, which would reveal who signs in. */
export interface Logo {
  /** Its path on this server, with a version, so that browsers cache it until it changes. */
  url: string
  version: string
  /** The picture, as a `data:` URL. */
  source: string
}

export function directoryLogo({ uid, logo, theme }: Pick<Directory, 'uid' | 'logo' | 'theme'>): Logo | undefined {
  return servedLogo(directoryLogoPath(uid), logo) ?? servedLogo(directoryLogoPath(uid), theme.logo)
}

/** Returns the logo that a partner sent for an app, in the `description` of its listing. */
export function appLogo(app: App): Logo | undefined {
  const { description } = app.listing
  return logoOf(app, isRecord(description) ? description.logo : undefined)
}

/** Returns the logo of an app from a `data:` URL, if it is a picture. */
export function logoOf({ uid }: App, source: unknown): Logo | undefined {
  return servedLogo(appLogoPath(uid), source)
}

function servedLogo(path: string, source: unknown): Logo | undefined {
  if (typeof source !== 'string' || !readImage(source)) return undefined
  const version = digest(source).slice(0, 12)
  return { url: `${path}?v=${version}`, version, source }
}

export const directoryLogoPath = (uid: string): string => `/assets/logo/directory/${uid}`
export const appLogoPath = (uid: string): string => `/assets/logo/app/${uid}`
