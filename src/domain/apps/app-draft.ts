import type { z } from 'zod'
import { type DraftRules, readListing } from './listing.ts'
import { readSetting } from './read-setting.ts'
import { refuseSetting } from './refusals.ts'
import { SETTINGS, type SettingName, type settings } from './settings.ts'

/** Settings as they were sent. What is left out keeps its value, or gets the default; null removes a value that may be removed. */
export interface AppDraft extends Partial<Record<SettingName, unknown>> {
  /** Descriptive fields, by their names on the wire. */
  listing?: Record<string, unknown>
}

/** A draft of which every value has been read. */
export type ReadDraft = { [Name in SettingName]?: z.output<(typeof settings)[Name]['read']> | null } & {
  listing?: Record<string, unknown>
}

/** Reads every value of a draft with the reader of its row. Throws a Refusal that names the first setting that is wrong. */
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
