import type { Db, Row, Step } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { AppSecret, SecretUse } from '../nouns/app-secrets.ts'
import type { App, Apps } from '../nouns/apps.ts'
import { liveApp, notEnded } from './alive.ts'
import { APP_SECRETS } from './app-secrets.ts'
import { conditions, parse } from './columns.ts'
import { eventStep } from './events.ts'
import { table } from './table.ts'
import { ending, finding, isWritten } from './verbs.ts'

/** Returns the app of a row. Its fields are read one by one, because every token request reads an app. */
export function readApp(row: Row): App {
  let protocol: App['protocol'] | undefined
  return {
    uid: row.uid as string,
    codeName: row.code_name as string,
    clientId: row.client_id as string,
    directoryUid: row.directory_uid as string | null,
    businessUid: row.business_uid as string | null,
    name: row.name as string,
    redirectUri: row.redirect_uri as string,
    redirectUris: parse<string[]>(row.redirect_uris),
    trusted: row.trusted === 1,
    public: row.public === 1,
    scopes: parse<string[]>(row.scopes),
    accessTokenFormat: row.access_token_format as App['accessTokenFormat'],
    accessTokenLifetime: row.access_token_lifetime as number | null,
    jwksUri: row.jwks_uri as string | null,
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

const APPS = table<App>(
  'apps',
  'uid, code_name, client_id, directory_uid, origin, created_at',
  `business_uid, name, redirect_uri, redirect_uris json, trusted bit, public bit, scopes json, access_token_format, access_token_lifetime, jwks_uri,
    listing json, protocol json`,
)

interface AppWithSecrets {
  app: App
  /** The secrets that have not ended, by their digest. */
  secrets: ReadonlyMap<string, { use: SecretUse; expiresAt: number | null }>
}

/** The live app of a client id, with its secrets, which are few. Every token request begins with this. */
const WITH_SECRETS = cached<AppWithSecrets>({
  sql: `select a.*, s.digest as secret_digest, s.uid as secret_uid, s.expires_at as secret_expires_at, s.last_used_at as secret_used_at
    from apps a
    left join app_secrets s on s.app_uid = a.uid and ${notEnded('s')}
    where a.client_id = $1 and ${liveApp('a')}`,
  tables: ['apps', 'directories', 'businesses', 'app_secrets'],
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

/** Stores an app, with its secret if it has one. */
export function addSteps(app: App, secret: AppSecret | undefined): Step[] {
  return [APPS.add(app), ...(secret ? [APP_SECRETS.add(secret)] : [])]
}

/**
 * Changes a live app if it is still as it was when it was read. With `asksAgain` its consents are deleted, because people allowed the app as
 * it was.
 */
export function changeSteps(app: App, was: App, asksAgain: boolean): Step[] {
  const forgotten = { sql: 'delete from consents where app_uid = $1', params: [app.uid] }
  return [APPS.change(app, was), ...(asksAgain ? [forgotten] : [])]
}

export function apps(db: Db): Apps {
  const findLiveBy = (column: 'uid' | 'code_name' | 'client_id') =>
    finding(db, readApp, `select * from apps a where ${column} = $1 and ${liveApp('a')}`)
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
    async list(directoryUid, limit, after = '', skip = 0) {
      const given = conditions({ directory_uid: directoryUid }, 4)
      const rows = await db.all(
        `select * from apps a where ${liveApp('a')}${given.sql}
            and (created_at, uid) > (coalesce((select created_at from apps where uid = $2), -1), $2)
          order by created_at, uid limit $1 offset $3`,
        [limit, after, skip, ...given.params],
      )
      return rows.map(readApp)
    },
    async codeNamesLike(base) {
      // Text is compared by its bytes, and '`' comes after '_': all that begins with `base_` is between the two.
      const rows = await db.all(
        'select code_name from apps where code_name = $1 or (code_name >= $2 and code_name < $3) order by code_name',
        [base, `${base}_`, `${base}\``],
      )
      return rows.map((row) => String(row.code_name))
    },
    change: (app, event, was, asksAgain) => isWritten(db, changeSteps(app, was, asksAgain), event),
    end: ending(db, 'apps'),
  }
}
