import { keysWithin, MAX_KEYS } from '../../kit/look-alike.ts'
import type { Db, Row, Step } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { SecretUse } from '../nouns/app-secrets.ts'
import type { App, Apps, LeftBusinesses } from '../nouns/apps.ts'
import { liveApp, notEnded } from './alive.ts'
import { type AppRows, nameKeyStep } from './app-rows.ts'
import { conditions } from './columns.ts'
import { eventStep } from './events.ts'
import { ending, finding, isWritten } from './verbs.ts'

interface AppWithSecrets {
  app: App
  /** The secrets that have not ended, by their digest. */
  secrets: ReadonlyMap<string, { use: SecretUse; expiresAt: number | null }>
}

export function apps(db: Db, { read, addSteps, changeSteps }: AppRows): Apps {
  const findLiveBy = (column: 'uid' | 'code_name' | 'client_id') =>
    finding(db, read, `select * from apps a where ${column} = $1 and ${liveApp('a')}`)
  /** With its secrets, which are few. Every token request begins with this. */
  const withSecrets = cached<AppWithSecrets>({
    sql: `select a.*, s.digest as secret_digest, s.uid as secret_uid, s.expires_at as secret_expires_at, s.last_used_at as secret_used_at
      from apps a
      left join app_secrets s on s.app_uid = a.uid and ${notEnded('s')}
      where a.client_id = $1 and ${liveApp('a')}`,
    tables: ['apps', 'directories', 'businesses', 'app_secrets'],
    lists: ['app_secrets'],
    max: 2000,
    make(rows) {
      const found = rows.filter((row) => row.secret_digest !== null).map(readSecret)
      return { app: read(rows[0]!), secrets: new Map(found) }
    },
  })
  return {
    async add(app, secret, event) {
      await db.write([...addSteps(app, secret), eventStep(event)])
    },
    findLive: findLiveBy('uid'),
    findLiveByCodeName: findLiveBy('code_name'),
    findLiveByClientId: findLiveBy('client_id'),
    async authenticate(clientId, secretDigest, now) {
      const found = await db.ask(withSecrets, [clientId])
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
      return rows.map(read)
    },
    async codeNamesLike(base) {
      // Text is compared by its bytes, and '`' comes after '_': all that begins with `base_` is between the two.
      const rows = await db.all(
        'select code_name from apps where code_name = $1 or (code_name >= $2 and code_name < $3) order by code_name',
        [base, `${base}_`, `${base}\``],
      )
      return rows.map((row) => String(row.code_name))
    },
    change(app, event, was, asksAgain, left) {
      // An app that the platform changed never ends for lack of use: otherwise its document could create it anew, without the change.
      const unlisted = { sql: 'delete from unconfirmed_apps where app_uid = $1', params: [app.uid] }
      const steps = [...changeSteps(app, was, asksAgain), ...(left ? leaveSteps(app.uid, left) : [])]
      return isWritten(db, app.origin === 'document' ? [...steps, unlisted] : steps, event)
    },
    async findNamedWithin(name, directoryUid) {
      // An empty key belongs to no app that the platform or a partner registered. The statement has the same text for every name.
      const keys = [...keysWithin(name), ...Array<string>(MAX_KEYS).fill('-')].slice(0, MAX_KEYS)
      const row = await db.one(NAMED_WITHIN, [directoryUid, ...keys])
      return row && read(row)
    },
    async fillNameKeys(limit) {
      const rows = await db.all('select uid, name, origin from apps where name_key is null limit $1', [limit])
      const steps = rows.map((row) => nameKeyStep(row as unknown as Pick<App, 'uid' | 'name' | 'origin'>))
      if (steps.length > 0) await db.write(steps)
      return steps.length
    },
    end: ending(db, 'apps'),
  }
}

const KEYS = Array.from({ length: MAX_KEYS }, (_, index) => `$${index + 2}`).join(', ')
const named = (owner: string) =>
  `select a.* from apps a where a.name_key in (${KEYS}) and a.directory_uid ${owner} and ${liveApp('a')}`
/** Each half reads only its part of the index. */
const NAMED_WITHIN = `${named('= $1')} union all ${named('is null')} limit 1`

function leaveSteps(appUid: string, { except: [one, other], at, events }: LeftBusinesses): Step[] {
  const others = 'app_uid = $1 and (business_uid <> $2 or business_uid <> $3)'
  return [
    {
      sql: `update installs set ended_at = $4, ended_reason = 'other-business' where ${others} and ended_at is null`,
      params: [appUid, one, other, at],
    },
    { sql: `delete from consents where ${others}`, params: [appUid, one, other] },
    ...events.map(eventStep),
  ]
}

function readSecret(row: Row) {
  const use = { uid: row.secret_uid as string, lastUsedAt: row.secret_used_at as number | null }
  return [row.secret_digest as string, { use, expiresAt: row.secret_expires_at as number | null }] as const
}
