import type { DatabaseSync } from 'node:sqlite'
import type { Param, Row } from './db.ts'

/** A prepared statement of the shared dialect. */
export interface Prepared {
  first(params: readonly Param[]): Row | undefined
  all(params: readonly Param[]): Row[]
  /** Returns how many rows it touched. */
  run(params: readonly Param[]): number
  /** Whether it returns rows. */
  returns: boolean
  /** The table that it writes; undefined for a statement that only reads. */
  writes: { table: string; change: 'changed' | 'added' } | undefined
}

/** Parameters are `?1`, `?2`, … in SQLite and `$1`, `$2`, … in PostgreSQL. No statement contains another `$`. */
export function prepareSqliteStatement(db: DatabaseSync, sql: string): Prepared {
  const statement = db.prepare(sql.replaceAll('$', '?'))
  const names = statement.columns().map(({ name }) => name)
  // Arrays of values are faster than objects, and the names are the same for every row.
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

/** `insert … on conflict do update` may change an existing row. */
function readWrites(sql: string): Prepared['writes'] {
  const [, verb, table] = /^\s*(insert\s+into|update|delete\s+from)\s+(\w+)/i.exec(sql) ?? []
  if (table === undefined) return undefined
  return { table, change: /^insert/i.test(verb!) && !/\bdo\s+update\b/i.test(sql) ? 'added' : 'changed' }
}

/**
 * Of two columns of one name, the later one counts. Each row begins as a copy of an empty one, which is three times as fast as setting its names
 * one by one.
 */
function rowMaker(names: readonly string[]): (values: readonly Row[string][]) => Row {
  const empty: Row = Object.fromEntries(names.map((name) => [name, null]))
  return (values) => {
    const row = { ...empty }
    for (let index = 0; index < names.length; index++) row[names[index]!] = values[index]!
    return row
  }
}

/** Returns the script with the parts that are only for SQLite. */
export function inSqlite(script: string): string {
  return script.replaceAll(/\/\*sqlite: (.+?)\*\//g, '$1')
}
