import { newOrderedUid } from '../../kit/id.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Event } from '../../store/nouns/events.ts'
import { type Actor, appActor } from './actor.ts'

/** Every type of event in the audit, with its description. */
export const EVENT_TYPES = {
  'directory.created': 'A directory was created.',
  'directory.ended': 'A directory was ended, with its businesses.',
  'business.created': 'A business was created.',
  'business.ended': 'A business was ended.',
  'staff.created': 'A person became a staff member of a business.',
  'staff.ended': 'A staff membership was ended.',
  'person.changed': 'The claims about a person were changed.',
  'person.password-changed': 'The password of a person was set, and all their sessions ended.',
  'person.ended': 'A person was ended, with their sessions and the tokens that act for them.',
  'app.created': 'An app was registered.',
  'app.changed': 'The registration of an app was changed.',
  'app.ended': 'An app was ended, with all its tokens.',
  'app-secret.created': 'A secret was added to an app.',
  'app-secret.ended': 'A secret of an app was ended.',
  'app.lapsed': 'An app that registered itself was ended, because no business had connected it.',
  'app.refused': 'An app failed to authenticate.',
  'platform-token.created': 'A token for the management API was created.',
  'platform-token.ended': 'A token for the management API was revoked.',
  'resource.created': 'A resource server was registered.',
  'resource.changed': 'The registration of a resource server was changed.',
  'resource.ended': 'A resource server was ended.',
  'resource.refused': 'A resource server failed to authenticate.',
  'key.created': 'A signing key was created.',
  'key.retired': 'A signing key was removed permanently.',
  'login.done': 'A person signed in.',
  'login.refused': 'An attempt to sign in failed.',
  'login.throttled': 'There were too many attempts to sign in.',
  'logout.done': 'A person signed out.',
  'logout.told': 'An app received a logout token.',
  'logout.untold': 'A logout token could not be delivered to an app after several tries.',
  'consent.given': 'A person allowed an app to act for a business.',
  'consent.remembered': 'An app was connected again with the consent that the person had given before.',
  'consent.trusted': 'A trusted app was connected without a dialog.',
  'consent.denied': 'A person denied an app.',
  'token.issued': 'An app received a token.',
  'code.replayed': 'A redeemed code was presented again, and its tokens were ended.',
  'refresh-token.replayed': 'A used refresh token was presented again, and all tokens of its approval were ended.',
  'install.ended': 'A business disconnected an app.',
  'token.ended': 'A token was revoked.',
} as const

export type EventType = keyof typeof EVENT_TYPES

/** The fields of an event besides its type and actor. They never contain a secret or a query string. */
export interface EventFields {
  directoryUid?: string | null
  businessUid?: string | null
  appUid?: string | null
  subject?: string | null
  details?: Record<string, string | number | boolean | readonly string[]>
}

/** Returns the event of an act. The write that changes something for the act also stores it. */
export function newEvent(type: EventType, at: number, by: Actor, { details, ...fields }: EventFields = {}): Event {
  const isRefusal = type.endsWith('.refused') || type.endsWith('.throttled') || type.endsWith('.denied')
  const all = by.credentialUid === undefined ? details : { ...details, platformTokenUid: by.credentialUid }
  return {
    uid: newOrderedUid(at),
    type,
    at,
    actor: by.name,
    result: isRefusal ? 'refused' : 'done',
    reference: by.reference ?? null,
    details: all ? JSON.stringify(all) : null,
    ...fields,
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
