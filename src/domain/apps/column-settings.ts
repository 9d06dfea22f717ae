import type { z } from 'zod'
import type { AppColumns } from '../../store/nouns/apps.ts'
import { BY_ALL, BY_OTHERS, MAX_LIFETIME, type Setting, setting } from './setting.ts'
import { choice, seconds, text, webUri } from './setting-kinds.ts'

declare module '../../store/nouns/apps.ts' {
  interface AppColumns extends ColumnsOf<typeof columnSettings> {}
}
type ColumnsOf<Rows> = {
  -readonly [N in keyof Rows]: Rows[N] extends ColumnSetting<infer K, infer D> ? z.infer<K> | D : never
}
type ColumnSetting<K extends z.ZodType, D> = Setting<K> & { readonly default: D }

/** The settings that have a column of their own, named after them, and no rule beyond their reader. A new one needs a migration. */
export const columnSettings = {
  businessUid: inColumn('businessUid', { platform: 'business_uid', cli: 'business' }, text, BY_OTHERS, {
    default: null,
    hidesUnset: true,
    about:
      'The uid of the one business that it may act for. No other business is offered, and the app ends with this one. A change disconnects the app from the businesses that it leaves. Not set: every business of its directory, or of the platform.',
  }),
  accessTokenFormat: inColumn(
    'accessTokenFormat',
    { platform: 'access_token_format', cli: 'token-format' },
    choice(['opaque', 'jwt']),
    BY_OTHERS,
    { default: 'opaque', about: '`jwt` for access tokens that an API can verify by itself.' },
  ),
  accessTokenLifetime: inColumn(
    'accessTokenLifetime',
    { platform: 'access_token_lifetime', cli: 'token-lifetime' },
    seconds(60, MAX_LIFETIME),
    BY_OTHERS,
    {
      default: null,
      profiles: { standard: 3600 },
      about: 'How long its access tokens live, in seconds. Not set: the default of the server.',
    },
  ),
  jwksUri: inColumn(
    'jwksUri',
    { platform: 'client_auth_jwks_uri', metadata: 'jwks_uri', cli: 'jwks-uri' },
    webUri,
    BY_ALL,
    {
      default: null,
      asksAgain: 'when-changed',
      isFetched: true,
      about: 'The URL of the public keys that it authenticates with.',
    },
  ),
}

const ROWS = Object.entries(columnSettings)

/** Their columns, as the store declares them. */
export const APP_COLUMNS = ROWS.map(([name, { read }]) => {
  const { description, list } = read.meta() ?? {}
  const kind = list ? ' json' : description === 'true or false' ? ' bit' : ''
  return `${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}${kind}`
}).join(', ')

/** Returns their values: those of the draft, or else the former ones, or else the defaults. */
export function applyColumns(draft: Partial<Record<string, unknown>>, was?: AppColumns): AppColumns {
  const values = ROWS.map(([name, row]) => {
    const former = was ? was[name as keyof AppColumns] : row.default
    return [name, draft[name] === undefined ? former : draft[name]]
  })
  return Object.fromEntries(values) as unknown as AppColumns
}

function inColumn<K extends z.ZodType, const D extends z.output<K> | null>(
  column: string,
  names: Setting['names'],
  read: K,
  setBy: Setting['setBy'],
  rest: Omit<Setting, 'column' | 'names' | 'read' | 'setBy' | 'default'> & { readonly default: D },
): ColumnSetting<K, D> {
  return { ...setting(column as keyof AppColumns, names, read, setBy, rest), default: rest.default }
}
