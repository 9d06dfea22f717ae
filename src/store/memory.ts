import type { Param, Remembered } from './db.ts'

/** What was asked before, kept for as long as it is so. */
export interface Memory {
  find(question: Remembered, params: readonly Param[]): unknown
  keep(question: Remembered, params: readonly Param[], answer: unknown): void
  /** Rows of this table were changed or taken away; or there are more of them. */
  forget(table: string, change: 'changed' | 'added'): void
  forgetAll(): void
}

export function openMemory(): Memory {
  const known = new Map<Remembered, Map<string, unknown>>()
  return {
    find: (question, params) => known.get(question)?.get(keyOf(params)),
    keep(question, params, answer) {
      let answers = known.get(question)
      if (!answers) {
        answers = new Map()
        known.set(question, answers)
      }
      // The oldest goes; one that is often asked for comes back at once.
      if (answers.size >= question.most) answers.delete(answers.keys().next().value!)
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

/** What is remembered is asked for by identifiers and digests, in which there is no line break. */
function keyOf(params: readonly Param[]): string {
  return params.length === 1 ? String(params[0]) : params.join('\n')
}
