import type { App } from '../../store/nouns/apps.ts'
import type { AppDraft } from './app-draft.ts'
import { type DraftRules, pickListing } from './listing.ts'
import type { Setting } from './setting.ts'
import { SETTINGS, type SettingName } from './settings.ts'

/** The platform API, or client metadata (RFC 7591 §2). */
export type Wire = 'platform' | 'metadata'

/** Reads the settings that this author may set, by their names on a wire. Ignores everything else in the record. */
export function readWire(record: Record<string, unknown>, wire: Wire, by: DraftRules['by']): AppDraft {
  const draft: AppDraft = {}
  for (const [name, { names, setBy }] of SETTINGS) {
    const given = names[wire]
    if (given === undefined || !Object.hasOwn(record, given) || (by === 'app' && !setBy.includes('app'))) continue
    draft[name] = record[given]
  }
  const listing = pickListing(record, by)
  return Object.keys(listing).length === 0 ? draft : { ...draft, listing }
}

/** Returns the settings of an app by their names on a wire; settings of the protocol only if they are set. */
export function writeWire(app: App, wire: Wire): Record<string, unknown> {
  const shown = SETTINGS.flatMap(([name, row]) => {
    const value = settingOf(app, name, row)
    const isShown = value !== undefined && (value !== null || (wire === 'platform' && !row.hidesUnset))
    return isShown && row.names[wire] !== undefined ? [[row.names[wire], value]] : []
  })
  return { ...app.listing, ...Object.fromEntries(shown) }
}

/** Returns the value of a setting; undefined when it is not set, or not stored. */
export function settingOf(app: App, name: SettingName, { column, of }: Setting): unknown {
  if (of) return of(app)
  if (column === 'protocol') return app.protocol[name as keyof App['protocol']]
  return column === null ? undefined : app[column]
}
