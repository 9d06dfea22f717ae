import type { Event } from './events.ts'

/** A credential of a directory or of the platform for the management API, or an initial access token that only registers apps. */
export interface PlatformToken {
  digest: string
  uid: string
  kind: 'directory' | 'internal' | 'registration'
  directoryUid: string | null
  name: string
  createdAt: number
}

export interface PlatformTokens {
  add(token: PlatformToken, event: Event): Promise<void>
  /** The live token, if its directory is alive too. */
  findLive(digest: string): Promise<PlatformToken | undefined>
  /** All tokens without their digests, oldest first. A token whose directory has ended has ended too. */
  list(): Promise<(Omit<PlatformToken, 'digest'> & { endedAt: number | null })[]>
  end(selector: { digest: string } | { uid: string }, at: number, event: Event): Promise<boolean>
}
