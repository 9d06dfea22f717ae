import type { Db, Param, Row, Step } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { AppSecret, SecretUse } from '../nouns/app-secrets.ts'
import type { App, Apps } from '../nouns/apps.ts'
import { liveApp, notEnded } from './alive.ts'
import { secretColumns } from './app-secrets.ts'
import { bit, insert, json, parse } from './columns.ts'
import { ending } from './ending.ts'
import { eventStep } from './events.ts'

/** The app in a row; written out name by name, because every token request reads one. */
export function readApp(row: Row): App {
  let protocol: App['protocol'] | undefined
  return {
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
    accessTokenFormat: row.access_token_format as App['accessTokenFormat'],
    accessTokenLifetime: row.access_token_lifetime as number | null,
    jwksUri: row.jwks_uri as string | null,
    // Read when asked for: it is the longest column, and a token request never looks at it.
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

/** The columns that may change after creation. */
const changeable = (app: App): Record<string, Param> => ({
  name: app.name,
  redirect_uri: app.redirectUri,
  redirect_uris: json(app.redirectUris),
  trusted: bit(app.trusted),
  public: bit(app.public),
  scopes: json(app.scopes),
  access_token_format: app.accessTokenFormat,
  access_token_lifetime: app.accessTokenLifetime,
  jwks_uri: app.jwksUri,
  listing: json(app.listing),
  protocol: json(app.protocol),
})

interface AppWithSecrets {
  app: App
  /** The secrets that are not ended, by their digest. */
  secrets: ReadonlyMap<string, { use: SecretUse; expiresAt: number | null }>
}

/** A living app and its secrets, by its client id: every token request begins with this. An app has few secrets. */
const WITH_SECRETS = cached<AppWithSecrets>({
  sql: `select a.*, s.digest as secret_digest, s.uid as secret_uid, s.expires_at as secret_expires_at, s.last_used_at as secret_used_at
    from apps a
    left join app_secrets s on s.app_uid = a.uid and ${notEnded('s')}
    where a.client_id = $1 and ${liveApp('a')}`,
  tables: ['apps', 'directories', 'app_secrets'],
  lists: ['app_secrets'],
  max: 2000,
  make(rows) {
    const found = rows.filter((row) => row.secret_digest !== null).map(readSecret)
    return { app: readApp(rows[0]!), secrets: new Map(found) }
  },
})

function readSecret(row: Row) {
  const use = { uid: row.secret_uid as string, lastUsedAt: row.secret_used_at as number | null }
  return [row.secret_digest as string, { use, expiresAt: row.secret_expires_at as number | null }] as const
}

/** Stores an app, with its secret where it has one. */
export function addSteps(app: App, secret: AppSecret | undefined): Step[] {
  const identity = {
    uid: app.uid,
    code_name: app.codeName,
    client_id: app.clientId,
    directory_uid: app.directoryUid,
    origin: app.origin,
    created_at: app.createdAt,
  }
  const secretRow = secret && [insert('app_secrets', secretColumns(secret))]
  return [insert('apps', { ...identity, ...changeable(app) }), ...(secretRow ?? [])]
}

/**
 * Writes what may change of a live app, if it still is as it was when it was read. With `asksAgain` its consents go: what people allowed was
 * the app as it was.
 */
export function changeSteps(app: App, was: App, asksAgain: boolean): Step[] {
  const columns = Object.entries(changeable(app))
  const before = Object.values(changeable(was))
  const sets = columns.map(([name], index) => `${name} = $${index + 2}`).join(', ')
  const same = columns.map(([name], index) => `${name} is not distinct from $${index + 2 + columns.length}`)
  const change = {
    sql: `update apps set ${sets} where uid = $1 and ended_at is null and ${same.join(' and ')}`,
    params: [app.uid, ...columns.map(([, value]) => value), ...before],
    must: true,
  }
  if (!asksAgain) return [change]
  return [change, { sql: 'delete from consents where app_uid = $1', params: [app.uid] }]
}

export function apps(db: Db): Apps {
  const findLiveBy = (column: 'uid' | 'code_name' | 'client_id') => async (value: string) => {
    const row = await db.one(`select * from apps a where ${column} = $1 and ${liveApp('a')}`, [value])
    return row && readApp(row)
  }
  return {
    async add(app, secret, event) {
      await db.write([...addSteps(app, secret), eventStep(event)])
    },
    findLive: findLiveBy('uid'),
    findLiveByCodeName: findLiveBy('code_name'),
    findLiveByClientId: findLiveBy('client_id'),
    async authenticate(clientId, secretDigest, now) {
      const found = await db.ask(WITH_SECRETS, [clientId])
      if (!found) return undefined
      const secret = found.secrets.get(secretDigest)
      if (!secret || (secret.expiresAt !== null && secret.expiresAt <= now))
        return { app: found.app, isSecretRight: false }
      return { app: found.app, isSecretRight: true, secret: secret.use }
    },
    async list(directoryUid, limit, after, skip = 0) {
      const rows = await db.all(
        `select * from apps a where ${liveApp('a')} ${directoryUid === undefined ? '' : 'and directory_uid = $4'}
            and (created_at, uid) > (coalesce((select created_at from apps where uid = $2), -1), $2)
          order by created_at, uid limit $1 offset $3`,
        [limit, after ?? '', skip, ...(directoryUid === undefined ? [] : [directoryUid])],
      )
      return rows.map(readApp)
    },
    async codeNamesLike(base) {
      // Text is compared by its bytes, and '`' comes after '_': all that begins with `base_` lies between the two.
      const rows = await db.all(
        'select code_name from apps where code_name = $1 or (code_name >= $2 and code_name < $3) order by code_name',
        [base, `${base}_`, `${base}\``],
      )
      return rows.map((row) => String(row.code_name))
    },
    async change(app, event, was, asksAgain) {
      return (await db.write([...changeSteps(app, was, asksAgain), eventStep(event)])) !== undefined
    },
    end: ending(db, 'apps'),
  }
}
