import { chmodSync, existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createOwnFile, createOwnFolder } from '../../kit/own-files.ts'
import { refusal } from '../refusals.ts'
import { openCache } from './cache.ts'
import type { Db, Row, Step } from './db.ts'
import { asConflict, isBusy, isStorageFault, patiently, unreadable } from './sqlite-faults.ts'
import { openSqliteReads } from './sqlite-reads.ts'
import { inSqlite, type Prepared, prepareSqliteStatement } from './sqlite-statement.ts'
import { openSqliteView } from './sqlite-view.ts'

/** How many writes may share one transaction. */
const MAX_GROUP = 64

/** Thrown when steps must be undone for which there is no savepoint. */
const HALF_DONE = new Error('half done')

interface Waiting {
  steps: readonly Step[]
  resolve(rows: Row[][] | undefined): void
  reject(error: unknown): void
}

/**
 * SQLite in this process. Writes that arrive in one turn of the event loop share one transaction and one fsync (group commit), and return only after
 * it: an fsync costs 0.2 ms and blocks the loop, so requests must share it. The transaction runs in one turn, so no other statement can run in it.
 */
export async function openSqlite(path: string, timeout: number): Promise<Db> {
  const patience = timeout * 1000
  const db = await connect(path, patience)

  const prepared = new Map<string, Prepared>()
  const prepare = (sql: string): Prepared => {
    let found = prepared.get(sql)
    if (!found) {
      found = prepareSqliteStatement(db, sql)
      prepared.set(sql, found)
    }
    return found
  }
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const savepoint = db.prepare('savepoint one')
  const keep = db.prepare('release one')
  const undo = db.prepare('rollback to one')
  const undoGuarded = () => {
    undo.run()
    keep.run()
  }
  const cache = openCache()
  const schema = db.prepare('pragma schema_version')
  schema.setReturnArrays(true)
  let seenSchema: unknown
  const view = openSqliteView(db, () => {
    cache.clear()
    const [found] = schema.get() as unknown as [number]
    // A newer version may have migrated the file: `select *` then has more columns than when it was prepared.
    if (found !== seenSchema) prepared.clear()
    seenSchema = found
  })
  let waiting: Waiting[] = []
  let busySince = 0

  /** While every turn brings more writes, one more turn is cheaper than one more fsync. A single write never waits. */
  const gather = (seen: number) => {
    const { length } = waiting
    if (length > seen && length < MAX_GROUP) setImmediate(gather, length)
    else flush()
  }

  const flush = () => {
    view.end()
    const group = waiting
    waiting = []
    let answers: (() => void)[]
    const touched = new Set<Prepared>()
    try {
      begin.run()
    } catch (error) {
      if (busySince === 0) busySince = Date.now()
      if (isBusy(error) && busySince + patience > Date.now()) {
        // Another process writes for a moment. Reads and other requests continue here.
        waiting = [...group, ...waiting]
        setTimeout(flush, 5)
        return
      }
      busySince = 0
      for (const each of group) each.reject(refusal('database.busy', {}, { cause: error }))
      return
    }
    busySince = 0
    try {
      answers = performAll(group, touched)
      commit.run()
    } catch (error) {
      rollBack(db)
      const unavailable = refusal('database.unwritable', {}, { cause: error })
      for (const each of group) each.reject(unavailable)
      return
    }
    for (const { writes } of touched) {
      if (writes) cache.drop(writes.table, writes.change)
      else cache.clear()
    }
    for (const answer of answers) answer()
  }

  /**
   * Most groups have nothing to undo, so the first try has no savepoints, which cost as much as a statement each. If a write fails after its first
   * step, everything is undone and done again with savepoints.
   */
  const performAll = (group: readonly Waiting[], touched: Set<Prepared>): (() => void)[] => {
    try {
      return group.map((each) => perform(each, false, touched))
    } catch (error) {
      if (error !== HALF_DONE || !db.isTransaction) throw error
    }
    rollBack(db)
    begin.run()
    return group.map((each) => perform(each, each.steps.length > 1, touched))
  }

  /** Runs the steps of one write. A failure undoes and rejects only that write. */
  const perform = ({ steps, resolve, reject }: Waiting, isGuarded: boolean, touched: Set<Prepared>): (() => void) => {
    const undoSteps = (done: number) => {
      if (isGuarded) undoGuarded()
      // A failed statement is undone by SQLite.
      else if (done > 0) throw HALF_DONE
    }
    if (isGuarded) savepoint.run()
    const rows: Row[][] = []
    try {
      for (const step of steps) {
        const statement = prepare(step.sql)
        const returned = statement.returns ? statement.all(step.params) : undefined
        const changes = returned?.length ?? statement.run(step.params)
        if (changes > 0 && !step.keepsCache) touched.add(statement)
        if (step.must && changes === 0) {
          undoSteps(rows.length)
          return () => resolve(undefined)
        }
        rows.push(returned ?? [])
      }
      if (isGuarded) keep.run()
      return () => resolve(rows)
    } catch (error) {
      // A full or failing disk ends the whole transaction, so every write of the group fails.
      if (error === HALF_DONE || !db.isTransaction) throw error
      const conflict = asConflict(error)
      if (!conflict && isStorageFault(error)) throw error
      undoSteps(rows.length)
      return () => reject(conflict ?? error)
    }
  }

  return {
    engine: 'sqlite',
    ...openSqliteReads({ prepare, view, cache, patience }),
    write: (steps) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ steps, resolve, reject }) === 1 && busySince === 0) setImmediate(gather, 1)
      }),
    async migrate(work) {
      try {
        view.end()
        await patiently(() => db.exec('begin immediate'), patience * 6)
      } catch (error) {
        throw isBusy(error) ? refusal('database.migrating', {}, { cause: error }) : error
      }
      try {
        // The work awaits only these two, which return at once, so no request is served before it ends.
        await work(
          async (script) => db.exec(inSqlite(script)),
          async (sql, params) => prepare(sql).all(params),
        )
        db.exec('commit')
        cache.clear()
      } catch (error) {
        rollBack(db)
        throw error
      }
    },
    async close() {
      if (waiting.length > 0) flush()
      if (!db.isOpen) return
      view.end()
      db.close()
    },
  }
}

async function connect(path: string, patience: number): Promise<DatabaseSync> {
  if (path !== ':memory:') prepareFile(path)
  try {
    const db = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true })
    // Another process may hold the lock for a moment while it opens the file.
    await patiently(() => db.exec('pragma journal_mode = wal; pragma synchronous = full'), patience)
    db.exec(
      'pragma cache_size = -8000; pragma wal_autocheckpoint = 4000; pragma temp_store = memory; pragma trusted_schema = off; pragma secure_delete = fast',
    )
    return db
  } catch (error) {
    throw isBusy(error) || isStorageFault(error) ? unreadable(error) : error
  }
}

/** The database contains email addresses and digests, so only the owner may read its files. */
function prepareFile(file: string): void {
  createOwnFolder(resolve(dirname(file)))
  try {
    if (!existsSync(file)) createOwnFile(file)
  } catch (error) {
    // Another process made it first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  chmodSync(file, 0o600)
}

function rollBack(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('rollback')
}
