import { LRUCache } from 'lru-cache'
import type { Param } from './db.ts'
import type { CachedQuery, Query } from './query.ts'

/** The answers of cached queries, for an engine that sees every write. */
export interface Cache {
  find(query: Query<unknown>, params: readonly Param[]): unknown
  /** Keeps the answer if it is asked for a second time. Otherwise many things that are asked for once would fill the cache. */
  keep(query: CachedQuery<unknown>, params: readonly Param[], answer: object): void
  /** Drops the answers that rest on a table in which rows were changed or deleted (`changed`), or to which rows were added. */
  drop(table: string, change: 'changed' | 'added'): void
  clear(): void
}

interface Kept {
  answers: LRUCache<string, object>
  /** The keys that were asked for once. */
  asked: LRUCache<string, true>
  tables: readonly string[]
  lists: readonly string[]
}

export function openCache(): Cache {
  const kept = new Map<Query<unknown>, Kept>()
  const open = ({ max, tables, lists = [], link }: CachedQuery<unknown>): Kept => ({
    answers: new LRUCache({ max }),
    asked: new LRUCache({ max }),
    tables: [...tables, ...(link?.to.tables ?? [])],
    lists: [...lists, ...(link?.to.lists ?? [])],
  })
  const clear = ({ answers }: Kept) => {
    // Clearing an empty one costs as much as clearing a full one.
    if (answers.size > 0) answers.clear()
  }
  return {
    find: (query, params) => kept.get(query)?.answers.get(keyOf(params)),
    keep(query, params, answer) {
      const key = keyOf(params)
      const { answers, asked } = kept.get(query) ?? kept.set(query, open(query)).get(query)!
      if (asked.has(key)) answers.set(key, answer)
      else asked.set(key, true)
    },
    drop(table, change) {
      for (const each of kept.values()) {
        if ((change === 'changed' ? each.tables : each.lists).includes(table)) clear(each)
      }
    },
    clear() {
      for (const each of kept.values()) clear(each)
    },
  }
}

/** Identifiers and digests contain no line break. */
function keyOf(params: readonly Param[]): string {
  return params.length === 1 ? String(params[0]) : params.join('\n')
}
