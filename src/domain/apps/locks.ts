import type { App } from '../../store/nouns/apps.ts'
import type { ReadDraft } from './app-draft.ts'
import type { AppSettings } from './apply-draft.ts'
import { isSame } from './differences.ts'
import { pickListing } from './listing.ts'
import { refuse } from './refusals.ts'
import { SETTINGS, type SettingName } from './settings.ts'
import { settingOf } from './wire.ts'

/** The settings that an app which introduced itself can change and that others can set too, by their names in its registration. */
const LOCKABLE = new Map(
  SETTINGS.flatMap(([setting, { column, names, setBy, isFixed }]) => {
    const isShared = column !== null && !isFixed && setBy.includes('app') && setBy.includes('platform')
    return isShared && names.metadata !== undefined ? [[names.metadata, setting] as const] : []
  }),
)

/** What locks other settings than the one of its name: a part of another, or one that is useless without another. */
const LOCKS: Readonly<Partial<Record<SettingName, readonly SettingName[]>>> = {
  redirectUri: ['redirectUris'],
  furtherRedirectUris: ['redirectUris'],
  demandScopes: ['scopes'],
  openid: ['scopes'],
  authSigningAlg: ['authMethod', 'authSigningAlg'],
  jwks: ['authMethod', 'jwks', 'jwksUri'],
  jwksUri: ['authMethod', 'jwks', 'jwksUri'],
}

/**
 * Returns the draft of the platform or a partner, with every setting that it sets locked: an app that introduced itself can then no longer
 * change it. Null locks nothing, because it removes a value. A draft that has the list of locks sets it as a whole.
 */
export function withLocks(draft: ReadDraft, { origin, protocol }: Pick<App, 'origin' | 'protocol'>): ReadDraft {
  const { lockedSettings } = draft
  const unknown = lockedSettings?.find((name) => !LOCKABLE.has(name))
  if (unknown !== undefined) refuse('locked-settings.unknown', { name: JSON.stringify(unknown.slice(0, 60)) })
  if (lockedSettings && origin === 'platform') refuse('locked-settings.of-platform-app')
  if (lockedSettings !== undefined || origin === 'platform') return draft
  const sent = SETTINGS.filter(([name]) => draft[name] !== undefined && draft[name] !== null)
  const locked = new Set(sent.flatMap(([name]) => LOCKS[name] ?? [name]))
  const added = [...LOCKABLE].flatMap(([name, setting]) => (locked.has(setting) ? [name] : []))
  if (added.length === 0) return draft
  return { ...draft, lockedSettings: [...new Set([...(protocol.lockedSettings ?? []), ...added])].sort() }
}

/** Returns the locked settings of an app, with their values; null for one without a value. */
export function lockedValues(app: App): ReadDraft {
  const names = lockedNames(app)
  return Object.fromEntries(
    SETTINGS.flatMap(([name, row]) => (names.includes(name) ? [[name, settingOf(app, name, row) ?? null]] : [])),
  )
}

/** Returns the locked settings that an app sends with another value, by their names in its registration. */
export function heldBack(sent: ReadDraft, app: App): string[] {
  const locked = lockedValues(app)
  return [...LOCKABLE].flatMap(([name, setting]) => {
    const isOther = setting in locked && sent[setting] !== undefined && !isSame(sent[setting], locked[setting])
    return isOther ? [name] : []
  })
}

/** Returns what an app that introduced itself cannot change: the settings of others, and those that they locked. */
export function settingsOfOthers(app: App): Partial<AppSettings> {
  const locked = lockedNames(app)
  const rows = SETTINGS.filter(([name, { setBy }]) => !setBy.includes('app') || locked.includes(name))
  const columns = rows.flatMap(([, { column }]) => (column === null || column === 'protocol' ? [] : [column]))
  const isKept = (name: string) => rows.some(([each, { column }]) => each === name && column === 'protocol')
  return {
    ...Object.fromEntries(columns.map((column) => [column, app[column]])),
    listing: pickListing(app.listing, 'others'),
    protocol: Object.fromEntries(Object.entries(app.protocol).filter(([name]) => isKept(name))),
  }
}

function lockedNames({ protocol }: Pick<App, 'protocol'>): SettingName[] {
  return (protocol.lockedSettings ?? []).flatMap((name) => LOCKABLE.get(name) ?? [])
}
