import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { Failure } from './exit.ts'

/** The live app with this uid or code name. */
export async function findLiveApp(given: string, { store }: Pick<Site, 'store'>): Promise<App | undefined> {
  return (await store.apps.findLive(given)) ?? store.apps.findLiveByCodeName(given)
}

/** The live app with this uid or code name; without one the command fails. */
export async function needApp(given: string, site: Pick<Site, 'store'>): Promise<App> {
  const found = await findLiveApp(given, site)
  if (!found) throw new Failure('missing', 'not_found', 'There is no such app.', { app: given })
  return found
}
