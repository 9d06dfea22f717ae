import { LRUCache } from 'lru-cache'
import type { Param } from './db.ts'
import type { CachedQuery, Query } from './query.ts'

/** The answers of cached queries, for an engine that sees every write. */
export interface Cache {
  find(query: Query<unknown>, params: readonly Param[]): unknown
  /** Keeps an answer that is asked for a second time. */
  keep(query: CachedQuery<unknown>, params: readonly Param[], answer: object): void
  /** Drops the answers that rest on a table of which rows were changed or deleted, or to which rows were added. */
  drop(table: string, change: 'changed' | 'added'): void
  clear(): void
}

interface Kept {
  answers: LRUCache<string, object>
  /** What was asked for lately and is not kept. */
  asked: LRUCache<string, true>
  tables: readonly string[]
  lists: readonly string[]
}

export function openCache(): Cache {
  const kept = new Map<Query<unknown>, Kept>()
  const of = (query: CachedQuery<unknown>) => {
    let found = kept.get(query)
    if (!found) {
      const to = query.link?.to
      found = {
        answers: new LRUCache({ max: query.max }),
        asked: new LRUCache({ max: query.max }),
        tables: [...query.tables, ...(to?.tables ?? [])],
        lists: [...(query.lists ?? []), ...(to?.lists ?? [])],
      }
      kept.set(query, found)
    }
    return found
  }
  const empty = ({ answers }: Kept) => {
    // To clear one costs as much as it could hold.
    if (answers.size > 0) answers.clear()
  }
  return {
    find: (query, params) => kept.get(query)?.answers.get(keyOf(params)),
    keep(query, params, answer) {
      const { answers, asked } = of(query)
      const key = keyOf(params)
      // Only what is asked for again is kept: with many things asked for once, memory would fill and empty for nothing.
      if (asked.has(key)) answers.set(key, answer)
      else asked.set(key, true)
    },
    drop(table, change) {
      for (const each of kept.values()) {
        if ((change === 'changed' ? each.tables : each.lists).includes(table)) empty(each)
      }
    },
    clear() {
      for (const each of kept.values()) empty(each)
    },
  }
}

/** Identifiers and digests have no line break. */
function keyOf(params: readonly Param[]): string {
  return params.length === 1 ? String(params[0]) : params.join('\n')
}
