import type { Event } from './events.ts'

export interface AppSecret {
  uid: string
  appUid: string
  digest: string
  name: string
  createdAt: number
  expiresAt: number | null
  /** The secret itself, sealed: only for apps that sign with it (`client_secret_jwt`). */
  sealed?: string | null
}

/** Which secret an app has just proved itself with, and when it last did so before. */
export interface SecretUse {
  uid: string
  lastUsedAt: number | null
}

/** A secret that is good at this moment; `sealed` is there for those that have to be known to check what they sign. */
export interface LiveSecret extends Omit<AppSecret, 'digest'>, SecretUse {
  sealed: string | null
}

/** The secrets that apps prove themselves with. An app may have several, so that one replaces another without a pause. */
export interface AppSecrets {
  /** False, and nothing written, when the app is not alive or public, or has `most` live secrets already. */
  add(secret: AppSecret, most: number, event: Event): Promise<boolean>
  /** Those that are neither ended nor past their time, from the oldest. */
  listLive(appUid: string, now: number): Promise<LiveSecret[]>
  findLive(uid: string, now: number): Promise<LiveSecret | undefined>
  /** Ends one that is still good: it proves nothing from now on. */
  end(uid: string, at: number, event: Event): Promise<boolean>
  /** The sealed copies of all that have one. */
  listSealed(): Promise<{ uid: string; sealed: string }[]>
  /** Replaces a sealed copy, unless another server was faster. */
  reseal(uid: string, was: string, sealed: string): Promise<void>
  /** Records the last use of several secrets. */
  recordUse(uses: readonly { uid: string; at: number }[]): Promise<void>
}
