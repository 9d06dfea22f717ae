import { randomInt } from 'node:crypto'
import { Conflict } from '../../store/engine/db.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Parts } from '../parts.ts'
import { refuse } from './refusals.ts'

const MAX_CHARACTERS = 60
const MAX_TRIES = 20

/** Whether an app could have this code name. Other texts in a path need no query. */
export function isCodeName(text: string): boolean {
  return /^[a-zA-Z0-9_]{1,80}$/.test(text)
}

/** Returns the code name for a name: in lower case, without accents, only letters and digits; `app` when nothing is left. */
function deriveCodeName(name: string): string {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  return letters.slice(0, MAX_CHARACTERS) || 'app'
}

type Add = (codeName: string) => Promise<App>

/** Adds an app under a chosen code name. Only derived code names have a `_`. Throws a Refusal when the name is wrong or taken. */
export async function addUnder(codeName: string, add: Add): Promise<App> {
  if (!/^[a-zA-Z0-9]+$/.test(codeName) || codeName.length > MAX_CHARACTERS)
    refuse('code-name.malformed', { most: MAX_CHARACTERS })
  return (await unlessTaken(codeName, add)) ?? refuse('code-name.taken', { codeName })
}

/** Adds an app under the derived code name, or under the first free one of `base_2`, `base_3` …, also when many are added at once. */
export async function addUnderDerived(name: string, { store }: Parts, add: Add): Promise<App> {
  const base = deriveCodeName(name)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // Most names are free, and adding finds out. The taken names are read only for the second try.
    const taken = new Set(tries === 0 ? [] : await store.apps.codeNamesLike(base))
    // After some collisions each skips a random number of names. Otherwise only one of a crowd would succeed per round.
    let skip = tries < 3 ? 0 : randomInt(tries * tries)
    let number = 1
    const candidate = () => (number === 1 ? base : `${base}_${number}`)
    while (taken.has(candidate()) || skip-- > 0) number++
    const added = await unlessTaken(candidate(), add)
    if (added) return added
  }
  return refuse('code-name.crowded')
}

async function unlessTaken(codeName: string, add: Add): Promise<App | undefined> {
  try {
    return await add(codeName)
  } catch (error) {
    if (error instanceof Conflict && error.constraint.includes('code_name')) return undefined
    throw error
  }
}
