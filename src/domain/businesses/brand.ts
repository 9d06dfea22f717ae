import { digest } from '../../kit/digest.ts'
import { plainName } from '../../kit/plain-name.ts'
import type { Directory } from '../../store/nouns/directories.ts'
import type { Store } from '../../store/store.ts'
import { directoryLogo } from '../apps/logo.ts'
import { brandSheet } from './brand-sheet.ts'

/** Whose house the visitor is in: the directory that owns the host, or the platform itself. */
export interface Brand {
  name: string
  /** The path of its logo on this server; null: its monogram stands in. */
  logoUrl: string | null
  /** The path of the stylesheet with its colours; null: the neutral ones. */
  styleUrl: string | null
  /** The platform behind it, where the directory wants it named. */
  poweredBy: { name: string; url: string } | null
}

/** The look of the platform itself, where no directory owns the host. */
export function neutralBrand(name: string): Brand {
  return { name, logoUrl: null, styleUrl: null, poweredBy: null }
}

/** The brand of the directory that owns the host, else the platform's own. One look-up by key, so that a change shows at once. */
export async function findBrand(host: string, store: Store, standardName: string): Promise<Brand> {
  const directory = host ? await store.directories.findLiveByHost(host) : undefined
  if (!directory) return neutralBrand(standardName)
  const { theme } = directory
  const poweredByUrl = webUrl(theme.powered_by.parent_goto_url) ?? webUrl(theme.powered_by.intandem_goto_url)
  return {
    name: plainName(theme.name ?? '') || plainName(directory.name) || standardName,
    logoUrl: directoryLogo(directory)?.url ?? null,
    styleUrl: brandStyle(directory)?.url ?? null,
    poweredBy: poweredByUrl ? { name: standardName, url: poweredByUrl } : null,
  }
}

/** The stylesheet with a directory's colours, and where it is served. */
export function brandStyle({ uid, theme }: Directory): { url: string; version: string; sheet: string } | undefined {
  const sheet = brandSheet(theme.colors)
  if (sheet === undefined) return undefined
  const version = digest(sheet).slice(0, 12)
  return { url: `${brandStylePath(uid)}?v=${version}`, version, sheet }
}

function webUrl(text: string | null): string | undefined {
  return text?.startsWith('https://') ? URL.parse(text)?.href : undefined
}

/** Where the stylesheet of a directory is served. */
export function brandStylePath(uid: string): string {
  return `/assets/brand/${uid}.css`
}
