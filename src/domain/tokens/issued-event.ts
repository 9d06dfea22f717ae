import type { App } from '../../store/nouns/apps.ts'
import type { Event } from '../../store/nouns/events.ts'
import { appActor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'

/**
 * The event that is stored with new tokens. The chain of an approval names the app, the business and the person; an event that named them as
 * well would write one more page for each exchange.
 */
export function issuedEvent(app: Pick<App, 'uid'>, chainUid: string | undefined, at: number): Event {
  return newEvent(
    'token.issued',
    at,
    appActor(app),
    chainUid === undefined ? { appUid: app.uid } : { subject: chainUid },
  )
}
