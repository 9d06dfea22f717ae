import type { App } from '../../store/nouns/apps.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Ended, Parts } from '../parts.ts'

/** Ends an app for good, and every token of it. An app may end itself (RFC 7592 §2.3). Undefined when the actor reaches no such live app. */
export async function endApp(
  app: App,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Ended<App> | undefined> {
  const { directoryUid, uid } = app
  if (!mayReach(by, { directoryUid, appUid: uid })) return undefined
  const at = clock.now()
  const event = newEvent('app.ended', at, by, { directoryUid, appUid: uid, subject: uid })
  return (await store.apps.end(uid, at, event)) ? { ...app, endedAt: at } : undefined
}
