import type { DatabaseSync } from 'node:sqlite'
import type { Param, Row } from './db.ts'

/** A statement in the shared dialect as SQLite runs it. */
export interface Prepared {
  first(params: readonly Param[]): Row | undefined
  all(params: readonly Param[]): Row[]
  /** How many rows it touched. */
  run(params: readonly Param[]): number
  /** Whether it answers with rows. */
  returns: boolean
  /** What it does to which table; undefined for one that only reads. */
  writes: { table: string; change: 'changed' | 'added' } | undefined
}

/** SQLite counts its parameters `?1`, `?2`, … where PostgreSQL has `$1`, `$2`, …; no text of ours holds a `$` otherwise. */
export function prepareOn(db: DatabaseSync, sql: string): Prepared {
  const statement = db.prepare(sql.replaceAll('$', '?'))
  const names = statement.columns().map(({ name }) => name)
  // Values alone come faster than objects do; their names are the same for every row.
  if (names.length > 0) statement.setReturnArrays(true)
  const toRow = rowMaker(names)
  return {
    first: (params) => {
      const values = statement.get(...params) as unknown as Row[string][] | undefined
      return values && toRow(values)
    },
    all: (params) => (statement.all(...params) as unknown as Row[string][][]).map(toRow),
    run: (params) => Number(statement.run(...params).changes),
    returns: names.length > 0,
    writes: readWrites(sql),
  }
}

/** Which table it writes. `insert … on conflict do update` may change a row that is there. */
function readWrites(sql: string): Prepared['writes'] {
  const [, verb, table] = /^\s*(insert\s+into|update|delete\s+from)\s+(\w+)/i.exec(sql) ?? []
  if (table === undefined) return undefined
  return { table, change: /^insert/i.test(verb!) && !/\bdo\s+update\b/i.test(sql) ? 'added' : 'changed' }
}

/**
 * Where two columns have one name, the later one counts. Each row begins as a copy of an empty one, which is three times as fast as to
 * give it its names one by one.
 */
function rowMaker(names: readonly string[]): (values: readonly Row[string][]) => Row {
  const empty: Row = Object.fromEntries(names.map((name) => [name, null]))
  return (values) => {
    const row = { ...empty }
    for (let index = 0; index < names.length; index++) row[names[index]!] = values[index]!
    return row
  }
}

/** A script with what is meant for SQLite alone. */
export function inSqlite(script: string): string {
  return script.replaceAll(/\/\*sqlite: (.+?)\*\//g, '$1')
}
