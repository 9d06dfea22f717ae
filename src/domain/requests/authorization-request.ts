import type { App } from '../../store/nouns/apps.ts'
import type { RequestedClaims } from '../../store/nouns/codes.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import type { Membership } from '../../store/nouns/staff.ts'
import { acrOf } from '../people/session.ts'
import { essentialAcrs, requestedScopes } from '../tokens/claims.ts'

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/** An authorization request with every parameter read and checked. Stored as JSON while it waits for a person. */
export interface AuthorizationRequest {
  clientId: string
  redirectUri: string
  redirectUriSent: boolean
  state: string | null
  scopes: readonly string[]
  nonce: string | null
  codeChallenge: string | null
  prompt: readonly Prompt[]
  /** The most seconds since the person last authenticated; null for no limit. */
  maxAge: number | null
  /** Whether the person must sign in again: `prompt=login`, or our own `logout=true`. */
  freshLogin: boolean
  loginHint: string | null
  /** Languages that the app prefers, best first. */
  locales: readonly string[]
  businessUid: string | null
  /** The `sub` of the ID token in `id_token_hint`; null without one. */
  hintedSubject: string | null
  responseMode: 'query' | 'fragment' | 'form_post'
  claims: RequestedClaims | null
  resources: readonly string[]
  acrValues: readonly string[]
  display: string | null
  /** The digest of the pushed request that it came as (RFC 9126); null when the browser sent it. */
  pushed: string | null
}

export function requestOf(pending: PendingRequest): AuthorizationRequest {
  return JSON.parse(pending.request) as AuthorizationRequest
}

/** Returns what a consent allows, as names to store: each scope, combined with each resource that it is for (RFC 8707). */
export function requestedPermission(
  request: Pick<AuthorizationRequest, 'scopes' | 'claims' | 'resources'>,
): readonly string[] {
  const names = requestedScopes(request)
  if (request.resources.length === 0) return names
  // No scope contains a space, so none of these names is a scope.
  return request.resources.flatMap((resource) => ['', ...names].map((name) => `${name} ${resource}`))
}

/**
 * Returns why the person must see the sign-in page before this request continues; undefined when the session is enough. `confirmed`: the
 * person signed in, or picked this session, for this request.
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

/** Returns the businesses that this app may act for: those of the directory that owns it, and only the one that it is registered for. */
export function businessesFor(
  { directoryUid, businessUid }: Pick<App, 'directoryUid' | 'businessUid'>,
  memberships: readonly Membership[],
): Membership[] {
  return memberships.filter(
    (each) =>
      (directoryUid === null || each.directoryUid === directoryUid) &&
      (businessUid === null || each.businessUid === businessUid),
  )
}

/** Returns the business that the request is for: the chosen one, else the requested one, else the only one of the person. */
export function businessOf(
  request: AuthorizationRequest,
  chosen: string | null,
  memberships: readonly Membership[],
): Membership | undefined {
  const among = (uid: string) => memberships.find((each) => each.businessUid === uid)
  if (chosen !== null) return among(chosen)
  // A requested business of which the person is not staff is never replaced by another.
  if (request.businessUid !== null) return among(request.businessUid)
  return memberships.length === 1 ? memberships[0] : undefined
}
