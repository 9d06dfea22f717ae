import type { Param, Row } from '../engine/db.ts'

/** Lists and records travel as JSON text. */
export const json = (value: unknown): string => JSON.stringify(value)
export const parse = <T>(text: Row[string] | undefined): T => JSON.parse(String(text)) as T
export const bit = (value: boolean): number => (value ? 1 : 0)

/** `insert into TABLE (a, b) values ($1, $2)` for a record of columns. */
export function insert(table: string, values: Record<string, Param | undefined>) {
  const names = Object.keys(values)
  return {
    sql: `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    params: Object.values(values).map((value) => value ?? null),
  }
}

/** Renames a row's columns to our names; nothing is converted. */
export function camel<T>(row: Row): T {
  const named: Record<string, unknown> = {}
  for (const name in row) named[name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())] = row[name]
  return named as T
}
