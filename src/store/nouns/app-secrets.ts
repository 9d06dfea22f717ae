import type { Event } from './events.ts'

export interface AppSecret {
  uid: string
  appUid: string
  digest: string
  name: string
  createdAt: number
  expiresAt: number | null
  /** The secret itself, sealed. Only for apps that sign with it (`client_secret_jwt`). */
  sealed?: string | null
}

/** The secret that an app has just authenticated with, and when it was last used before. */
export interface SecretUse {
  uid: string
  lastUsedAt: number | null
}

export interface LiveSecret extends Omit<AppSecret, 'digest'>, SecretUse {
  sealed: string | null
}

/** The secrets of apps. An app may have several, so that a new one can replace an old one without an interruption. */
export interface AppSecrets {
  /** Returns false and writes nothing when the app has ended, is public, or already has `most` live secrets. */
  add(secret: AppSecret, most: number, event: Event): Promise<boolean>
  /** The secrets that have neither ended nor expired, oldest first. */
  listLive(appUid: string, now: number): Promise<LiveSecret[]>
  findLive(uid: string, now: number): Promise<LiveSecret | undefined>
  end(uid: string, at: number, event: Event): Promise<boolean>
  /** All sealed copies. */
  listSealed(): Promise<{ uid: string; sealed: string }[]>
  /** Replaces a sealed copy if it is still `was`. */
  reseal(uid: string, was: string, sealed: string): Promise<void>
  recordUse(uses: readonly { uid: string; at: number }[]): Promise<void>
}
