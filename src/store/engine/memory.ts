import type { Param, Remembered } from './db.ts'

/** What was asked before, kept for as long as it is so. */
export interface Memory {
  find(question: Remembered, params: readonly Param[]): unknown
  /** How often all answers of this question were forgotten: what was found once is still so while that is the same. */
  age(question: Remembered): number
  /** Keeps what is asked for again and again. */
  keep(question: Remembered, params: readonly Param[], answer: unknown): void
  /** Rows of this table were changed or taken away; or there are more of them. */
  forget(table: string, change: 'changed' | 'added'): void
  forgetAll(): void
}

/** What is remembered of one question. */
interface Known {
  answers: Map<string, unknown>
  age: number
  /** What was asked lately and is not remembered, in two generations: when one is full, the one before it goes. */
  asked: [young: Set<string>, old: Set<string>]
}

export function openMemory(): Memory {
  const known = new Map<Remembered, Known>()
  const about = (question: Remembered) => {
    let found = known.get(question)
    if (!found) {
      found = { answers: new Map(), age: 0, asked: [new Set(), new Set()] }
      known.set(question, found)
    }
    return found
  }
  const empty = (found: Known) => {
    found.answers.clear()
    found.age++
  }
  return {
    find: (question, params) => known.get(question)?.answers.get(keyOf(params)),
    age: (question) => about(question).age,
    keep(question, params, answer) {
      const found = about(question)
      const { answers } = found
      const key = keyOf(params)
      if (!isAskedAgain(key, found, question.most)) return
      // The oldest goes; one that is often asked for comes back at once.
      if (answers.size >= question.most && !answers.has(key)) answers.delete(answers.keys().next().value!)
      answers.set(key, answer)
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

/** What is asked for once is not worth remembering: where many things are asked for seldom, memory would fill and empty for nothing. */
function isAskedAgain(key: string, found: Known, most: number): boolean {
  const [young, old] = found.asked
  if (young.has(key) || old.has(key)) return true
  young.add(key)
  if (young.size >= most) found.asked = [new Set(), young]
  return false
}

/** What is remembered is asked for by identifiers and digests, in which there is no line break. */
function keyOf(params: readonly Param[]): string {
  return params.length === 1 ? String(params[0]) : params.join('\n')
}
