import type { AccessToken } from './access-tokens.ts'
import type { App } from './apps.ts'
import type { Chain, Principal } from './chains.ts'
import type { DeviceApproval } from './device-codes.ts'
import type { Event } from './events.ts'
import type { Consent, Install } from './installs.ts'
import type { RefreshToken } from './refresh-tokens.ts'

/** A claim that was requested by name (OpenID Connect Core §5.5.1). */
export type RequestedClaim = null | { essential?: boolean; value?: unknown; values?: readonly unknown[] }

/** The parsed `claims` parameter (OpenID Connect Core §5.5). */
export interface RequestedClaims {
  userinfo?: Record<string, RequestedClaim>
  id_token?: Record<string, RequestedClaim>
}

/** What an approval determines besides the scopes. Stored with the code, and copied to its refresh tokens. */
export interface ApprovalContext {
  /** The uid of the session that approved: the `sid` of logout (OpenID Connect Back-Channel Logout §2.1). */
  sid?: string
  /** How the person authenticated (RFC 8176). */
  amr?: readonly string[]
  acr?: string
  claims?: RequestedClaims
  /** The resources that the app may request tokens for (RFC 8707 §2.1). */
  resources?: readonly string[]
}

export interface Code {
  digest: string
  chainUid: string
  redirectUri: string
  /** Whether the authorization request contained the redirect URI. If so, the token request must contain it too. */
  redirectUriSent: boolean
  codeChallenge: string | null
  nonce: string | null
  authTime: number
  context: ApprovalContext
  /** The key that its tokens are bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); null or left out for bearer tokens. */
  cnf?: string | null
  createdAt: number
  expiresAt: number
}

/** What an approval gives the app: a new code, or the device code that it polls with (RFC 8628), approved. */
export type ApprovalOutcome = { kind: 'code'; code: Code } | { kind: 'device'; device: DeviceApproval }

/** So many wrong verifiers end a code. An app that made a mistake can correct it, and no one can go on guessing. */
export const MAX_WRONG_VERIFIERS = 5

/** A code, live or not, with the current state of what it hangs on. */
export interface IssuedCode extends Code {
  redeemedAt: number | null
  /** How often it was presented with a wrong verifier before it was redeemed. */
  wrongVerifiers: number
  appUid: string
  scopes: readonly string[]
  /** Undefined when the chain or anything it hangs on has ended. */
  principal: Principal | undefined
}

/** The tokens that one write stores. */
export interface Minted {
  access: AccessToken
  refresh?: RefreshToken | undefined
}

export interface Codes {
  /**
   * Stores an approval in one write: it answers the waiting request, adds or widens the business's install and the person's consent, and
   * begins the chain with its outcome. Returns undefined and writes nothing when:
   * - the request was answered or has expired, or the pushed request was used;
   * - the app, business, staff membership, person or session has ended;
   * - the device code was decided, has expired or is another app's;
   * - `basis`, which the decision rested on, has changed: the install (or that there was none), or the app's settings.
   *
   * With `signsIn`, the app gets a logout token when the session ends.
   */
  begin(approval: {
    session?: { uid: string; signsIn: boolean }
    request?: { digest: string; at: number }
    /** The pushed request that it came from, which must be unused. */
    pushed?: string | null
    /** With `isShown`, a person has just allowed the app as it was, so a change of it that is being written is awaited. */
    basis?: { install: Install | undefined; app: App; isShown: boolean }
    install: Install
    consent?: Omit<Consent, 'installUid'>
    chain: Omit<Chain, 'installUid'>
    outcome: ApprovalOutcome
    event: Event
  }): Promise<{ installUid: string } | undefined>
  /** The code, live or not. */
  find(digest: string): Promise<IssuedCode | undefined>
  /**
   * Counts a wrong verifier of a code that is not redeemed. The last one that is allowed ends the code, and appends the event: once, however many
   * arrive together.
   */
  countWrongVerifier(digest: string, event: Event): Promise<void>
  /**
   * Redeems the code and stores its tokens in one write: true for exactly one caller, and only while the code is neither redeemed, expired nor
   * and its chain has not ended.
   */
  redeem(digest: string, at: number, minted: Minted, event: Event): Promise<boolean>
}
