import type { CachedQuery, Query } from './query.ts'

/** A value that both engines accept. Booleans are 0 and 1, lists and records are JSON. */
export type Param = string | number | null

/** A row as the engine returns it: snake_case names, whole numbers as numbers. */
export type Row = Record<string, string | number | null>

/** One statement of a write. Parameters are `$1`, `$2`, … as in PostgreSQL. */
export interface Step {
  sql: string
  params: readonly Param[]
  /** If this step touches no row, the whole write is undone and returns undefined. */
  must?: boolean
  /** The step changes only columns that no cached query reads, such as a last use, so cached answers stay. */
  keepsCache?: boolean
}

/**
 * A database. There is no open-ended transaction: while a caller awaits inside one, statements of other requests would run in it. A write is a
 * list of statements, all done or none, and is on disk when it returns. Every call throws a refusal with status 503 when the database does not
 * answer.
 */
export interface Db {
  readonly engine: 'sqlite' | 'postgres'
  /** The first row, or undefined. */
  one(sql: string, params: readonly Param[]): Promise<Row | undefined>
  all(sql: string, params: readonly Param[]): Promise<Row[]>
  /** The answer of a declared query, cached or new; undefined when there is no row. On PostgreSQL always one query. */
  ask<T, L>(query: Query<T, L> | CachedQuery<T, L>, params: readonly Param[]): Promise<T | undefined>
  /**
   * Does all steps or none. Returns the rows of each step, in order. Returns undefined and writes nothing when a `must` step touched no row.
   * Throws Conflict when a unique value is taken.
   */
  write(steps: readonly Step[]): Promise<Row[][] | undefined>
  /** Runs the work under the migration lock, in one transaction. */
  migrate(work: (run: (script: string) => Promise<void>, all: Db['all']) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** A unique value is taken. `constraint` names the index or the columns, as the engine reports them. */
export class Conflict extends Error {
  readonly constraint: string
  constructor(constraint: string, cause: unknown) {
    super(`A unique value is taken: ${constraint}`, { cause })
    this.constraint = constraint
  }
}
