import type { z } from 'zod'
import { refuseSetting } from './refusals.ts'

/** Reads one value; the messages of its kind complete a sentence that begins with the name. */
export function readSetting<T>(field: string, kind: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = kind.safeParse(value)
  if (success) return data
  const [issue] = error.issues
  if (issue?.code === 'custom') issue.params?.refuse?.(field)
  return refuseSetting(field, issue!.message)
}
