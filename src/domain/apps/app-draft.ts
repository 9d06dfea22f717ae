import type { z } from 'zod'
import { type DraftRules, readListing, readOwnListing } from './listing.ts'
import { checkRedirectUri, faultOfRedirectUri } from './redirect-uri.ts'
import { refuse } from './refusals.ts'
import { findUsable, readSetting } from './setting-kinds.ts'
import { MAX_REDIRECT_URIS, SETTINGS, type SettingName, type settings } from './settings.ts'

/** Settings as they were sent. A setting that is left out keeps its value, or gets its default. Null removes a value. */
export interface AppDraft extends Partial<Record<SettingName, unknown>> {
  /** Descriptive fields, under their wire names. */
  listing?: Record<string, unknown>
}

/** A draft with every value read. */
export type ReadDraft = { [Name in SettingName]?: z.output<(typeof settings)[Name]['read']> | null } & {
  listing?: Record<string, unknown>
}

/**
 * Reads every value of a draft with the reader of its row. Throws a Refusal that names the first wrong setting. An app that describes itself
 * writes for many servers, so what it cannot have here is left out; only what its security depends on is refused.
 */
export function readDraft(draft: AppDraft, rules: DraftRules): ReadDraft {
  const read: Record<string, unknown> = {}
  for (const [name, row] of SETTINGS) {
    const { default: byDefault, isFetched, isRedirectUri } = row
    const kind = (rules.by === 'app' && row.readOwn) || row.read
    const value = draft[name]
    if (value === null || value === '') {
      if (byDefault === null) read[name] = null
    } else if (value !== undefined) {
      if (rules.by === 'app' && row.isLeftOut && findUsable(kind, value) === undefined) continue
      read[name] = readSetting(name, kind, value)
      if (isRedirectUri) read[name] = readUris(name, read[name], byDefault === undefined, rules)
      if (isFetched && rules.config.env === 'production' && !String(value).startsWith('https:'))
        refuse('setting.not-https', { field: name })
    }
  }
  if (!draft.listing) return read
  const listing = rules.by === 'app' ? readOwnListing(draft.listing, rules.config) : readListing(draft.listing)
  return { ...read, listing }
}

/** Checks the redirect URIs of a setting. Of an app that describes itself, keeps the usable ones, and refuses only if it needs one. */
function readUris(name: SettingName, value: unknown, isNeeded: boolean, { by, config }: DraftRules): unknown {
  const uris = [value].flat()
  if (by === 'others') {
    for (const uri of uris) checkRedirectUri(String(uri), name, config)
    return value
  }
  const usable = uris.filter((uri) => typeof uri === 'string' && faultOfRedirectUri(uri, config) === undefined)
  if (isNeeded && usable.length === 0) checkRedirectUri(typeof uris[0] === 'string' ? uris[0] : '', name, config)
  return [...new Set(usable)].slice(0, MAX_REDIRECT_URIS)
}
