import type { AppSecret } from './app-secrets.ts'
import type { App } from './apps.ts'
import type { Event } from './events.ts'
import type { UnconfirmedApp } from './unconfirmed-apps.ts'

/** What lets the owner of an app that registered itself manage it. */
export interface Registration {
  appUid: string
  /** The digest of its registration access token (RFC 7592 §3). */
  tokenDigest: string
  /** The initial access token it came with; null when none was asked for. */
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
  /** The live app that a registration access token stands for. */
  findLiveApp(tokenDigest: string): Promise<App | undefined>
  /**
   * Replaces the app's settings, its registration access token and, when given, its secrets, all in one write: a new secret ends those
   * before it, and `null` ends them all. False, and nothing written, when the token was replaced meanwhile or the app has changed.
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
