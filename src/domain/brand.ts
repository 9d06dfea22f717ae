import { brandSheet } from '../http/page/brand-sheet.ts'
import { type Brand, neutralBrand } from '../http/page/look.ts'
import { plainName } from '../http/page/plain-name.ts'
import { digest } from '../kit/digest.ts'
import type { Directory } from '../store/rows.ts'
import type { Store } from '../store/store.ts'
import { directoryLogo } from './logo.ts'

/** The brand of the directory that owns the host, else the platform's own. One look-up by key, so that a change shows at once. */
export async function findBrand(host: string, store: Store, standardName: string): Promise<Brand> {
  const directory = host ? await store.directories.findByHost(host) : undefined
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
  return { url: `/assets/brand/${uid}.css?v=${version}`, version, sheet }
}

function webUrl(text: string | null): string | undefined {
  return text?.startsWith('https://') ? URL.parse(text)?.href : undefined
}
