import type { App } from '../../store/nouns/apps.ts'
import type { AppDraft } from './app-draft.ts'
import { type DraftRules, pickListing } from './listing.ts'
import type { Setting } from './setting.ts'
import { SETTINGS, type SettingName } from './settings.ts'

/** The wires that settings come by and are shown on: the platform API, and client metadata (RFC 7591 §2). */
export type Wire = 'platform' | 'metadata'

/** The settings that a record holds under their names on a wire, as far as this author may set them. What else it holds is passed over. */
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

/** The settings of an app under their names on a wire; those of the protocol only where they are set. */
export function writeWire(app: App, wire: Wire): Record<string, unknown> {
  const shown = SETTINGS.flatMap(([name, row]) => {
    const value = settingOf(app, name, row)
    const isShown = value !== undefined && (value !== null || wire === 'platform')
    return isShown && row.names[wire] !== undefined ? [[row.names[wire], value]] : []
  })
  return { ...app.listing, ...Object.fromEntries(shown) }
}

/** What a setting is of an app; undefined when it is not set, or not kept. */
export function settingOf(app: App, name: SettingName, { column, of }: Setting): unknown {
  if (of) return of(app)
  if (column === 'protocol') return app.protocol[name as keyof App['protocol']]
  return column === null ? undefined : app[column]
}
