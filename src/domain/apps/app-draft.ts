import type { AppOrigin, AppProtocol, TokenFormat } from '../../store/nouns/apps.ts'

/** What an app is to be; what is left out stays as it is, or as an app is by default. */
export interface AppDraft {
  name?: string
  /** Letters and digits; derived from the name when left out. */
  codeName?: string
  redirectUri?: string
  furtherRedirectUris?: readonly string[]
  trusted?: boolean
  public?: boolean
  scopes?: readonly string[]
  /** Whether `openid` is among the scopes, when said apart from them. */
  openid?: boolean
  accessTokenFormat?: TokenFormat
  accessTokenLifetime?: number | null
  jwksUri?: string | null
  /** How it speaks the protocol; what is left out stays as it is. */
  protocol?: AppProtocol
  /** How it came to be; the platform's API unless told. */
  origin?: AppOrigin
  /** Descriptive fields; null takes one away. */
  listing?: Record<string, unknown>
  /** The owner; null for the platform itself. */
  directoryUid?: string | null
}

/** What a change may also name, as long as it says what is so already. */
export interface AppChange extends AppDraft {
  uid?: string
  clientId?: string
  secret?: string
}
