import type { Row } from './db.ts'

/** A declared query: one statement, and what its rows come to. */
export interface Query<T, L = unknown> {
  readonly sql: string
  /** The rest of the answer, found by columns of the first row. */
  readonly link?: Link<L>
  /** Makes the answer from all rows, of which there is at least one, and from what they lead to. */
  make(rows: readonly Row[], linked: L | undefined): T
}

/**
 * A query whose rows seldom change. An engine that sees every write keeps its answers until a row of one of its tables changes, so a
 * kept answer is what the database would answer; an engine that does not asks each time. Two rules follow: an answer may not depend on
 * the clock, and no caller changes one, because requests share it.
 */
export interface CachedQuery<T, L = unknown> extends Query<T, L> {
  /** The tables it rests on, those of its link apart. A row that is changed or deleted there drops all answers. */
  readonly tables: readonly string[]
  /** The tables of which it reads a list. There a new row drops all answers too; a row that is found by its key cannot be added. */
  readonly lists?: readonly string[]
  /** How many answers are kept. The one that was asked for longest ago goes first. */
  readonly max: number
  /** Which answers are kept, by their first row; left out, all are. Rows that do not qualify may rest on other tables too. */
  keeps?(row: Row): boolean
}

/**
 * Leads from a row to a cached query that many rows share. An engine that keeps answers takes two steps, of which the second is
 * nearly always kept. For an engine where each query costs a round trip, `joined` is both in one statement.
 */
export interface Link<L> {
  readonly to: CachedQuery<L>
  /** Two columns of the row, which are `$1` and `$2` of the linked query. Where one is null, the row leads nowhere. */
  readonly by: readonly [string, string]
  /** Returns the row with the columns of the linked query behind its own; `found` is null where the row leads nowhere. */
  readonly joined: string
}

/** Declares a query; it says nothing but its types. */
export function cached<T, L = unknown>(query: CachedQuery<T, L>): CachedQuery<T, L> {
  return query
}
