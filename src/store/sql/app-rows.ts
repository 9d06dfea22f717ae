import { lookAlikeKey } from '../../kit/look-alike.ts'
import type { Row, Step } from '../engine/db.ts'
import type { AppSecret } from '../nouns/app-secrets.ts'
import type { App, AppColumns } from '../nouns/apps.ts'
import { APP_SECRETS } from './app-secrets.ts'
import { parse } from './columns.ts'
import { table } from './table.ts'

export type AppRows = ReturnType<typeof appRows>

/** Returns how rows of apps are read and written. `columns` are those of the settings that have their own, as `table` declares columns. */
export function appRows(columns: string) {
  const own = table<AppColumns>('apps', columns)
  const all = table<App & { nameKey?: string }>(
    'apps',
    'uid, code_name, client_id, directory_uid, origin, created_at, name_key',
    `name, redirect_uri, redirect_uris json, trusted bit, public bit, scopes json, listing json, protocol json, ${columns}`,
  )
  return {
    read: (row: Row): App => readApp(row, own.readDeclared(row)),
    /** Stores an app, with its secret if it has one. */
    addSteps: (app: App, secret?: AppSecret): Step[] => [
      all.add({ ...app, nameKey: nameKey(app) }),
      ...(secret ? [APP_SECRETS.add(secret)] : []),
    ],
    /**
     * Changes a live app if it is still as it was when it was read. With `asksAgain` its consents are deleted, because people allowed the app
     * as it was.
     */
    changeSteps(app: App, was: App, asksAgain: boolean): Step[] {
      const forgotten = { sql: 'delete from consents where app_uid = $1', params: [app.uid] }
      const renamed = app.name === was.name ? [] : [nameKeyStep(app)]
      return [all.change(app, was), ...renamed, ...(asksAgain ? [forgotten] : [])]
    },
  }
}

/** Returns the key that look-alike names share. Empty for an app that introduced itself, because others may have its name. */
function nameKey({ name, origin }: Pick<App, 'name' | 'origin'>): string {
  return origin === 'platform' ? lookAlikeKey(name) : ''
}

/** Stores the key of an app's name. */
export function nameKeyStep(app: Pick<App, 'uid' | 'name' | 'origin'>): Step {
  return {
    sql: 'update apps set name_key = $2 where uid = $1',
    params: [app.uid, nameKey(app)],
    keepsCache: true,
  }
}

/** Returns the app of a row. Its fields are read one by one, because every token request reads an app. */
function readApp(row: Row, own: AppColumns): App {
  let protocol: App['protocol'] | undefined
  return {
    ...own,
    uid: row.uid as string,
    codeName: row.code_name as string,
    clientId: row.client_id as string,
    directoryUid: row.directory_uid as string | null,
    name: row.name as string,
    redirectUri: row.redirect_uri as string,
    redirectUris: parse<string[]>(row.redirect_uris),
    trusted: row.trusted === 1,
    public: row.public === 1,
    scopes: parse<string[]>(row.scopes),
    // Parsed when it is used: it is the longest column, and a token request never uses it.
    get listing() {
      return parse<Record<string, unknown>>(row.listing)
    },
    get protocol() {
      protocol ??= row.protocol === '{}' ? {} : parse<App['protocol']>(row.protocol)
      return protocol
    },
    origin: row.origin as App['origin'],
    createdAt: row.created_at as number,
    endedAt: row.ended_at as number | null,
  }
}
