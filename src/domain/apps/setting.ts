import type { z } from 'zod'
import type { App } from '../../store/nouns/apps.ts'

/** Who may set a setting: the platform, the partner who owns the app, or the app that describes itself. */
export type Setter = 'platform' | 'partner' | 'app'

/** Where settings are sent and shown: the platform API; registration (RFC 7591) and metadata documents; the command line. */
export type Surface = 'platform' | 'metadata' | 'cli'

/** The profiles of settings for a new app. The first is the default, and has the default of every setting. */
export const PROFILES = ['founding', 'standard'] as const
export type Profile = (typeof PROFILES)[number]

/** One setting of an app. */
export interface Setting<K extends z.ZodType = z.ZodType> {
  /** The property of an app, and column, that stores it; `protocol` stores many. Null: it is not stored by itself. */
  readonly column: keyof App | null
  /** Its name on each surface that has it. */
  readonly names: Readonly<Partial<Record<Surface, string>>>
  readonly read: K
  /** How it is read from an app that describes itself, if that differs. */
  readonly readOwn?: z.ZodType
  readonly setBy: readonly Setter[]
  /** Who may change it later. Left out: everyone who may set it. */
  readonly changedBy?: readonly Setter[]
  /** Its value when it was never set. Null: it has none, and can be removed. Left out: it cannot be removed. */
  readonly default?: unknown
  /** Its value for a new app with another profile than the default one, unless the request sets it. */
  readonly profiles?: Readonly<Partial<Record<Exclude<Profile, 'founding'>, unknown>>>
  /** When everyone who allowed the app is asked again. */
  readonly asksAgain?: 'when-changed' | 'when-added'
  /** Whether its values are redirect URIs. Of an app that describes itself, only the usable ones are kept. */
  readonly isRedirectUri?: true
  /** Whether an unusable value of an app that describes itself is left out. Otherwise it is refused. */
  readonly isLeftOut?: true
  /** Whether we send requests to it, so that it must be https in production. */
  readonly isFetched?: true
  /** Whether it cannot change after creation. */
  readonly isFixed?: true
  /** Whether the platform API leaves it out while it is not set. */
  readonly hidesUnset?: true
  /** Returns its value, where that is not the value of its column. */
  readonly of?: (app: App) => unknown
  readonly about: string
}

export const BY_OTHERS: readonly Setter[] = ['platform', 'partner']
export const BY_APP: readonly Setter[] = ['app']
export const BY_ALL: readonly Setter[] = [...BY_OTHERS, ...BY_APP]
/** Twenty years, in seconds. */
export const MAX_LIFETIME = 631_152_000

/** Makes a row that keeps the type of its reader. */
export function setting<K extends z.ZodType>(
  column: Setting['column'],
  names: Setting['names'],
  read: K,
  setBy: Setting['setBy'],
  rest: Omit<Setting, 'column' | 'names' | 'read' | 'setBy'>,
): Setting<K> {
  return { column, names, read, setBy, ...rest }
}
