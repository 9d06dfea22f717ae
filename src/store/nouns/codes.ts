import type { AccessToken } from './access-tokens.ts'
import type { App } from './apps.ts'
import type { Chain, Principal } from './chains.ts'
import type { Event } from './events.ts'
import type { Consent, Install } from './installs.ts'
import type { RefreshToken } from './refresh-tokens.ts'

/** One claim that was asked for by name (OpenID Connect Core §5.5.1). */
export type RequestedClaim = null | { essential?: boolean; value?: unknown; values?: readonly unknown[] }

/** The `claims` parameter as understood (OpenID Connect Core §5.5). */
export interface RequestedClaims {
  userinfo?: Record<string, RequestedClaim>
  id_token?: Record<string, RequestedClaim>
}

/** What an approval fixes beside the scopes. Stored with the code, and copied to the refresh tokens that come from it. */
export interface ApprovalContext {
  /** The uid of the session that approved: the `sid` of logout (OpenID Connect Back-Channel Logout §2.1). */
  sid?: string
  /** How the person proved who they are (RFC 8176). */
  amr?: readonly string[]
  acr?: string
  claims?: RequestedClaims
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
  context: ApprovalContext
  /** The key that its tokens are bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); left out or null for bearer tokens. */
  cnf?: string | null
  createdAt: number
  expiresAt: number
}

/** What an approval gives the app. A device code (RFC 8628) is to become the second kind. */
export type ApprovalOutcome = { kind: 'code'; code: Code }

/** A code with what stands behind it at this moment, whether it may still be redeemed or not. */
export interface IssuedCode extends Code {
  redeemedAt: number | null
  appUid: string
  scopes: readonly string[]
  /** Whose it is; undefined when the chain or anything it hangs on has ended. */
  principal: Principal | undefined
}

/** The tokens that one write stores. */
export interface Minted {
  access: AccessToken
  refresh?: RefreshToken | undefined
}

export interface Codes {
  /**
   * The approval, as one write: the waiting request is answered (if there is one), the business's install and the person's
   * consent are recorded or widened, and the chain with its outcome begins. Undefined, and nothing written, when the request was
   * answered or ran out before, when the app, business, staff membership or person is no longer alive, or when `basis`, what the
   * decision rested on, is no longer so: the install that was there (or none), and the app's trust, scopes and redirect URIs. Given
   * the session that approved, it has to be alive as well; with `signsIn` the app is notified when that session ends.
   */
  begin(approval: {
    session?: { uid: string; signsIn: boolean }
    request?: { digest: string; at: number }
    /** The pushed request that it came from, which has to be unspent. */
    pushed?: string | null
    basis?: { install: Install | undefined; app: App }
    install: Install
    consent?: Omit<Consent, 'installUid'>
    chain: Omit<Chain, 'installUid'>
    outcome: ApprovalOutcome
    event: Event
  }): Promise<{ installUid: string } | undefined>
  /** The code, alive or not. Finding one spends nothing. */
  find(digest: string): Promise<IssuedCode | undefined>
  /**
   * Spends the code and mints the token in one write: true for exactly one caller, and only while the code is neither spent nor
   * past its time and its chain is alive. After a crash either both happened or neither.
   */
  redeem(digest: string, at: number, minted: Minted, event: Event): Promise<boolean>
}
