import { serverActor } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'

/** Ends the apps that registered or described themselves and that no business connected in time, at most `most`. Returns how many. */
export async function endUnconfirmed({ store, clock }: Pick<Parts, 'store' | 'clock'>, most: number): Promise<number> {
  const at = clock.now()
  const due = await store.unconfirmedApps.listDue(at, most)
  for (const appUid of due)
    await store.unconfirmedApps.end(appUid, at, newEvent('app.expired', at, serverActor, { appUid }))
  return due.length
}
