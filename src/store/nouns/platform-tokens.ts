import type { Event } from './events.ts'

/** A credential for the management API: a partner's, or the platform's own; or one that is good for nothing but registering apps. */
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
  /** The live token, if its directory is alive as well. */
  findLive(digest: string): Promise<PlatformToken | undefined>
  /** All there are, in the order in which they were made, without their digests; one has ended with its directory, too. */
  list(): Promise<(Omit<PlatformToken, 'digest'> & { endedAt: number | null })[]>
  end(selector: { digest: string } | { uid: string }, at: number, event: Event): Promise<boolean>
}
