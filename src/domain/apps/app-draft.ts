import type { z } from 'zod'
import { type DraftRules, readListing } from './listing.ts'
import { refuseSetting } from './refusals.ts'
import { readSetting } from './setting-kinds.ts'
import { SETTINGS, type SettingName, type settings } from './settings.ts'

/** Settings as they were sent. A setting that is left out keeps its value, or gets its default. Null removes a value. */
export interface AppDraft extends Partial<Record<SettingName, unknown>> {
  /** Descriptive fields, under their wire names. */
  listing?: Record<string, unknown>
}

/** A draft with every value read. */
export type ReadDraft = { [Name in SettingName]?: z.output<(typeof settings)[Name]['read']> | null } & {
  listing?: Record<string, unknown>
}

/** Reads every value of a draft with the reader of its row. Throws a Refusal that names the first wrong setting. */
export function readDraft(draft: AppDraft, rules: DraftRules): ReadDraft {
  const read: Record<string, unknown> = {}
  for (const [name, { read: kind, readOwn = kind, default: byDefault, isFetched }] of SETTINGS) {
    const value = draft[name]
    if (value === null || value === '') {
      if (byDefault === null) read[name] = null
    } else if (value !== undefined) {
      read[name] = readSetting(name, rules.by === 'app' ? readOwn : kind, value)
      if (isFetched && rules.env === 'production' && !String(value).startsWith('https:'))
        refuseSetting(name, 'cannot be used: use https')
    }
  }
  return { ...read, ...(draft.listing && { listing: readListing(draft.listing, rules) }) }
}
