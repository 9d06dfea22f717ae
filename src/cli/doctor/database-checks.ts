import { existsSync } from 'node:fs'
import { decodeProtectedHeader } from 'jose'
import { databaseFile } from '../../config/database-name.ts'
import type { Config } from '../../config/load.ts'
import { APP_COLUMNS } from '../../domain/apps/column-settings.ts'
import { openKeys } from '../../domain/keys/keys.ts'
import { systemClock } from '../../kit/clock.ts'
import { openSeal } from '../../kit/seal.ts'
import { newestSchema } from '../../store/engine/migrate.ts'
import { openDb, storeOn } from '../../store/engine/open.ts'
import type { Store } from '../../store/store.ts'
import { explain } from '../kit/explain.ts'
import { type Finding, ok, todo } from '../kit/findings.ts'

const MAX_CLOCK_DIFFERENCE_SECONDS = 2

/** Checks the schema of the database, its clock and its signing keys. Throws when the database cannot be reached. */
export async function databaseChecks(config: Config): Promise<Finding[]> {
  const file = databaseFile(config.databaseUrl)
  if (file && !existsSync(file)) {
    return [ok('Database', `${file} does not exist yet; \`behalf migrate\` or the first start creates it`)]
  }
  const db = await openDb({ url: config.databaseUrl, pool: 1, timeout: config.databaseTimeout })
  try {
    const store = storeOn(db, APP_COLUMNS)
    const { clock, schema } = await store.examine()
    const newest = await newestSchema()
    const findings = [checkSchema(db.engine, schema, newest, config), checkClock(clock)]
    if (schema === newest) findings.push(await checkKeys(store, config))
    return findings
  } finally {
    await db.close()
  }
}

function checkSchema(engine: string, schema: number, newest: number, { migrate }: Config): Finding {
  const current = `${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, schema ${schema}`
  if (schema === newest) return ok('Database', current)
  if (schema > newest) {
    const advice = 'Run the version that created it, or restore the backup from before that version.'
    return todo('Database', `${current}; this version knows only ${newest}`, advice)
  }
  if (migrate) return ok('Database', `${current}; the next start brings it to ${newest}`)
  return todo('Database', `${current}; this version needs ${newest}`, 'Run `behalf migrate`.')
}

function checkClock(clock: number): Finding {
  const seconds = Math.abs(clock - systemClock.now())
  const message = `this machine and the database are ${seconds} s apart`
  return seconds <= MAX_CLOCK_DIFFERENCE_SECONDS
    ? ok('Clock', message)
    : todo('Clock', message, 'Synchronize both with a time server (NTP).')
}

async function checkKeys(store: Store, config: Config): Promise<Finding> {
  const name = 'Signing keys'
  if ((await store.signingKeys.list()).length === 0) return ok(name, 'none yet; the first start creates them')
  try {
    const keys = await openKeys(store, openSeal(config.secret), systemClock)
    const { kid } = decodeProtectedHeader(await keys.sign('RS256', 'JWT', {}))
    return ok(name, `${kid} signs, ${(await keys.published()).keys.length} published`)
  } catch (error) {
    return todo(
      name,
      (await explain(error)).message,
      'Set BEHALF_SECRET to the secret that the keys were created with.',
    )
  }
}
