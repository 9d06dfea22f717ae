import { newOrderedUid } from '../../kit/id.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Event } from '../../store/nouns/events.ts'
import { type Actor, appActor } from './actor.ts'

/** Every act that is written down, and what it means to whoever reads the audit. */
export const EVENT_TYPES = {
  'directory.created': 'A directory was created.',
  'directory.ended': 'A directory was ended, and with it everything of its businesses.',
  'business.created': 'A business was created.',
  'business.ended': 'A business was ended.',
  'staff.created': 'A person became staff of a business.',
  'staff.ended': 'A staff membership was ended.',
  'person.changed': 'What apps are told of a person was changed.',
  'person.password-changed': 'A person was given another password, and all their sessions were ended.',
  'person.ended': 'A person was ended: their sessions, and every token they gave.',
  'app.created': 'An app was registered.',
  'app.changed': 'The registration of an app was changed.',
  'app.ended': 'An app was ended, and every token of it.',
  'app-secret.created': 'An app was given another secret.',
  'app-secret.ended': 'A secret of an app was retired.',
  'app.lapsed': 'An app that made itself known went again, because nobody had let it in.',
  'app.refused': 'An app could not prove who it is.',
  'platform-token.created': 'A token for the management API was made.',
  'platform-token.ended': 'A token for the management API was revoked.',
  'resource.created': 'A resource server was registered.',
  'resource.changed': 'The registration of a resource server was changed.',
  'resource.ended': 'A resource server was ended.',
  'resource.refused': 'A resource server could not prove who it is.',
  'key.created': 'A signing key was made.',
  'key.retired': 'A signing key was taken away for good.',
  'login.done': 'A person signed in.',
  'login.refused': 'Somebody tried to sign in and could not.',
  'login.throttled': 'Somebody tried to sign in too often.',
  'logout.done': 'A person signed out.',
  'logout.told': 'An app was told that a session had ended.',
  'logout.untold': 'An app could not be told that a session had ended, though it was tried again and again.',
  'consent.given': 'A person allowed an app to act for a business.',
  'consent.remembered': 'An app was let in again for what the person had allowed before.',
  'consent.trusted': 'A trusted app was let in without a dialog.',
  'consent.denied': 'A person denied an app.',
  'token.issued': 'An app received a token.',
  'code.replayed': 'A used code was presented again; everything it had given was ended.',
  'refresh-token.replayed': 'A used refresh token was presented again; everything of its approval was ended.',
  'install.ended': 'A business disconnected an app.',
  'token.ended': 'A token was revoked.',
} as const

export type EventType = keyof typeof EVENT_TYPES

/** What an event says besides its type and its actor: never a secret, never a query string. */
export interface EventFields {
  directoryUid?: string | null
  businessUid?: string | null
  appUid?: string | null
  subject?: string | null
  details?: Record<string, string | number | boolean | readonly string[]>
}

/** The event of one act. It is stored in the same write as what the act changes. */
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
