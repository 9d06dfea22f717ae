import type { Cache } from './cache.ts'
import type { Db, Param, Row } from './db.ts'
import type { CachedQuery, Link, Query } from './query.ts'
import { isBusy, isStorageFault, patiently, unreadable } from './sqlite-faults.ts'
import type { Prepared } from './sqlite-statement.ts'
import type { View } from './sqlite-view.ts'

interface Needs {
  prepare(sql: string): Prepared
  view: View
  cache: Cache
  /** Milliseconds to wait for another process. */
  patience: number
}

/**
 * The reads of SQLite. Each runs at once, in the view of its turn. The cache is used only in a view, because the begin of a view detects the writes
 * of other processes.
 */
export function openSqliteReads({ prepare, view, cache, patience }: Needs): Pick<Db, 'one' | 'all' | 'ask'> {
  const get = (sql: string, params: readonly Param[]): Row | undefined => {
    const { first } = prepare(sql)
    view.begin()
    return first(params)
  }
  const getAll = (sql: string, params: readonly Param[]): Row[] => {
    const { all } = prepare(sql)
    view.begin()
    return all(params)
  }
  const getAnswer = <T, L>(query: Query<T, L> | CachedQuery<T, L>, params: readonly Param[]): T | undefined => {
    view.begin()
    const known = cache.find(query, params)
    if (known !== undefined) return known as T
    const rows = prepare(query.sql).all(params)
    if (rows.length === 0) return undefined
    const answer = query.make(rows, query.link && getLinked(query.link, rows[0]!))
    if ('max' in query && answer && query.keeps?.(rows[0]!) !== false) cache.keep(query, params, answer)
    return answer
  }
  const getLinked = <L>({ to, by }: Link<L>, row: Row): L | undefined => {
    const keys = by.map((column) => row[column]!)
    return keys.some((key) => key === null) ? undefined : getAnswer(to, keys)
  }

  const read = async <T>(look: () => T): Promise<T> => {
    try {
      return look()
    } catch (error) {
      return readLater(error, look)
    }
  }
  /** Readers wait only while another process opens the file after a crash, or closes it as the last one. */
  const readLater = async <T>(error: unknown, look: () => T): Promise<T> => {
    try {
      if (!isBusy(error)) throw error
      return await patiently(look, patience)
    } catch (error) {
      throw isBusy(error) || isStorageFault(error) ? unreadable(error) : error
    }
  }

  return {
    one: (sql, params) => read(() => get(sql, params)),
    all: (sql, params) => read(() => getAll(sql, params)),
    ask: (query, params) => read(() => getAnswer(query, params)),
  }
}
