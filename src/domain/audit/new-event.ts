import { newOrderedUid } from '../../kit/id.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Event } from '../../store/nouns/events.ts'
import { type Actor, appActor } from './actor.ts'
import type { EventFields, EventType } from './event-types.ts'

/** Returns the event of an act. The write that changes something for the act also stores it. */
export function newEvent<Type extends EventType>(type: Type, at: number, by: Actor, fields: EventFields<Type>): Event {
  const { details, ...columns } = fields
  const isRefusal = /\.(refused|throttled|denied)$/.test(type)
  const all = by.credentialUid === undefined ? details : { ...details, platformTokenUid: by.credentialUid }
  return {
    uid: newOrderedUid(at),
    type,
    at,
    actor: by.name,
    result: isRefusal ? 'refused' : 'done',
    reference: by.reference ?? null,
    details: all ? JSON.stringify(all) : null,
    ...columns,
  }
}

/**
 * Returns the event that is stored with new tokens. The chain of an approval names the app, the business and the person, so the event does not: it
 * would write one more page for each exchange.
 */
export function issuedEvent(app: Pick<App, 'uid'>, chainUid: string | undefined, at: number): Event {
  const fields = chainUid === undefined ? { appUid: app.uid } : { subject: chainUid }
  return newEvent('token.issued', at, appActor(app), fields)
}

/** Returns the event of new tokens that were issued for a repeated request. */
export function asRepeated(event: Event): Event {
  return { ...event, details: '{"repeated":true}' }
}
