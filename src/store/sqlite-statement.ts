import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Param } from './db.ts'

/** A statement in the shared dialect as SQLite runs it. */
export interface Prepared {
  statement: StatementSync
  bind(params: readonly Param[]): Param[]
  /** Whether it answers with rows. */
  returns: boolean
}

/** node:sqlite binds by position alone, so `$2 … $1 … $2` becomes `? … ? … ?` with the parameters in that order. */
export function prepareOn(db: DatabaseSync, sql: string): Prepared {
  const order: number[] = []
  const text = sql.replaceAll(/\$(\d+)/g, (_, number) => {
    order.push(Number(number) - 1)
    return '?'
  })
  const isInOrder = order.every((place, index) => place === index)
  return {
    statement: db.prepare(text),
    bind: isInOrder ? (params) => params as Param[] : (params) => order.map((place) => params[place] ?? null),
    returns: /\breturning\b/.test(sql),
  }
}

/** A script with what is meant for SQLite alone. */
export function inSqlite(script: string): string {
  return script.replaceAll(/\/\*sqlite: (.+?)\*\//g, '$1')
}
