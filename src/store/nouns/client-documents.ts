import type { App } from './apps.ts'
import type { Event } from './events.ts'
import type { UnconfirmedApp } from './unconfirmed-apps.ts'

/** When the document that describes an app was read, and until when that will do. */
export interface ClientDocument {
  appUid: string
  readAt: number
  freshUntil: number
  /** When it was last requested, whether it was read or not. */
  askedAt: number
}

/** The apps that are described by the document at their client id. What was read is kept for all servers. */
export interface ClientDocuments {
  /** The live app of this client id, and its document. */
  findLive(clientId: string): Promise<{ app: App; document: ClientDocument } | undefined>
  /** Throws Conflict when the client id was taken meanwhile, or was taken once and ended. */
  add(app: App, document: ClientDocument, unconfirmed: UnconfirmedApp, event: Event): Promise<void>
  /** Takes on asking for it: true for exactly one caller within so many seconds. */
  claim(appUid: string, now: number, pause: number): Promise<boolean>
  /** Notes that it was read again and, given an event, what has changed. False, and nothing written, when the app changed meanwhile. */
  refresh(app: App, was: App, document: ClientDocument, event: Event | undefined, asksAgain: boolean): Promise<boolean>
}
