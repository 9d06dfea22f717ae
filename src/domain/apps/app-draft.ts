import type { z } from 'zod'
import { type DraftRules, readListing } from './listing.ts'
import { readSetting } from './read-setting.ts'
import { refuseSetting } from './refusals.ts'
import { SETTINGS, type SettingName, type settings } from './settings.ts'

/** What an app is to be, not read yet. What is left out stays as it is, or as it is by default; null takes away what can be taken away. */
export interface AppDraft extends Partial<Record<SettingName, unknown>> {
  /** Descriptive fields, by their names on the wire. */
  listing?: Record<string, unknown>
}

/** A draft whose values are right, each for itself. */
export type ReadDraft = { [Name in SettingName]?: z.output<(typeof settings)[Name]['read']> | null } & {
  listing?: Record<string, unknown>
}

/** Reads every value of a draft as its row says. Throws a Refusal that names the first setting that is not right. */
export function readDraft(draft: AppDraft, rules: DraftRules): ReadDraft {
  const read: Record<string, unknown> = {}
  for (const [name, { read: kind, readOwn = kind, default: standard, isFetched }] of SETTINGS) {
    const value = draft[name]
    if (value === null || value === '') {
      if (standard === null) read[name] = null
    } else if (value !== undefined) {
      read[name] = readSetting(name, rules.by === 'app' ? readOwn : kind, value)
      if (isFetched && rules.env === 'production' && !String(value).startsWith('https:'))
        refuseSetting(name, 'cannot be used: use https')
    }
  }
  return { ...read, ...(draft.listing && { listing: readListing(draft.listing, rules) }) }
}
