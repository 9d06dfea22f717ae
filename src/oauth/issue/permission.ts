import type { Approval } from '../../domain/tokens/approval.ts'
import type { AccessToken } from '../../store/nouns/access-tokens.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { ResourceServer } from '../../store/nouns/resources.ts'

/** What a grant allows: which app may do what, and for whom. `issue` makes tokens from it. */
export interface Permission {
  app: App
  /** Undefined if the app gets a token for itself (RFC 6749 §4.4). */
  approval: Approval | undefined
  /** The approved scopes, or fewer if the app asks for fewer. */
  scopes: readonly string[]
  target: Target
  /**
   * Stores the access token and, in the same write, uses up the code or refresh token. Returns the refresh token to send, if there is one.
   * Throws the grant's refusal if another request was faster. So a code never gives two tokens, and is never used without giving one.
   */
  mint(access: NewAccessToken, event: Event): Promise<string | undefined>
}

/** The resource that an access token is for (RFC 8707 §2.2), and the scopes it allows there. */
export interface Target {
  /** Undefined for the platform's own API. */
  resource: Resource | undefined
  scopes: readonly string[]
}

export type Resource = Pick<
  ResourceServer,
  'identifier' | 'directoryUid' | 'tokenFormat' | 'tokenLifetime' | 'tokenClaims' | 'tokenTyp' | 'scopes'
>

/** An access token that is not on a chain yet. */
export type NewAccessToken = Omit<AccessToken, 'chainUid'>

/** The key that the app has proved to hold by DPoP (RFC 9449) or mutual TLS (RFC 8705). */
export interface Proof {
  /** The JSON of the `cnf` claim that binds tokens to this key (RFC 7800 §3.1). */
  cnf: string
}
