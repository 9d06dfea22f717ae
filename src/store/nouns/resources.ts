import type { TokenFormat } from './apps.ts'
import type { Event } from './events.ts'

/** A resource server (RFC 8707): an API that access tokens may be made for. */
export interface ResourceServer {
  uid: string
  /** The absolute URI that apps name it by and that its tokens carry as their audience; compared letter for letter. */
  identifier: string
  name: string
  /** The directory that owns it; null when it is the platform's own. */
  directoryUid: string | null
  /** The scopes it has a use for; null for all. */
  scopes: readonly string[] | null
  /** How its tokens look and how long they live; null for what the app has. */
  tokenFormat: TokenFormat | null
  tokenLifetime: number | null
  /** What it proves itself with at introspection; null when it introspects nothing. */
  secretDigest: string | null
  createdAt: number
  endedAt: number | null
}

export interface ResourceServers {
  /**
   * Undefined, and nothing written, when the directory is not alive. Throws Conflict when a live one has the identifier; only the
   * platform's own API, which every app may use, may be registered once by each directory: `isShared`.
   */
  add(resource: ResourceServer, isShared: boolean, event: Event): Promise<ResourceServer | undefined>
  /** The resource server, alive or not. */
  find(uid: string): Promise<ResourceServer | undefined>
  /** The live one of this identifier, with its directory alive. Never the platform's own API, of which there may be several. */
  findLive(identifier: string): Promise<ResourceServer | undefined>
  /** The live one that this secret belongs to. */
  authenticate(uid: string, secretDigest: string): Promise<ResourceServer | undefined>
  /** The live ones from the oldest, of one directory or all; `skip` is how many to pass over. */
  list(directoryUid: string | undefined, limit: number, skip?: number): Promise<ResourceServer[]>
  /** Writes what may change of a live one. False, and nothing written, when it is no longer as it was when it was read. */
  change(resource: ResourceServer, event: Event, was: ResourceServer): Promise<boolean>
  end(uid: string, at: number, event: Event): Promise<boolean>
}
