import type { Parts } from '../parts.ts'
import { refuse } from './refusals.ts'

/** Refuses the uid of a directory that does not exist or has ended. */
export async function checkDirectory(directoryUid: string, { store }: Pick<Parts, 'store'>): Promise<void> {
  const directory = await store.directories.find(directoryUid)
  if (directory?.endedAt !== null) refuse('directory.unknown')
}
