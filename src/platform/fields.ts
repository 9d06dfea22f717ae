import { z } from 'zod'
import { refusal as httpRefusal } from '../http/refusals.ts'
import { refuse } from './refusals.ts'

/** An empty value, or null, counts as absent. */
export const maybe = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? undefined : (value ?? undefined)), kind.optional())

/** An empty value, or null, takes away what was there. */
export const clearable = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? null : value), kind.nullish())

/** The object that a body must be. */
export function needRecord(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw httpRefusal('json.not-an-object')
}

/** What the fields of a body hold. Refuses the first one that is not right, by its name. */
export function readFields<T extends z.ZodType>(kind: T, body: Record<string, unknown>): z.infer<T> {
  const read = kind.safeParse(body)
  if (read.success) return read.data
  const [issue] = read.error.issues
  return refuse('body.wrong-field', { parameter: String(issue!.path[0]), issue: issue!.message })
}
