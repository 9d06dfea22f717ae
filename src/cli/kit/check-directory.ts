import type { Site } from '../../site.ts'
import { Failure } from './exit.ts'

/** A directory that a command names has to be there and alive; without one named there is nothing to check. */
export async function checkDirectory(uid: string | undefined, { store }: Pick<Site, 'store'>): Promise<void> {
  if (uid === undefined) return
  const found = await store.directories.find(uid)
  if (found && found.endedAt === null) return
  const field = { field: 'directory' }
  throw new Failure('missing', 'not_found', 'There is no such directory, or it was ended.', field)
}
