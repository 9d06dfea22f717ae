import type { App } from '../../store/nouns/apps.ts'
import type { Install } from '../../store/nouns/installs.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Ended, Parts } from '../parts.ts'

/**
 * Disconnects an app from a business: its tokens for the business end, and its consents are deleted. Undefined when it is not connected, or the
 * actor may not reach the business.
 */
export async function disconnectApp(
  app: Pick<App, 'uid'>,
  businessUid: string,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Ended<Install> | undefined> {
  const install = await store.installs.findLive(app.uid, businessUid)
  const business = install && (await store.businesses.find(businessUid))
  if (!business || !mayReach(by, business)) return undefined
  const at = clock.now()
  const { directoryUid } = business
  const event = newEvent('install.ended', at, by, { directoryUid, businessUid, appUid: app.uid, subject: install.uid })
  return (await store.installs.end(install.uid, at, by.name, event)) ? { ...install, endedAt: at } : undefined
}
