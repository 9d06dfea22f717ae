import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import { migrate } from '../../src/store/engine/migrate.ts'
import { openDb, storeOn } from '../../src/store/engine/open.ts'
import type { Store } from '../../src/store/store.ts'
import { freshDatabase } from './postgres.ts'
import type { Engine } from './test-site.ts'

/**
 * A store on an empty database that counts its reads and writes: equal work takes equal time, so that tests
 * need not measure time.
 */
export interface CountedStore {
  store: Store
  /** Returns how often it read and wrote since the last call. */
  counted(): { reads: number; writes: number }
}

export async function countedStore(now: number, engine: Engine = 'sqlite'): Promise<CountedStore> {
  const url = engine === 'postgres' ? await freshDatabase() : 'sqlite::memory:'
  const db = await openDb({ url, pool: 4, timeout: 5 })
  await migrate(db, now)
  let [reads, writes] = [0, 0]
  const counting: typeof db = {
    ...db,
    one: (sql, params) => {
      reads++
      return db.one(sql, params)
    },
    all: (sql, params) => {
      reads++
      return db.all(sql, params)
    },
    ask: (query, params) => {
      reads++
      return db.ask(query, params)
    },
    write: (steps) => {
      writes++
      return db.write(steps)
    },
  }
  return {
    store: storeOn(counting, APP_COLUMNS),
    counted() {
      const since = { reads, writes }
      reads = 0
      writes = 0
      return since
    },
  }
}
