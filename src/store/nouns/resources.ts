import type { TokenFormat } from './apps.ts'
import type { Event } from './events.ts'

/** The `typ` of a JWT access token: that of RFC 9068 §2.1, or the one that verifiers accept which do not know it. */
export type TokenTyp = 'at+jwt' | 'JWT'

/** A resource server (RFC 8707): an API that apps may request access tokens for. */
export interface ResourceServer {
  uid: string
  /** The absolute URI that apps request and that its tokens have as their audience. Compared by RFC 3986 §6.2.3. */
  identifier: string
  name: string
  /** The directory that owns it; null for the platform. */
  directoryUid: string | null
  /** The scopes that it uses; null for all. */
  scopes: readonly string[] | null
  /** The format of its tokens and their lifetime in seconds; null for those of the app. */
  tokenFormat: TokenFormat | null
  tokenLifetime: number | null
  /** The claims that its JWT access tokens have besides the required ones; null for the default. */
  tokenClaims: readonly string[] | null
  /** The `typ` of its JWT access tokens; null for `at+jwt`. */
  tokenTyp: TokenTyp | null
  /** The digest of its secret for introspection; null when it may not introspect. */
  secretDigest: string | null
  createdAt: number
  endedAt: number | null
}

export interface ResourceServers {
  /**
   * Returns undefined and writes nothing when the directory has ended. Throws Conflict when a live resource server has the identifier. With
   * `isShared`, each directory may register it once: only for the platform's own API.
   */
  add(resource: ResourceServer, isShared: boolean, event: Event): Promise<ResourceServer | undefined>
  /** The resource server, live or not. */
  find(uid: string): Promise<ResourceServer | undefined>
  /** The live resource server of this identifier, in any of its spellings, with its directory alive. Never the platform's own API, which several may share. */
  findLive(identifier: string): Promise<ResourceServer | undefined>
  /** The live resource server of this uid, if the secret is right. */
  authenticate(uid: string, secretDigest: string): Promise<ResourceServer | undefined>
  /** The live resource servers of one directory, or all of them, oldest first. `after` is the last uid of the previous page, `skip` how many to skip. */
  list(directoryUid: string | undefined, limit: number, after?: string, skip?: number): Promise<ResourceServer[]>
  /** Changes a live resource server. Returns false and writes nothing when it has changed since it was read. */
  change(resource: ResourceServer, event: Event, was: ResourceServer): Promise<boolean>
  end(uid: string, at: number, event: Event): Promise<boolean>
}
