import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { Failure } from './exit.ts'

/** The living app with this uid or code name; without one the command fails. */
export async function findApp(given: string, { store }: Pick<Site, 'store'>): Promise<App> {
  const found = (await store.apps.findLive(given)) ?? (await store.apps.findLiveByCodeName(given))
  if (!found) throw new Failure('missing', 'not_found', 'There is no such app.', { app: given })
  return found
}
