import type { AppSecret, SecretUse } from './app-secrets.ts'
import type { Event } from './events.ts'

export type TokenFormat = 'opaque' | 'jwt'

/** How an app came to be: registered through the platform's API or command line, by itself (RFC 7591), or read from its own metadata document. */
export type AppOrigin = 'platform' | 'registered' | 'document'

/**
 * How an app speaks the protocol where that differs from the default. Its members are the rows of `domain/apps/protocol-settings.ts`, which
 * declare themselves here; the store keeps them as one JSON column and reads none of them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the table of settings fills it
export interface AppProtocol {}

/** The ways for an app to authenticate (RFC 7591 §2, OpenID Connect Core §9). */
export type ClientAuthMethod = NonNullable<AppProtocol['authMethod']>

export interface App {
  uid: string
  codeName: string
  clientId: string
  /** The directory that owns it; null when it is the platform's own. */
  directoryUid: string | null
  name: string
  /** The first redirect URI, which is also the app's landing page. */
  redirectUri: string
  /** All redirect URIs, the first included. */
  redirectUris: readonly string[]
  trusted: boolean
  /** Whether it can keep no secret (RFC 6749 §2.1). */
  public: boolean
  scopes: readonly string[]
  accessTokenFormat: TokenFormat
  accessTokenLifetime: number | null
  jwksUri: string | null
  /** Descriptive fields, kept and given back as they came. */
  listing: Record<string, unknown>
  protocol: AppProtocol
  origin: AppOrigin
  createdAt: number
  endedAt: number | null
}

export interface Apps {
  add(app: App, secret: AppSecret | undefined, event: Event): Promise<void>
  /** The app of this uid, if it and the directory that owns it are alive; likewise the two below. */
  findLive(uid: string): Promise<App | undefined>
  findLiveByCodeName(codeName: string): Promise<App | undefined>
  findLiveByClientId(clientId: string): Promise<App | undefined>
  /** The live app of a client id, and whether the secret with this digest is one of its live ones; then also which. One query. */
  authenticate(
    clientId: string,
    secretDigest: string,
    now: number,
  ): Promise<{ app: App; isSecretRight: boolean; secret?: SecretUse } | undefined>
  /** The live apps of one directory, or all, from the oldest; `after` is the last uid of the page before, `skip` how many to pass over. */
  list(directoryUid: string | undefined, limit: number, after?: string, skip?: number): Promise<App[]>
  /** The code names in use, by living and ended apps, that are this text or begin with it and `_`. */
  codeNamesLike(base: string): Promise<string[]>
  /**
   * Writes what may change of a live app; with `asksAgain` everyone who allowed it is asked again. False, and nothing written, when it is
   * no longer as it was when it was read.
   */
  change(app: App, event: Event, was: App, asksAgain: boolean): Promise<boolean>
  /** Ends it: every token of it dies with it. */
  end(uid: string, at: number, event: Event): Promise<boolean>
}
