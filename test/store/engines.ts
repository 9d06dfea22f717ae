import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import type { Db } from '../../src/store/engine/db.ts'
import { openDb, openStore } from '../../src/store/engine/open.ts'
import type { Store } from '../../src/store/store.ts'
import { freshDatabase } from '../parts/postgres.ts'
import type { Engine } from '../parts/test-site.ts'
import { NOW } from './things.ts'

const folders: string[] = []
const opened: { close(): Promise<void> }[] = []
after(async () => {
  await Promise.all(opened.map((each) => each.close()))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** The path of a new database file, in a folder that is deleted after the tests of the file. */
export function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-store-'))
  folders.push(folder)
  return join(folder, 'behalf.db')
}

/** The URL of an empty database. */
export async function freshUrl(engine: Engine): Promise<string> {
  return engine === 'sqlite' ? `sqlite:${freshFile()}` : freshDatabase()
}

/** Opens a store as a server does. It is closed after the tests of the file. */
export async function open(url: string, { pool = 6, timeout = 5, migrate = true } = {}): Promise<Store> {
  const store = await openStore({ url, pool, timeout }, NOW, migrate, APP_COLUMNS)
  opened.push(store)
  return store
}

/** The engine below the store, for looking at rows and breaking things. */
export async function openBelow(url: string, { pool = 2, timeout = 5 } = {}): Promise<Db> {
  const db = await openDb({ url, pool, timeout })
  opened.push(db)
  return db
}
