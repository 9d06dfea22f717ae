import type { Param, Row, Step } from '../engine/db.ts'
import { bit, json, ourName, parse } from './columns.ts'

/** A table whose columns are declared once. Its statements are built at the declaration, because an engine looks them up by their text. */
export interface Table<T> {
  /** `insert into TABLE (a, b)`, for statements that continue differently from `add`. */
  readonly into: string
  /** `$1, $2`: the parameters of `values`. */
  readonly places: string
  /** The values of all declared columns, in their order. A missing value is null. */
  values(row: T): Param[]
  add(row: T): Step
  /** Changes the live row of this uid if it is still as `was`: otherwise the step touches no row, and the write is undone. */
  change(row: T, was: T): Step
  /** Returns the row by our names, with JSON parsed and bits as booleans. Columns that are not declared keep their values. */
  read<R = T>(row: Row): R
  /** Returns only the declared columns of a row, which may be joined with others. */
  readDeclared(row: Row): T
}

const KINDS = {
  json: {
    write: (value: unknown) => (value === null || value === undefined ? null : json(value)),
    read: (value: Param) => (value === null ? null : parse<unknown>(value)),
  },
  bit: { write: bit, read: (value: Param) => value === 1 },
  plain: { write: (value: unknown) => (value ?? null) as Param, read: (value: Param): unknown => value },
} as const

/**
 * Declares a table. Columns are separated by commas; `json` or `bit` behind a name says how its value is stored. `changeable` are the columns
 * that may change after creation.
 */
export function table<T extends object>(name: string, fixed: string, changeable = ''): Table<T> {
  const changing = readColumns(changeable)
  const columns = [...readColumns(fixed), ...changing]
  const kinds = new Map(columns.map(({ column, kind }) => [column, kind]))
  const valuesOf = (row: T, of = columns) => of.map(({ key, kind }) => kind.write(row[key as keyof T]))
  const into = `insert into ${name} (${columns.map(({ column }) => column).join(', ')})`
  const places = columns.map((_, index) => `$${index + 1}`).join(', ')
  const insert = `${into} values (${places})`
  const sets = changing.map(({ column }, index) => `${column} = $${index + 2}`).join(', ')
  const isSame = changing.map(
    ({ column }, index) => ` and ${column} is not distinct from $${index + 2 + changing.length}`,
  )
  const update = `update ${name} set ${sets} where uid = $1 and ended_at is null${isSame.join('')}`
  return {
    into,
    places,
    values: (row) => valuesOf(row),
    add: (row) => ({ sql: insert, params: valuesOf(row) }),
    change: (row, was) => ({
      sql: update,
      params: [(row as { uid: string }).uid, ...valuesOf(row, changing), ...valuesOf(was, changing)],
      must: true,
    }),
    read<R>(row: Row): R {
      const named: Record<string, unknown> = {}
      for (const column in row) named[ourName(column)] = (kinds.get(column) ?? KINDS.plain).read(row[column]!)
      return named as R
    },
    readDeclared(row) {
      const named: Record<string, unknown> = {}
      for (const { column, key, kind } of columns) named[key] = kind.read(row[column]!)
      return named as T
    },
  }
}

function readColumns(list: string) {
  return list.split(',').flatMap((each) => {
    const [column, kind = 'plain'] = each.trim().split(' ')
    return column ? [{ column, key: ourName(column), kind: KINDS[kind as keyof typeof KINDS] }] : []
  })
}
