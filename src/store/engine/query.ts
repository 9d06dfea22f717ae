import type { Row } from './db.ts'

/** A declared query: one statement, and the answer made from its rows. */
export interface Query<T, L = unknown> {
  readonly sql: string
  /** A cached query for the rest of the answer, found by columns of the first row. */
  readonly link?: Link<L>
  /** Makes the answer from the rows, at least one, and from the answer of the link. */
  make(rows: readonly Row[], linked: L | undefined): T
}

/**
 * A query whose rows seldom change. SQLite, which sees every write, caches its answers until a row of one of its tables changes, so a cached answer
 * is always current. PostgreSQL asks each time. An answer must not depend on the clock, and no caller may change it, because requests share it.
 */
export interface CachedQuery<T, L = unknown> extends Query<T, L> {
  /** The tables that it reads, without those of its link. A changed or deleted row drops all answers. */
  readonly tables: readonly string[]
  /** The tables from which it reads a list, so that a new row drops all answers too. A row that is found by its key cannot be added. */
  readonly lists?: readonly string[]
  /** How many answers are cached. The least recently used one goes first. */
  readonly max: number
  /** Whether to cache the answer with this first row; left out, all are cached. Other answers may read more tables. */
  keeps?(row: Row): boolean
}

/**
 * Leads from a row to a cached query that many rows share. SQLite takes two steps, of which the second is nearly always cached. On PostgreSQL,
 * where each query costs a round trip, `joined` is both in one statement.
 */
export interface Link<L> {
  readonly to: CachedQuery<L>
  /** Two columns of the row, which are `$1` and `$2` of the linked query. If one is null, there is no linked answer. */
  readonly by: readonly [string, string]
  /** Selects the row with the columns of the linked query after its own. `found` is null when there is no linked answer. */
  readonly joined: string
}

/** Declares a query, with its types inferred. */
export function cached<T, L = unknown>(query: CachedQuery<T, L>): CachedQuery<T, L> {
  return query
}
