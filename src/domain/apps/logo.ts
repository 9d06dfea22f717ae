import { digest } from '../../kit/digest.ts'
import { readImage } from '../../kit/image.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Directory } from '../../store/nouns/directories.ts'

/** A logo we hold ourselves. One that lies elsewhere is never fetched by the person's browser, which would tell others who signs in. */
export interface Logo {
  /** Its path on this server, with a version: browsers keep it until it changes. */
  url: string
  version: string
  /** The picture, as a `data:` URL. */
  source: string
}

export function directoryLogo({ uid, logo, theme }: Directory): Logo | undefined {
  return held(directoryLogoPath(uid), logo) ?? held(directoryLogoPath(uid), theme.logo)
}

/** The logo that a partner sent for an app, in the `description` of its listing. */
export function appLogo(app: App): Logo | undefined {
  const { description } = app.listing
  const source =
    typeof description === 'object' && description !== null ? (description as { logo?: unknown }).logo : null
  return logoOf(app, source)
}

/** The logo of an app that is in this `data:` URL, if there is a picture in it. */
export function logoOf({ uid }: App, source: unknown): Logo | undefined {
  return held(appLogoPath(uid), source)
}

function held(path: string, source: unknown): Logo | undefined {
  if (typeof source !== 'string' || !readImage(source)) return undefined
  const version = digest(source).slice(0, 12)
  return { url: `${path}?v=${version}`, version, source }
}

/** Where the logo of a directory is served. */
export function directoryLogoPath(uid: string): string {
  return `/assets/logo/directory/${uid}`
}

/** Where the logo of an app is served. */
export function appLogoPath(uid: string): string {
  return `/assets/logo/app/${uid}`
}
