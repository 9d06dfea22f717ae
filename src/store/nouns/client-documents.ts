import type { App } from './apps.ts'
import type { Event } from './events.ts'
import type { UnconfirmedApp } from './unconfirmed-apps.ts'

/** When the metadata document of an app was read, and until when it is fresh. */
export interface ClientDocument {
  appUid: string
  readAt: number
  freshUntil: number
  /** When it was last requested, successfully or not. */
  askedAt: number
}

/** The apps whose client id is the URL of their metadata document. All servers share what was read. */
export interface ClientDocuments {
  /** The live app of this client id, and its document. */
  findLive(clientId: string): Promise<{ app: App; document: ClientDocument } | undefined>
  /** Whether the operator ended the app of this client id, which is then never used again. */
  isEnded(clientId: string): Promise<boolean>
  /** Throws Conflict when another app has or had this client id. */
  add(app: App, document: ClientDocument, unconfirmed: UnconfirmedApp, event: Event): Promise<void>
  /** Claims the next request for the document: true for exactly one caller in `pause` seconds. */
  claim(appUid: string, now: number, pause: number): Promise<boolean>
  /** Records that it was read again and, given an event, changes the app. Returns false and writes nothing when the app has changed since. */
  refresh(app: App, was: App, document: ClientDocument, event: Event | undefined, asksAgain: boolean): Promise<boolean>
}
