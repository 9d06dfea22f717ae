import { lookAlikeKey } from '../../kit/look-alike.ts'
import { plainName } from '../../kit/plain-name.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Parts } from '../parts.ts'

/** A name that an app which introduced itself contains or imitates: that of an owner of the pages, or of another app. */
export interface ImitatedName {
  of: 'owner' | 'app'
  name: string
}

/** Of a shorter name of an owner, only the whole counts. In look-alike letters. */
const MIN_PART = 3

/**
 * Finds a name that the app contains or imitates, look-alike letters included: one of `owners`, that of the directory, or that of an app that
 * the directory or the platform registered. Undefined for an app that they registered themselves.
 */
export async function findImitatedName(
  app: Pick<App, 'origin' | 'name'>,
  owners: readonly string[],
  directoryUid: string,
  { store }: Pick<Parts, 'store'>,
): Promise<ImitatedName | undefined> {
  if (app.origin === 'platform') return undefined
  const shown = plainName(app.name)
  const key = lookAlikeKey(shown)
  const directory = await store.directories.find(directoryUid)
  const names = [...owners, directory?.theme.name ?? '', directory?.name ?? ''].map(plainName)
  const owner = names.find((each) => {
    const own = lookAlikeKey(each)
    return own.length >= MIN_PART ? key.includes(own) : own !== '' && key === own
  })
  if (owner !== undefined) return { of: 'owner', name: owner }
  const other = await store.apps.findNamedWithin(shown, directoryUid)
  return other && { of: 'app', name: plainName(other.name) }
}
