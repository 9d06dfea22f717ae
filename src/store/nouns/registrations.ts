import type { AppSecret } from './app-secrets.ts'
import type { App } from './apps.ts'
import type { Event } from './events.ts'
import type { UnconfirmedApp } from './unconfirmed-apps.ts'

export interface Registration {
  appUid: string
  /** The digest of the registration access token, which manages the app (RFC 7592 §3). */
  tokenDigest: string
  /** The initial access token that the app was registered with; null when none was required. */
  platformTokenUid: string | null
  changedAt: number
}

/** The apps that registered themselves (RFC 7591). */
export interface Registrations {
  add(
    app: App,
    secret: AppSecret | undefined,
    registration: Registration,
    unconfirmed: UnconfirmedApp,
    event: Event,
  ): Promise<void>
  /** The live app of a registration access token. */
  findLiveApp(tokenDigest: string): Promise<App | undefined>
  /**
   * Changes the app and its registration access token in one write. A new secret ends all previous ones, `null` ends them without a new one.
   * Returns false and writes nothing when the token or the app has changed since it was read.
   */
  replace(
    app: App,
    was: App,
    token: { digest: string; was: string },
    secret: AppSecret | null | undefined,
    at: number,
    event: Event,
    asksAgain: boolean,
  ): Promise<boolean>
}
