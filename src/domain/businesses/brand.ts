import { digest } from '../../kit/digest.ts'
import { plainName } from '../../kit/plain-name.ts'
import type { Directory } from '../../store/nouns/directories.ts'
import type { Store } from '../../store/store.ts'
import { directoryLogo } from '../apps/logo.ts'
import { brandSheet } from './brand-sheet.ts'

/** The look of the pages: of the directory that owns the host, or of the platform. */
export interface Brand {
  name: string
  /** The path of its logo on this server; null: its monogram is shown. */
  logoUrl: string | null
  /** The path of the stylesheet with its colours; null for the neutral colours. */
  styleUrl: string | null
  /** The platform, if the directory wants to name it. */
  poweredBy: { name: string; url: string } | null
  /** The language of its pages for visitors whose languages the server does not have, and the region of their numbers and dates. */
  locale: string
  /** Where people find help, and the privacy policy; null without one. */
  supportUrl: string | null
  privacyUrl: string | null
}

/** The brand of the platform, for hosts that no directory owns. */
export function neutralBrand(name: string): Brand {
  return { name, logoUrl: null, styleUrl: null, poweredBy: null, locale: 'en', supportUrl: null, privacyUrl: null }
}

/** Returns the brand of the directory that owns the host, else of the platform. It is read on each call, so that a change shows at once. */
export async function findBrand(host: string, store: Store, platformName: string): Promise<Brand> {
  const directory = host ? await store.directories.findLiveByHost(host) : undefined
  if (!directory) return neutralBrand(platformName)
  const { theme } = directory
  const poweredByUrl = webUrl(theme.powered_by.parent_goto_url)
  return {
    name: plainName(theme.name ?? '') || plainName(directory.name) || platformName,
    logoUrl: directoryLogo(directory)?.url ?? null,
    styleUrl: brandStyle(directory)?.url ?? null,
    poweredBy: poweredByUrl ? { name: platformName, url: poweredByUrl } : null,
    locale: theme.locale,
    supportUrl: directory.supportUrl,
    privacyUrl: directory.privacyUrl,
  }
}

/** Returns the stylesheet with a directory's colours, and its path; undefined without usable colours. */
export function brandStyle({ uid, theme }: Directory): { url: string; version: string; sheet: string } | undefined {
  const sheet = brandSheet(theme.colors)
  if (sheet === undefined) return undefined
  const version = digest(sheet).slice(0, 12)
  return { url: `${brandStylePath(uid)}?v=${version}`, version, sheet }
}

function webUrl(text: string | null): string | undefined {
  return text?.startsWith('https://') ? URL.parse(text)?.href : undefined
}

export const brandStylePath = (uid: string): string => `/assets/brand/${uid}.css`
