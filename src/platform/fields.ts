import { z } from 'zod'
import { readSetting } from '../domain/apps/setting-kinds.ts'
import type { Incoming } from '../http/incoming.ts'
import { refuse } from './refusals.ts'

/** An empty value, or null, counts as absent. */
export const maybe = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? undefined : (value ?? undefined)), kind.optional())

/** An empty value, or null, removes the current one. */
export const clearable = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? null : value), kind.nullish())

/** Reads the fields of a body. Throws a Refusal that names the first wrong one. */
export function readFields<Kinds extends Record<string, z.ZodType>>(
  kinds: Kinds,
  body: Record<string, unknown>,
): { [Name in keyof Kinds]: z.output<Kinds[Name]> } {
  const read = Object.entries(kinds).map(([name, kind]) => [name, readSetting(name, kind, body[name])])
  return Object.fromEntries(read)
}

/** Reads which part of a list is requested: `page` counts from 1, `per_page` is 25 by default and 100 at most. */
export function readPage({ query }: Incoming): { limit: number; skip: number } {
  const readWhole = (parameter: string, byDefault: number, most: number) => {
    const text = query.get(parameter) ?? String(byDefault)
    const value = /^\d{1,7}$/.test(text) ? Number(text) : 0
    return value >= 1 && value <= most ? value : refuse('page.not-a-number', { parameter, most })
  }
  const page = readWhole('page', 1, 1_000_000)
  const limit = readWhole('per_page', 25, 100)
  return { limit, skip: (page - 1) * limit }
}
