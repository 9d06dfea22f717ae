import type { App } from '../../store/nouns/apps.ts'
import type { RequestedClaims } from '../../store/nouns/codes.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import type { Membership } from '../../store/nouns/staff.ts'
import { acrOf } from '../people/session.ts'
import { requestedScopes } from '../tokens/claims.ts'

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/** An authorization request as it was understood; every parameter checked. Kept as JSON while it waits for a person. */
export interface AuthorizationRequest {
  clientId: string
  redirectUri: string
  redirectUriSent: boolean
  state: string | null
  scopes: readonly string[]
  nonce: string | null
  codeChallenge: string | null
  prompt: readonly Prompt[]
  /** Seconds since the person last proved who they are; null when any time will do. */
  maxAge: number | null
  /** Whether an old sign-in does not count: `prompt=login`, or the platform's own `logout=true`. */
  freshLogin: boolean
  loginHint: string | null
  /** Languages the app asks for, the best first. */
  locales: readonly string[]
  businessUid: string | null
  /** The `sub` of an ID token whose person the app expects; null when it expects nobody in particular. */
  hintedSubject: string | null
  responseMode: 'query' | 'form_post'
  claims: RequestedClaims | null
  resources: readonly string[]
  acrValues: readonly string[]
  display: string | null
  /** The digest of the pushed request that it came as (RFC 9126); null when it came with the browser. */
  pushed: string | null
}

/** The request that a waiting row holds. */
export function requestOf(pending: PendingRequest): AuthorizationRequest {
  return JSON.parse(pending.request) as AuthorizationRequest
}

/** What a consent allows, as names to store: each scope, with each resource (RFC 8707) that it is for. */
export function requestedPermission(
  request: Pick<AuthorizationRequest, 'scopes' | 'claims' | 'resources'>,
): readonly string[] {
  const names = requestedScopes(request)
  if (request.resources.length === 0) return names
  // No scope contains a space, so none of these names is a scope.
  return request.resources.flatMap((resource) => ['', ...names].map((name) => `${name} ${resource}`))
}

/** The values of `acr` of which the app needs one; undefined if it needs none (OpenID Connect Core §5.5.1.1). */
export function essentialAcrs(claims: RequestedClaims | null): readonly string[] | undefined {
  const requested = claims?.id_token?.acr
  return requested?.essential ? (requested.values as readonly string[]) : undefined
}

/** The values of `sub` that the app accepts, or undefined if it accepts any (OpenID Connect Core §5.5.1). */
export function requestedSubjects(claims: RequestedClaims | null): readonly string[] | undefined {
  return (claims?.id_token?.sub?.values ?? claims?.userinfo?.sub?.values) as readonly string[] | undefined
}

/**
 * Why the person has to see the sign-in page before this request goes on; undefined when the session will do. `confirmed` says that
 * this very session signed in, or was picked, for this very request.
 */
export function whySignIn(
  request: AuthorizationRequest,
  session: LiveSession | undefined,
  confirmed: boolean,
  now: number,
): 'no-session' | 'fresh' | 'choose-account' | undefined {
  if (!session) return 'no-session'
  if (confirmed) return undefined
  if (essentialAcrs(request.claims)?.includes(acrOf(session.methods)) === false) return 'fresh'
  if (request.freshLogin) return 'fresh'
  if (request.maxAge !== null && (request.maxAge === 0 || now - session.authTime > request.maxAge)) return 'fresh'
  if (request.prompt.includes('select_account')) return 'choose-account'
  return undefined
}

/** The businesses that this app may act for: a directory's own app only those of its directory. */
export function businessesFor(app: Pick<App, 'directoryUid'>, memberships: readonly Membership[]): Membership[] {
  return memberships.filter((each) => app.directoryUid === null || each.directoryUid === app.directoryUid)
}

/** The one business the request is for: as chosen, else as asked for, else the only one. Membership is what counts. */
export function businessOf(
  request: AuthorizationRequest,
  chosen: string | null,
  memberships: readonly Membership[],
): Membership | undefined {
  const among = (uid: string) => memberships.find((each) => each.businessUid === uid)
  if (chosen !== null) return among(chosen)
  // One asked for and not theirs is never swapped for another behind their back.
  if (request.businessUid !== null) return among(request.businessUid)
  return memberships.length === 1 ? memberships[0] : undefined
}

/** The authorization URL's query for the same request, to begin it anew. */
export function queryOf(request: AuthorizationRequest): string {
  const query = new URLSearchParams({ client_id: request.clientId, response_type: 'code' })
  if (request.redirectUriSent) query.set('redirect_uri', request.redirectUri)
  query.set('scope', request.scopes.join(' '))
  const optional = {
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.codeChallenge,
    code_challenge_method: request.codeChallenge && 'S256',
    prompt: request.prompt.join(' ') || null,
    max_age: request.maxAge === null ? null : String(request.maxAge),
    claims: request.claims && JSON.stringify(request.claims),
    acr_values: request.acrValues.join(' ') || null,
    display: request.display,
    login_hint: request.loginHint,
    ui_locales: request.locales.join(' ') || null,
    business_uid: request.businessUid,
    response_mode: request.responseMode === 'query' ? null : request.responseMode,
    logout: request.freshLogin && !request.prompt.includes('login') ? 'true' : null,
  }
  for (const [name, value] of Object.entries(optional)) if (value) query.set(name, value)
  for (const resource of request.resources) query.append('resource', resource)
  return query.toString()
}
