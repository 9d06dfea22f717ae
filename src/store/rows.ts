import type { Memo } from '../kit/memo.ts'

/** How a directory's pages and its `brand_theme` look; names as on the wire, because it is stored and sent as it is. */
export interface Theme {
  colors: { primary: string; secondary: string; text: string }
  locale: string
  logo: string | null
  name: string | null
  powered_by: Record<
    | 'intandem_goto_url'
    | 'intandem_logo_bright'
    | 'intandem_logo_dark'
    | 'parent_goto_url'
    | 'parent_logo_bright'
    | 'parent_logo_dark',
    string | null
  >
}

/** A partner of the platform: owns a brand, hosts, businesses and apps. */
export interface Directory {
  uid: string
  name: string
  /** The host its people know it by. */
  host: string
  theme: Theme
  /** A `data:` URL of its logo. */
  logo: string | null
  createdAt: number
  endedAt: number | null
}

export interface Business {
  uid: string
  directoryUid: string
  name: string
  createdAt: number
  endedAt: number | null
}

export interface Person {
  uid: string
  email: string
  /** The e-mail as it is compared: normalised, lower case. */
  emailKey: string
  name: string
  /** A PHC string, or null for someone who cannot sign in by password. */
  password: string | null
  /** Whether the platform made sure that the e-mail is theirs; left out: it did not. */
  emailVerified?: boolean
  profile?: Profile | null
  createdAt: number
  endedAt: number | null
}

/** What else is known of a person: claims of OpenID Connect Core §5.1, named as on the wire, because they are stored and sent as they are. */
export interface Profile {
  family_name?: string
  given_name?: string
  middle_name?: string
  nickname?: string
  preferred_username?: string
  profile?: string
  picture?: string
  website?: string
  gender?: string
  birthdate?: string
  zoneinfo?: string
  locale?: string
  phone_number?: string
  phone_number_verified?: boolean
  address?: Partial<Record<'formatted' | 'street_address' | 'locality' | 'region' | 'postal_code' | 'country', string>>
  /** When any of this was last changed. */
  updated_at?: number
}

/** A person's membership in one business. */
export interface Staff {
  uid: string
  businessUid: string
  personUid: string
  role: string
  createdAt: number
  endedAt: number | null
}

/** A live membership with its live business, as a person chooses among them. */
export interface Membership {
  staffUid: string
  role: string
  businessUid: string
  businessName: string
  directoryUid: string
}

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

/** A business's standing yes to an app. */
export interface Install {
  uid: string
  appUid: string
  businessUid: string
  scopes: readonly string[]
  installedBy: string
  createdAt: number
  changedAt: number
}

/** A live install with the names that people know it by. */
export interface ListedInstall extends Install {
  appCodeName: string
  businessName: string
}

/** One person's yes, kept for (person, app, business). Good only for the install it was given for. */
export interface Consent {
  personUid: string
  appUid: string
  businessUid: string
  installUid: string
  scopes: readonly string[]
}

/** All codes and tokens that come from one approval. */
export interface Chain {
  uid: string
  installUid: string
  appUid: string
  businessUid: string
  staffUid: string
  scopes: readonly string[]
  createdAt: number
  /** When the person proved who they are. */
  authTime?: number
}

/** One claim that was asked for by name (OpenID Connect Core §5.5.1). */
export type ClaimWish = null | { essential?: boolean; value?: unknown; values?: readonly unknown[] }

/** The `claims` parameter as understood (OpenID Connect Core §5.5). */
export interface ClaimWishes {
  userinfo?: Record<string, ClaimWish>
  id_token?: Record<string, ClaimWish>
}

/** What was agreed at an approval beside the scopes; kept with the code, and carried on to the refresh tokens that come of it. */
export interface GrantFacts {
  /** The uid of the session that approved: the `sid` of logout (OpenID Connect Back-Channel Logout §2.1). */
  sid?: string
  /** How the person proved who they are (RFC 8176). */
  amr?: readonly string[]
  acr?: string
  claims?: ClaimWishes
  /** The resources that tokens may be asked for (RFC 8707 §2.1). */
  resources?: readonly string[]
}

