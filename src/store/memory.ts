import type { Param, Remembered } from './db.ts'

/** What was asked before, kept for as long as it is so. */
export interface Memory {
  find(question: Remembered, params: readonly Param[]): unknown
  /** How often all answers of this question were forgotten: what was found once is still so while that is the same. */
  age(question: Remembered): number
  keep(question: Remembered, params: readonly Param[], answer: unknown): void
  /** Rows of this table were changed or taken away; or there are more of them. */
  forget(table: string, change: 'changed' | 'added'): void
  forgetAll(): void
}

export function openMemory(): Memory {
  const known = new Map<Remembered, { answers: Map<string, unknown>; age: number }>()
  const about = (question: Remembered) => {
    let found = known.get(question)
    if (!found) {
      found = { answers: new Map(), age: 0 }
      known.set(question, found)
    }
    return found
  }
  const empty = (found: ReturnType<typeof about>) => {
    found.answers.clear()
    found.age++
  }
  return {
    find: (question, params) => known.get(question)?.answers.get(keyOf(params)),
    age: (question) => about(question).age,
    keep(question, params, answer) {
      const { answers } = about(question)
      // The oldest goes; one that is often asked for comes back at once.
      if (answers.size >= question.most) answers.delete(answers.keys().next().value!)
      answers.set(keyOf(params), answer)
    },
    forget(table, change) {
      for (const [{ rowsOf, listsOf }, found] of known) {
        if (listsOf?.includes(table) || (change === 'changed' && rowsOf.includes(table))) empty(found)
      }
    },
    forgetAll() {
      for (const found of known.values()) empty(found)
    },
  }
}

/** What is remembered is asked for by identifiers and digests, in which there is no line break. */
function keyOf(params: readonly Param[]): string {
  return params.length === 1 ? String(params[0]) : params.join('\n')
}
