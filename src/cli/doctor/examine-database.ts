import { existsSync } from 'node:fs'
import { decodeProtectedHeader } from 'jose'
import type { Config } from '../../config/load.ts'
import { openKeys } from '../../domain/keys/keys.ts'
import { systemClock } from '../../kit/clock.ts'
import { openSeal } from '../../kit/seal.ts'
import { newestSchema } from '../../store/engine/migrate.ts'
import { openDb, storeOn } from '../../store/engine/open.ts'
import type { Store } from '../../store/store.ts'
import { type Finding, ill, illFrom, well } from '../kit/finding.ts'

const MOST_APART = 2

/** Looks at the database, what its clock says, and whether the signing keys in it can be used. */
export async function examineDatabase(config: Config): Promise<Finding[]> {
  const name = 'Database'
  const file = /^sqlite:(?!:memory:)(.+)$/s.exec(config.databaseUrl)?.[1]
  if (file && !existsSync(file)) {
    return [well(name, `${file} is not there yet; \`behalf migrate\` or the first start makes it`)]
  }
  try {
    const db = await openDb({ url: config.databaseUrl, pool: 1, timeout: config.databaseTimeout })
    try {
      const store = storeOn(db)
      const { clock, schema } = await store.examine()
      const newest = await newestSchema()
      const findings = [examineSchema(db.engine, schema, newest, config), examineClock(clock)]
      if (schema === newest) findings.push(await examineKeys(store, config))
      return findings
    } finally {
      await db.close()
    }
  } catch (error) {
    return [await illFrom(name, error, 'See that it runs and that BEHALF_DATABASE_URL names it with the right user.')]
  }
}

function examineSchema(engine: string, schema: number, newest: number, { migrate }: Config): Finding {
  const name = 'Database'
  const kind = engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  if (schema === newest) return well(name, `${kind}, schema ${schema}`)
  if (schema > newest) {
    const advice = 'Run the version that made it, or restore the backup made before it.'
    return ill(name, `${kind}, schema ${schema}; this version knows only ${newest}`, advice)
  }
  if (migrate) return well(name, `${kind}, schema ${schema}; the next start brings it to ${newest}`)
  return ill(name, `${kind}, schema ${schema}; this version needs ${newest}`, 'Run `behalf migrate`.')
}

function examineClock(clock: number): Finding {
  const apart = Math.abs(clock - systemClock.now())
  return apart <= MOST_APART
    ? well('Clock', `this machine and the database are ${apart} s apart`)
    : ill('Clock', `this machine and the database are ${apart} s apart`, 'Let both follow a time server (NTP).')
}

async function examineKeys(store: Store, config: Config): Promise<Finding> {
  const name = 'Signing keys'
  if ((await store.signingKeys.list()).length === 0) return well(name, 'none yet; the first start makes them')
  try {
    const keys = await openKeys(store, openSeal(config.secret), systemClock)
    const { kid } = decodeProtectedHeader(await keys.sign('RS256', 'JWT', {}))
    const published = (await keys.published()).keys.length
    return well(name, `${kid} signs, ${published} published`)
  } catch (error) {
    return illFrom(name, error, 'Set BEHALF_SECRET to the one the keys were made with.')
  }
}
