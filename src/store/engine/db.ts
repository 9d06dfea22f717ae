/** A value as both engines take it. Booleans travel as 0 and 1, lists and records as JSON. */
export type Param = string | number | null

/** A row as the engine gives it: snake_case names, whole numbers as numbers. */
export type Row = Record<string, string | number | null>

/** One statement of a write. Parameters are `$1`, `$2`, … as in PostgreSQL. */
export interface Step {
  sql: string
  params: readonly Param[]
  /** When this step touches no row, the whole write is undone and its caller is told so. */
  must?: boolean
  /** It only notes what no remembered answer tells. */
  isNote?: boolean
}

/**
 * What SQLite remembers for as long as nothing that it rests on has changed, whoever changes it; so it is never out of date. PostgreSQL
 * asks each time. What comes of it is shared: nobody changes it.
 */
export interface Remembered {
  /** Tables of which it reads rows that are there already, found by a key: what is added to them changes no answer. */
  readonly rowsOf: readonly string[]
  /** Tables of which it reads as many rows as there are: what is added to them counts as well. */
  readonly listsOf?: readonly string[]
  /** How many answers are kept at the most. */
  readonly most: number
}

/** A question about rows that seldom change. */
export interface Lasting<T> extends Remembered {
  readonly sql: string
  /** Made of all its rows, of which there is one at least. */
  make(rows: readonly Row[]): T
}

/** A query for one row, and the lasting question that it leads to by two of its columns, which are `$1` and `$2` there. */
export interface Trail<S, T> {
  readonly sql: string
  readonly by: readonly [string, string]
  readonly to: Lasting<T>
  /** What both come to. */
  make(row: Row, end: T | undefined): S
  /** Left out, it is asked for anew each time. */
  readonly remembered?: Remembered & { fits?(row: Row): boolean }
}

/**
 * What the two engines have in common. There is no open-ended transaction on purpose: whoever awaits inside one lets strangers'
 * statements slip in. A write is a list of statements known beforehand, done as one or not at all, and on disk when it is answered.
 */
export interface Db {
  readonly engine: 'sqlite' | 'postgres'
  /** The first row, or undefined. Throws Unavailable when the database cannot answer. */
  one(sql: string, params: readonly Param[]): Promise<Row | undefined>
  all(sql: string, params: readonly Param[]): Promise<Row[]>
  /** What the rows of a lasting question come to; undefined when there are none. */
  recall<T>(question: Lasting<T>, params: readonly Param[]): Promise<T | undefined>
  /** What the first row and that which it leads to come to; one query where asking costs a round trip. */
  follow<S, T>(trail: Trail<S, T>, params: readonly Param[]): Promise<S | undefined>
  /**
   * Does all steps or none; the rows that each returned, in order. Undefined when a `must` step touched no row: then nothing was
   * written. Throws Conflict when a unique value was taken, Unavailable when the database cannot answer.
   */
  write(steps: readonly Step[]): Promise<Row[][] | undefined>
  /** Runs a script of several statements under the migration lock, as one. */
  migrate(work: (run: (script: string) => Promise<void>, all: Db['all']) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** A unique value was taken already; `constraint` names the index or columns, as far as the engine tells. */
export class Conflict extends Error {
  readonly constraint: string
  constructor(constraint: string, cause: unknown) {
    super(`Taken already: ${constraint}`, { cause })
    this.constraint = constraint
  }
}