export interface Code {
  digest: string
  chainUid: string
  redirectUri: string
  /** Whether the authorization request named the redirect URI; then the token request must as well. */
  redirectUriSent: boolean
  codeChallenge: string | null
  nonce: string | null
  authTime: number
  facts: GrantFacts
  createdAt: number
  expiresAt: number
}

/** A code with what stands behind it at this moment, whether it may still be redeemed or not. */
export interface IssuedCode extends Code {
  redeemedAt: number | null
  appUid: string
  scopes: readonly string[]
  /** Whose it is; undefined when the chain or anything it hangs on has ended. */
  holder: Holder | undefined
}

/** The person and business a chain speaks for, with all the links between them alive. */
export interface Holder {
  staffUid: string
  role: string
  personUid: string
  email: string
  emailVerified: boolean
  name: string
  /** The person's profile as JSON text; null when there is none. */
  profileJson: string | null
  businessUid: string
  businessName: string
  directoryUid: string
  brandHost: string
  /** The theme as JSON text, ready to be sent. */
  themeJson: string
}

export interface AccessToken {
  digest: string
  chainUid: string
  /** What it allows, where that is less than its chain; null for all of it. */
  scopes: readonly string[] | null
  /** The resource it is for (RFC 8707); left out for the platform's own API. */
  audience?: string | null
  /** Claims asked for at userinfo by name, as JSON. */
  claims?: string | null
  createdAt: number
  expiresAt: number
}

/** What a living chain speaks for: the app that it was given to, and whose it is. Shared by whoever asks: nobody changes it. */
export interface Links {
  appUid: string
  clientId: string
  codeName: string
  /** The directory that owns the app; null when it is the platform's own. */
  appDirectoryUid: string | null
  protocol: AppProtocol
  /** What the app is registered for at this moment. */
  appScopes: readonly string[]
  /** The app's first redirect URI. */
  redirectUri: string
  holder: Holder
}

/** An access token whose own row, chain, install, app, business, directory and staff membership are all alive. */
export interface LiveToken {
  chainUid: string
  scopes: readonly string[]
  createdAt: number
  expiresAt: number
  /** The resource it is for; null for the platform's own API. */
  audience: string | null
  /** Claims asked for at userinfo by name, as JSON. */
  claims: string | null
  links: Links
  /** For what userinfo tells of it. */
  memo: Memo
}

/** A credential for the management API: a partner's, or the platform's own; or one that is good for nothing but registering apps. */
export interface PlatformToken {
  digest: string
  uid: string
  kind: 'directory' | 'internal' | 'registration'
  directoryUid: string | null
  name: string
  createdAt: number
}

/** A signed-in browser. */
export interface Session {
  digest: string
  uid: string
  personUid: string
  authTime: number
  /** How the person proved who they are (RFC 8176). */
  methods: readonly string[]
  createdAt: number
  seenAt: number
  expiresAt: number
}

/** A live session with its living person. */
export interface LiveSession extends Session {
  email: string
  name: string
}

/** An authorization request that waits for a person. `request` is the request as understood, as JSON. */
export interface PendingRequest {
  digest: string
  /** The digest of the cookie of the browser that began it. */
  browser: string
  appUid: string
  request: string
  /** The session that signed in, or was confirmed, for this very request. */
  sessionUid: string | null
  businessUid: string | null
  createdAt: number
  expiresAt: number
  answeredAt: number | null
}

export interface SigningKey {
  kid: string
  algorithm: string
  generation: number
  /** The public JWK as JSON. */
  publicJwk: string
  /** The private JWK, sealed. */
  sealedJwk: string
  createdAt: number
  signsFrom: number
  /** When the last of what it signed ends, as far as that is later than a day after its time. */
  neededUntil: number
  retiredAt: number | null
}

/** One security-relevant act: who did what to whom, with what result. */
export interface Event {
  /** Sorts by its second of birth. */
  uid: string
  type: string
  at: number
  actor: string
  result: 'done' | 'refused'
  directoryUid?: string | null
  businessUid?: string | null
  appUid?: string | null
  subject?: string | null
  reference?: string | null
  details?: string | null
}
