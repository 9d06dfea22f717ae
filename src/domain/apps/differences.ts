import { digest } from '../../kit/digest.ts'
import type { App } from '../../store/nouns/apps.ts'
import { SETTINGS } from './settings.ts'
import { settingOf } from './wire.ts'

const COLUMNS = new Set(SETTINGS.flatMap(([, { column }]) => (column === null ? [] : [column])))

/** Returns the names of the columns that changed, for the audit. */
export function differences(was: App, app: App): string[] {
  const names = [...COLUMNS, 'listing' as const]
  return names.filter((name) => !isSame(was[name], app[name]))
}

/** Returns what the audit says of an app that changed its own settings. `heldBack` are the locked ones that it tried to change. */
export function changesOf(was: App, app: App, heldBack: readonly string[]) {
  return { origin: app.origin, changed: differences(was, app), ...(heldBack.length > 0 ? { heldBack } : {}) }
}

/** Whether everyone who allowed the app must be asked again, because they allowed something else. */
export function asksAgain(was: App, app: App): boolean {
  return SETTINGS.some(([name, row]) => {
    const [before, now] = [settingOf(was, name, row), settingOf(app, name, row)]
    if (row.asksAgain === 'when-changed') return !isSame(before, now)
    return row.asksAgain === 'when-added' && (now as unknown[]).some((each) => !(before as unknown[]).includes(each))
  })
}

/** Returns a digest of what people allow when they allow the app: its owner, and every setting whose change asks them again. */
export function allowedAs(app: App): string {
  const settings = SETTINGS.filter(([, { asksAgain }]) => asksAgain).map(([name, row]) => settingOf(app, name, row))
  return digest(JSON.stringify([app.directoryUid, settings]))
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
