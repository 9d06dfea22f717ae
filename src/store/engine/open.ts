import { databaseName } from '../../config/database-name.ts'
import { Refusal } from '../../kit/refusal.ts'
import { refusal } from '../refusals.ts'
import { accessTokens } from '../sql/access-tokens.ts'
import { appRows } from '../sql/app-rows.ts'
import { appSecrets } from '../sql/app-secrets.ts'
import { apps } from '../sql/apps.ts'
import { assertions } from '../sql/assertions.ts'
import { attempts } from '../sql/attempts.ts'
import { businesses } from '../sql/businesses.ts'
import { chains } from '../sql/chains.ts'
import { clientDocuments } from '../sql/client-documents.ts'
import { codes } from '../sql/codes.ts'
import { deviceCodes } from '../sql/device-codes.ts'
import { directories } from '../sql/directories.ts'
import { events } from '../sql/events.ts'
import { installs } from '../sql/installs.ts'
import { outbox } from '../sql/outbox.ts'
import { people } from '../sql/people.ts'
import { platformTokens } from '../sql/platform-tokens.ts'
import { presentedTokens } from '../sql/presented-tokens.ts'
import { pushedRequests } from '../sql/pushed-requests.ts'
import { refreshTokens } from '../sql/refresh-tokens.ts'
import { refusals } from '../sql/refusals.ts'
import { registrations } from '../sql/registrations.ts'
import { requests } from '../sql/requests.ts'
import { resources } from '../sql/resources.ts'
import { salts } from '../sql/salts.ts'
import { sessions } from '../sql/sessions.ts'
import { signingKeys } from '../sql/signing-keys.ts'
import { staff } from '../sql/staff.ts'
import { sweep } from '../sql/sweep.ts'
import { unconfirmedApps } from '../sql/unconfirmed-apps.ts'
import type { Store } from '../store.ts'
import type { Db } from './db.ts'
import { foundSchema, migrate, NewerSchema, newestSchema } from './migrate.ts'

export interface DatabaseOptions {
  url: string
  /** How many connections to PostgreSQL. */
  pool: number
  /** Seconds to wait for an answer. */
  timeout: number
}

/** Connects to the engine that the URL names. */
export async function openDb({ url, pool, timeout }: DatabaseOptions): Promise<Db> {
  if (url.startsWith('sqlite:')) {
    const { openSqlite } = await import('./sqlite.ts')
    return openSqlite(url.slice('sqlite:'.length), timeout)
  }
  const { openPostgres } = await import('./postgres.ts')
  return openPostgres(url, pool, timeout)
}

/**
 * Opens the database. Brings its schema up to date, or with `shouldMigrate` off only checks that it is. `appColumns` declares the columns of the
 * settings of apps.
 */
export async function openStore(
  options: DatabaseOptions,
  now: number,
  shouldMigrate: boolean,
  appColumns: string,
): Promise<Store> {
  let db: Db | undefined
  try {
    db = await openDb(options)
    if (shouldMigrate) await migrate(db, now)
    else await checkSchema(db)
    return storeOn(db, appColumns)
  } catch (error) {
    await db?.close()
    throw withName(error, options.url)
  }
}

/** Returns the refusal with the name of the database that cannot be opened. Its cause says why. */
function withName(error: unknown, url: string): unknown {
  if (!(error instanceof Refusal) || error.cause === undefined) return error
  return refusal('database.unopened', { name: databaseName(url) }, { cause: error.cause })
}

async function checkSchema(db: Db): Promise<void> {
  const [found, newest] = [await foundSchema(db.all, db.engine), await newestSchema()]
  if (found > newest)
    throw new NewerSchema(`The database has schema ${found}, this version of Behalf knows only ${newest}.`)
  if (found < newest) throw refusal('database.old-schema', { found, newest })
}

/** All nouns on one engine. */
export function storeOn(db: Db, appColumns: string): Store {
  const rows = appRows(appColumns)
  return {
    engine: db.engine,
    directories: directories(db),
    businesses: businesses(db),
    people: people(db),
    staff: staff(db),
    apps: apps(db, rows),
    appSecrets: appSecrets(db),
    assertions: assertions(db),
    registrations: registrations(db, rows),
    clientDocuments: clientDocuments(db, rows),
    unconfirmedApps: unconfirmedApps(db),
    installs: installs(db),
    chains: chains(db),
    codes: codes(db),
    deviceCodes: deviceCodes(db),
    accessTokens: accessTokens(db),
    refreshTokens: refreshTokens(db),
    presentedTokens: presentedTokens(db),
    resources: resources(db),
    platformTokens: platformTokens(db),
    sessions: sessions(db),
    requests: requests(db),
    pushedRequests: pushedRequests(db),
    refusals: refusals(db),
    outbox: outbox(db),
    attempts: attempts(db),
    signingKeys: signingKeys(db),
    events: events(db),
    salts: salts(db),
    sweep: sweep(db),
    examine: () => examine(db),
    findTime: () => findTime(db),
    close: () => db.close(),
  }
}

async function examine(db: Db): Promise<{ clock: number; schema: number }> {
  const now = db.engine === 'sqlite' ? "strftime('%s', 'now')" : 'extract(epoch from now())'
  const row = await db.one(`select cast(${now} as bigint) as clock`, [])
  return { clock: Number(row!.clock), schema: await foundSchema(db.all, db.engine) }
}

async function findTime(db: Db): Promise<number | undefined> {
  if (db.engine === 'sqlite') return undefined
  const row = await db.one('select cast(extract(epoch from clock_timestamp()) * 1000 as double precision) as time', [])
  return Number(row!.time)
}
