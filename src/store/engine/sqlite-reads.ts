import type { Db, Lasting, Param, Row, Trail } from './db.ts'
import type { Memory } from './memory.ts'
import { isBusy, isStorageFault, patiently, unreadable } from './sqlite-faults.ts'
import type { Prepared } from './sqlite-statement.ts'
import type { View } from './sqlite-view.ts'

/** What reading takes: statements, the view of this turn, and what is remembered. */
interface Needs {
  prepare(sql: string): Prepared
  view: View
  memory: Memory
  /** Milliseconds to wait for another process. */
  patience: number
}

/** The reading half of SQLite. Each look is made at once, within one view; what is remembered is looked for in the same view. */
export function openReads({ prepare, view, memory, patience }: Needs): Pick<Db, 'one' | 'all' | 'recall' | 'follow'> {
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
  const getLasting = <T>(question: Lasting<T>, params: readonly Param[]): T | undefined => {
    view.begin()
    const known = memory.find(question, params)
    if (known !== undefined) return known as T
    const rows = prepare(question.sql).all(params)
    if (rows.length === 0) return undefined
    const answer = question.make(rows)
    memory.keep(question, params, answer)
    return answer
  }
  const getFollowed = <S, T>(trail: Trail<S, T>, params: readonly Param[]): S | undefined => {
    const { sql, by, to, make, remembered } = trail
    view.begin()
    const known = remembered && (memory.find(remembered, params) as { made: S; age: number } | undefined)
    if (known !== undefined && known.age === memory.age(to)) return known.made
    const row = prepare(sql).first(params)
    if (!row) return undefined
    const [one, other] = [row[by[0]]!, row[by[1]]!]
    // What leads nowhere is not looked for, and what is not there is not remembered.
    const end = one === null || other === null ? undefined : getLasting(to, [one, other])
    const made = make(row, end)
    if (remembered && end !== undefined && remembered.fits?.(row) !== false)
      memory.keep(remembered, params, { made, age: memory.age(to) })
    return made
  }

  const read = async <T>(look: () => T): Promise<T> => {
    try {
      return look()
    } catch (error) {
      return readLater(error, look)
    }
  }
  /** Readers are held off only while another process opens the file after a crash, or leaves it as the last one. */
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
    recall: (question, params) => read(() => getLasting(question, params)),
    follow: (trail, params) => read(() => getFollowed(trail, params)),
  }
}
