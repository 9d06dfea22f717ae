import { z } from 'zod'
import type { Incoming } from '../http/incoming.ts'
import { refuse } from './refusals.ts'

/** An empty value, or null, counts as absent. */
export const maybe = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? undefined : (value ?? undefined)), kind.optional())

/** An empty value, or null, removes the current one. */
export const clearable = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? null : value), kind.nullish())

/** Reads the fields of a body. Throws a Refusal that names the first wrong one. */
export function readFields<T extends z.ZodType>(kind: T, body: Record<string, unknown>): z.infer<T> {
  const read = kind.safeParse(body)
  if (read.success) return read.data
  const [issue] = read.error.issues
  return refuse('body.wrong-field', { parameter: String(issue!.path[0]), issue: issue!.message })
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
