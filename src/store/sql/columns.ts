import { LRUCache } from 'lru-cache'
import type { Param, Row } from '../engine/db.ts'

/** Lists and records are stored as JSON text. */
export const json = (value: unknown): string => JSON.stringify(value)
export const parse = <T>(text: Row[string] | undefined): T => JSON.parse(String(text)) as T

const lists = new LRUCache<string, readonly string[]>({ max: 1000 })

/** Parses a list that many rows share, such as scopes. Rows with equal text share one list, so that a cached token stays small. */
export function parseShared(text: Row[string] | undefined): readonly string[] {
  const found = lists.get(String(text))
  if (found) return found
  const list = parse<string[]>(text)
  lists.set(String(text), list)
  return list
}

export const bit = (value: unknown): number => (value ? 1 : 0)

const ourNames = new Map<string, string>()

/** `created_at` → `createdAt`. */
export function ourName(column: string): string {
  let name = ourNames.get(column)
  if (name === undefined) {
    name = column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    ourNames.set(column, name)
  }
  return name
}

/** Renames a row's columns to our names, and converts no value. */
export function camel<T>(row: Row): T {
  const named: Record<string, unknown> = {}
  for (const column in row) named[ourName(column)] = row[column]
  return named as T
}

/**
 * Returns conditions for the columns that have a value, and the values. The parameters begin with `$first`. A column without a value gets no
 * condition, because neither engine uses an index for one that may be empty.
 */
export function conditions(columns: Record<string, Param | undefined>, first: number) {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  const sql = given.map(([name], index) => ` and ${name} = $${index + first}`).join('')
  return { sql, params: given.map(([, value]) => value as Param) }
}
