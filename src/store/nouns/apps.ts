import type { AppSecret, SecretUse } from './app-secrets.ts'
import type { Event } from './events.ts'

export type TokenFormat = 'opaque' | 'jwt'

/** How an app was registered: by the platform's API or command line, by itself (RFC 7591), or from its own metadata document. */
export type AppOrigin = 'platform' | 'registered' | 'document'

/**
 * The protocol settings of an app that differ from the default. Its members are the rows of `domain/apps/protocol-settings.ts`, which
 * declare themselves here; the store keeps them as one JSON column and reads none of them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the table of settings fills it
export interface AppProtocol {}

/**
 * The settings of an app that have a column of their own. Its members are the rows of `domain/apps/column-settings.ts`, which declare themselves
 * here; the store is opened with their columns.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the table of settings fills it
export interface AppColumns {}

/** The ways for an app to authenticate (RFC 7591 §2, OpenID Connect Core §9). */
export type ClientAuthMethod = NonNullable<AppProtocol['authMethod']>

export interface App extends AppColumns {
  uid: string
  codeName: string
  clientId: string
  /** The directory that owns it; null for the platform. */
  directoryUid: string | null
  name: string
  /** The first redirect URI, which is also the app's landing page. */
  redirectUri: string
  /** All redirect URIs, the first included. */
  redirectUris: readonly string[]
  trusted: boolean
  /** Whether it is a public client, which has no secret (RFC 6749 §2.1). */
  public: boolean
  scopes: readonly string[]
  /** Descriptive fields, returned exactly as they were received. */
  listing: Record<string, unknown>
  protocol: AppProtocol
  origin: AppOrigin
  createdAt: number
  endedAt: number | null
}

/** The businesses that an app leaves: all but the one that equals both of `except`. The events say which. */
export interface LeftBusinesses {
  except: readonly [string, string]
  at: number
  events: readonly Event[]
}

export interface Apps {
  add(app: App, secret: AppSecret | undefined, event: Event): Promise<void>
  /** The app of this uid, if it is alive, with its directory and its one business where it has them. The next two verbs check the same. */
  findLive(uid: string): Promise<App | undefined>
  findLiveByCodeName(codeName: string): Promise<App | undefined>
  findLiveByClientId(clientId: string): Promise<App | undefined>
  /** The live app of a client id, and the live secret that has this digest. One query. */
  authenticate(
    clientId: string,
    secretDigest: string,
    now: number,
  ): Promise<{ app: App; isSecretRight: boolean; secret?: SecretUse } | undefined>
  /** The live apps of one directory, or all of them, oldest first. `after` is the last uid of the previous page, `skip` how many to skip. */
  list(directoryUid: string | undefined, limit: number, after?: string, skip?: number): Promise<App[]>
  /** The code names of live and ended apps that equal this text or begin with it and `_`. */
  codeNamesLike(base: string): Promise<string[]>
  /**
   * A live app that the platform or a partner registered and whose name is part of this one, look-alike letters included. Finds apps of the
   * directory and of the platform, by an index: the number of apps does not matter.
   */
  findNamedWithin(name: string, directoryUid: string): Promise<App | undefined>
  /** Computes the keys of names that were stored without one, at most so many. Returns how many. */
  fillNameKeys(limit: number): Promise<number>
  /**
   * Changes a live app. With `asksAgain`, everyone who allowed it is asked again. Returns false and writes nothing when it has changed since
   * it was read. The install of each business that it leaves ends.
   */
  change(app: App, event: Event, was: App, asksAgain: boolean, left?: LeftBusinesses): Promise<boolean>
  /** Ends the app, and with it every token of it. */
  end(uid: string, at: number, event: Event): Promise<boolean>
}
