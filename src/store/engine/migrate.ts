import { readdir, readFile } from 'node:fs/promises'
import type { Db } from './db.ts'

const FOLDER = new URL('../../../schema/', import.meta.url)

/** The database belongs to a newer version of Behalf. An older version could lose what the newer one wrote. */
export class NewerSchema extends Error {}

/** The numbered files of schema/, in order: `001-founding.sql` is version 1. */
async function readMigrations(): Promise<{ version: number; name: string; script: string }[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{3}-.+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({
      version: Number(name.slice(0, 3)),
      name,
      script: await readFile(new URL(name, FOLDER), 'utf8'),
    })),
  )
}

/** The schema version of this code. */
export async function newestSchema(): Promise<number> {
  return (await readMigrations()).at(-1)!.version
}

/** The schema version of the database: 0 when it is new. */
export async function foundSchema(all: Db['all'], engine: Db['engine']): Promise<number> {
  const table =
    engine === 'sqlite'
      ? "select name from sqlite_master where type = 'table' and name = 'schema_versions'"
      : "select tablename from pg_tables where schemaname = current_schema() and tablename = 'schema_versions'"
  if ((await all(table, [])).length === 0) return 0
  return Number((await all('select coalesce(max(version), 0) as version from schema_versions', []))[0]!.version)
}

/**
 * Brings the schema up to date, and returns the names of the files that it ran. Other servers wait for its lock. All steps are one transaction,
 * so a migration that is killed has changed nothing and can run again.
 */
export async function migrate(db: Db, now: number): Promise<string[]> {
  const migrations = await readMigrations()
  const newest = migrations.at(-1)!.version
  const found = await foundSchema(db.all, db.engine)
  if (found > newest) refuseNewer(found, newest)
  if (found === newest) return []
  const done: string[] = []
  await db.migrate(async (run, all) => {
    const current = await foundSchema(all, db.engine)
    if (current > newest) refuseNewer(current, newest)
    if (current === 0) {
      await run(
        'create table schema_versions (version bigint primary key, name text not null, applied_at bigint not null)',
      )
    }
    for (const { version, name, script } of migrations.filter((each) => each.version > current)) {
      await run(script)
      await run(`insert into schema_versions (version, name, applied_at) values (${version}, '${name}', ${now})`)
      done.push(name)
    }
  })
  return done
}

function refuseNewer(found: number, newest: number): never {
  throw new NewerSchema(
    `The database has schema ${found}, but this version of Behalf knows only ${newest}. Run the newer version, or restore the backup made before it.`,
  )
}
