import { randomInt } from 'node:crypto'
import { Conflict } from '../../store/engine/db.ts'
import type { Store } from '../../store/store.ts'
import { refusal, refuse, refuseSetting } from './refusals.ts'

const LONGEST = 60
const TRIES = 20

/** Refuses a code name that is chosen unless it is letters and digits; the `_` is kept for those we derive. */
export function checkCodeName(codeName: string): void {
  if (/^[a-zA-Z0-9]+$/.test(codeName) && codeName.length <= LONGEST) return
  refuseSetting('codeName', `must be 1 to ${LONGEST} letters (a-z, A-Z) and digits, and nothing else`)
}

/** Whether any app could have this code name; other texts in a path need no query. */
export function isCodeName(text: string): boolean {
  return /^[a-zA-Z0-9_]{1,80}$/.test(text)
}

/** The code name that a name suggests: lower case, accents off, all but letters and digits dropped; `app` when nothing is left. */
export function deriveCodeName(name: string): string {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  return letters.slice(0, LONGEST) || 'app'
}

/** Adds under the supplied code name, and says so when it is taken. */
export async function addUnder<T>(codeName: string, add: (codeName: string) => Promise<T>): Promise<T> {
  checkCodeName(codeName)
  const added = await unlessTaken(codeName, add)
  return added ? added.value : refuse('code-name.taken', { codeName })
}

/** Adds under the derived code name, or under the first free of `base_2`, `base_3` …, also when many do so at once. */
export async function addUnderDerived<T>(
  name: string,
  { store }: { store: { apps: Pick<Store['apps'], 'codeNamesLike'> } },
  add: (codeName: string) => Promise<T>,
): Promise<T> {
  const base = deriveCodeName(name)
  for (let tries = 0; tries < TRIES; tries++) {
    // Most names are free, and one that is not says so itself; looking through all of them is for the second try.
    const taken = new Set(tries === 0 ? [] : await store.apps.codeNamesLike(base))
    // Those who met a few times already spread out, or a crowd would find room for one of them per round.
    let skip = tries < 3 ? 0 : randomInt(tries * tries)
    let number = 1
    const candidate = () => (number === 1 ? base : `${base}_${number}`)
    while (taken.has(candidate()) || skip-- > 0) number++
    const added = await unlessTaken(candidate(), add)
    if (added) return added.value
  }
  throw refusal('code-name.crowded')
}

async function unlessTaken<T>(
  codeName: string,
  add: (codeName: string) => Promise<T>,
): Promise<{ value: T } | undefined> {
  try {
    return { value: await add(codeName) }
  } catch (error) {
    if (error instanceof Conflict && error.constraint.includes('code_name')) return undefined
    throw error
  }
}
