import type { Lasting, Param } from './db.ts'

/** Answers of each question that are remembered at the most: some megabytes. */
const MOST = 5000

/** What lasting questions came to, kept for as long as it is so. */
export interface Memory {
  find<T>(question: Lasting<T>, params: readonly Param[]): T | undefined
  keep<T>(question: Lasting<T>, params: readonly Param[], answer: T): void
  /** Rows of this table were changed or taken away; or there are more of them. */
  forget(table: string, change: 'changed' | 'added'): void
  forgetAll(): void
}

export function openMemory(): Memory {
  const known = new Map<Lasting<unknown>, Map<string, unknown>>()
  return {
    find: <T>(question: Lasting<T>, params: readonly Param[]) =>
      known.get(question)?.get(keyOf(params)) as T | undefined,
    keep(question, params, answer) {
      let answers = known.get(question)
      if (!answers) {
        answers = new Map()
        known.set(question, answers)
      }
      // The oldest goes; one that is often asked for comes back at once.
      if (answers.size >= MOST) answers.delete(answers.keys().next().value!)
      answers.set(keyOf(params), answer)
    },
    forget(table, change) {
      for (const [{ rowsOf, listsOf }, answers] of known) {
        if (listsOf?.includes(table) || (change === 'changed' && rowsOf.includes(table))) answers.clear()
      }
    },
    forgetAll() {
      for (const answers of known.values()) answers.clear()
    },
  }
}

/** Parameters of lasting questions are identifiers, in which there is no line break. */
function keyOf(params: readonly Param[]): string {
  return params.length === 1 ? String(params[0]) : params.join('\n')
}
