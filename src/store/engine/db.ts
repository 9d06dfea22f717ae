import type { CachedQuery, Query } from './query.ts'

/** A value as both engines take it. Booleans travel as 0 and 1, lists and records as JSON. */
export type Param = string | number | null

/** A row as the engine gives it: snake_case names, whole numbers as numbers. */
export type Row = Record<string, string | number | null>

/** One statement of a write. Parameters are `$1`, `$2`, … as in PostgreSQL. */
export interface Step {
  sql: string
  params: readonly Param[]
  /** When this step touches no row, the whole write is undone and answers undefined. */
  must?: boolean
  /** It changes only columns that no cached query reads, such as a last use, so kept answers stay. */
  keepsCache?: boolean
}

/**
 * What the two engines have in common. There is no open-ended transaction: while a caller awaits inside one, statements of other
 * requests would run in it. A write is a list of statements known beforehand, done as one or not at all, and on disk when it is answered.
 */
export interface Db {
  readonly engine: 'sqlite' | 'postgres'
  /** The first row, or undefined. Throws a 503 when the database cannot answer. */
  one(sql: string, params: readonly Param[]): Promise<Row | undefined>
  all(sql: string, params: readonly Param[]): Promise<Row[]>
  /** The answer of a declared query, kept or asked for; undefined when there is no row. One query where each costs a round trip. */
  ask<T, L>(query: Query<T, L> | CachedQuery<T, L>, params: readonly Param[]): Promise<T | undefined>
  /**
   * Does all steps or none; the rows that each returned, in order. Undefined when a `must` step touched no row: then nothing was
   * written. Throws Conflict when a unique value was taken, a 503 when the database cannot answer.
   */
  write(steps: readonly Step[]): Promise<Row[][] | undefined>
  /** Runs a script of several statements under the migration lock, as one. */
  migrate(work: (run: (script: string) => Promise<void>, all: Db['all']) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** A unique value is taken already; `constraint` names the index or the columns, as the engine reports them. */
export class Conflict extends Error {
  readonly constraint: string
  constructor(constraint: string, cause: unknown) {
    super(`Taken already: ${constraint}`, { cause })
    this.constraint = constraint
  }
}
