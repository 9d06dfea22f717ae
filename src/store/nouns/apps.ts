import type { AppSecret, SecretUse } from './app-secrets.ts'
import type { Event } from './events.ts'

export type TokenFormat = 'opaque' | 'jwt'

/** How an app came to be: registered through the platform's API or command line, by itself (RFC 7591), or read from its own metadata document. */
export type AppOrigin = 'platform' | 'registered' | 'document'

/** The ways for an app to authenticate (RFC 7591 §2, OpenID Connect Core §9). */
export type ClientAuthMethod =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | 'private_key_jwt'

/** How an app speaks the protocol where that differs from the usual; what is left out is as usual. Named as in RFC 7591 and OpenID registration. */
export interface AppProtocol {
  /** The one way it authenticates; left out: its secret, by HTTP Basic or in the body. */
  authMethod?: ClientAuthMethod
  /** The algorithm its assertions must be signed with (`token_endpoint_auth_signing_alg`). */
  authSigningAlg?: string
  /** Its public keys, when they are not at `App.jwksUri`. */
  jwks?: { keys: Record<string, unknown>[] }
  grantTypes?: readonly string[]
  requirePkce?: boolean
  /** Whether its authorization requests have to say what has a default: response_type, redirect_uri, state and scope. */
  requireExplicitRequest?: boolean
  requirePushedRequests?: boolean
  idTokenAlg?: string
  /** Left out: userinfo answers plain JSON. */
  userinfoAlg?: string
  /** Seconds since sign-in, where a request says nothing (`default_max_age`). */
  defaultMaxAge?: number
  requireAuthTime?: boolean
  subjectType?: 'public' | 'pairwise'
  sectorIdentifierUri?: string
  /** When refresh tokens are given: never, where `offline_access` is asked for, or always. */
  refresh?: 'never' | 'offline_access' | 'always'
  /** Whether each use of a refresh token makes a new one; public apps always rotate. */
  rotateRefreshTokens?: boolean
  /** Seconds. */
  refreshTokenLifetime?: number
  refreshTokenIdleLifetime?: number
  postLogoutRedirectUris?: readonly string[]
  backchannelLogoutUri?: string
  backchannelLogoutSessionRequired?: boolean
}

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
  /** Writes what may change of a live app. False, and nothing written, when it is no longer as it was when it was read. */
  change(app: App, event: Event, was: App): Promise<boolean>
  /** Ends it: every token of it dies with it. */
  end(uid: string, at: number, event: Event): Promise<boolean>
}
