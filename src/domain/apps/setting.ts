import type { z } from 'zod'
import type { App } from '../../store/nouns/apps.ts'

/** Who may set a setting: the platform itself, the partner who owns the app, or the app by its own description. */
export type Setter = 'platform' | 'partner' | 'app'

/** The surfaces that settings come by and are shown on: the platform API; RFC 7591 registration and metadata documents; the command line. */
export type Surface = 'platform' | 'metadata' | 'cli'

/** One setting of an app. */
export interface Setting<K extends z.ZodType = z.ZodType> {
  /** The property of an app, and column, that it is kept in; `protocol` holds many. Null: it is not kept by itself. */
  readonly column: keyof App | null
  /** Its name on each surface; left out: the surface does not have it. */
  readonly names: Readonly<Partial<Record<Surface, string>>>
  readonly read: K
  /** How it is read where the app describes itself, if otherwise. */
  readonly readOwn?: z.ZodType
  readonly setBy: readonly Setter[]
  /** Its value when it was never set. Null: it has none, and can be removed again. Left out: it cannot be removed. */
  readonly default?: unknown
  /** Everyone who allowed the app is asked again when it changes, or when something is added to it. */
  readonly asksAgain?: 'when-changed' | 'when-added'
  /** We send requests there, so in production it is an https address. */
  readonly isFetched?: true
  /** Set at creation for good. */
  readonly isFixed?: true
  /** What it is of an app, where that is not what its column holds. */
  readonly of?: (app: App) => unknown
  readonly about: string
}

export const BY_OTHERS: readonly Setter[] = ['platform', 'partner']
export const BY_APP: readonly Setter[] = ['app']
export const BY_ALL: readonly Setter[] = [...BY_OTHERS, ...BY_APP]
/** Twenty years. */
export const LONGEST_LIFETIME = 631_152_000

/** A row; it keeps the type of the reader. */
export function setting<K extends z.ZodType>(
  column: Setting['column'],
  names: Setting['names'],
  read: K,
  setBy: Setting['setBy'],
  rest: Omit<Setting, 'column' | 'names' | 'read' | 'setBy'>,
): Setting<K> {
  return { column, names, read, setBy, ...rest }
}
