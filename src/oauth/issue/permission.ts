import type { Approval } from '../../domain/tokens/approval.ts'
import type { AccessToken } from '../../store/nouns/access-tokens.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { ResourceServer } from '../../store/nouns/resources.ts'

/** What a grant has proved: who may do what, and for whom. `issue` makes tokens from it in the same way for every grant. */
export interface Permission {
  app: App
  /** The approval it comes from; undefined where the app asks for itself (RFC 6749 §4.4). */
  approval: Approval | undefined
  /** What the app asks for: what was approved, or less. */
  scopes: readonly string[]
  /** What the access token is for. */
  target: Target
  /**
   * Stores the access token and, in the same write, spends what the permission was proved with. Returns the refresh token to send, if
   * there is one. Throws the grant's refusal when the proof was spent in the meantime, so that a code never buys two tokens and is never
   * lost without one.
   */
  mint(access: NewAccessToken, event: Event): Promise<string | undefined>
}

/** The resource that an access token is for (RFC 8707 §2.2), and the scopes it allows there. */
export interface Target {
  /** Undefined for the platform's own API. */
  resource: Resource | undefined
  scopes: readonly string[]
}

export type Resource = Pick<ResourceServer, 'identifier' | 'tokenFormat' | 'tokenLifetime' | 'scopes'>

/** An access token that has yet to be put on its chain. */
export type NewAccessToken = Omit<AccessToken, 'chainUid'>

/** The key that the app has proved to hold: by DPoP (RFC 9449) or mutual TLS (RFC 8705). */
export interface Proof {
  /** The JSON of the `cnf` claim that binds tokens to this key (RFC 7800 §3.1). */
  cnf: string
}
