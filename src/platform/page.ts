import type { Incoming } from '../http/incoming.ts'
import { refuse } from './refusals.ts'

/** Which part of a list is asked for: `page` from 1, `per_page` 25 unless told, at most 100. */
export function readPage(incoming: Incoming): { limit: number; skip: number } {
  const page = readWhole(incoming, 'page', 1, 1_000_000)
  const limit = readWhole(incoming, 'per_page', 25, 100)
  return { limit, skip: (page - 1) * limit }
}

function readWhole(incoming: Incoming, name: string, standard: number, most: number): number {
  const text = incoming.query.get(name)
  if (text === undefined) return standard
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= most) return value
  return refuse('page.not-a-number', { parameter: name, most })
}
