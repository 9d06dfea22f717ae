import type { App, LeftBusinesses } from '../../store/nouns/apps.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'

/**
 * Returns the businesses that an app leaves when the one business that it may act for changes: those that it may not act for before or after. They
 * are disconnected, so that no token comes back to life with a later change. Undefined when it does not change.
 */
export async function findLeftBusinesses(
  app: App,
  was: App,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<LeftBusinesses | undefined> {
  if (app.businessUid === was.businessUid) return undefined
  const at = clock.now()
  const except = [was.businessUid ?? app.businessUid!, app.businessUid ?? was.businessUid!] as const
  const installs = await store.installs.list({ appUid: app.uid })
  const left = installs.filter(({ businessUid }) => except.some((each) => each !== businessUid))
  const events = left.map(({ uid, businessUid }) => {
    const fields = { directoryUid: app.directoryUid, businessUid, appUid: app.uid, subject: uid }
    return newEvent('install.ended', at, by, fields)
  })
  return { except, at, events }
}
