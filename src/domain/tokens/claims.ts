import type { App } from '../../store/nouns/apps.ts'
import type { Principal } from '../../store/nouns/chains.ts'
import type { RequestedClaims } from '../../store/nouns/codes.ts'
import type { Profile } from '../../store/nouns/people.ts'
import { scopeOfClaim } from './claim-names.ts'
import { groupOf } from './groups-template.ts'
import type { Scopes } from './scopes.ts'

/** The claims that the description of `openid` includes, so that they need no other scope if they are requested by name. */
export const CLAIMS_WITH_OPENID: readonly string[] = ['name', 'email', 'email_verified']

/**
 * Returns the scopes that a person is asked to allow: those of the request, and those that cover the claims it requests by name. A consent is
 * stored with these scopes, so that a new claim asks again.
 */
export function requestedScopes(request: {
  scopes: readonly string[]
  claims: RequestedClaims | null
}): readonly string[] {
  const { scopes, claims } = request
  if (!claims) return scopes
  const names = [...Object.keys(claims.id_token ?? {}), ...Object.keys(claims.userinfo ?? {})]
  const isIncluded = (claim: string) => scopes.includes('openid') && CLAIMS_WITH_OPENID.includes(claim)
  const covering = names.flatMap((name) => (isIncluded(name) ? [] : (scopeOfClaim(name) ?? [])))
  return [...new Set([...scopes, ...covering])]
}

/** Returns the `acr` values of which the app needs one; undefined if it needs none (OpenID Connect Core §5.5.1.1). */
export function essentialAcrs(claims: RequestedClaims | null): readonly string[] | undefined {
  const requested = claims?.id_token?.acr
  return requested?.essential ? (requested.values as readonly string[]) : undefined
}

/** Returns the `sub` values that the app accepts; undefined if it accepts any (OpenID Connect Core §5.5.1). */
export function requestedSubjects(claims: RequestedClaims | null): readonly string[] | undefined {
  return (claims?.id_token?.sub?.values ?? claims?.userinfo?.sub?.values) as readonly string[] | undefined
}

/** Whether an app may know the email address. Apps that the platform registered get it with `openid`, which they rely on. */
export function mayKnowEmail(scopes: readonly string[], origin: App['origin']): boolean {
  return scopes.includes('email') || (origin === 'platform' && scopes.includes('openid'))
}

/** Returns the claims that scopes give an app (OpenID Connect Core §5.4). */
export function grantedClaims(scopes: readonly string[], origin: App['origin'], catalogue: Scopes): string[] {
  const names = scopes.flatMap(catalogue.claimsOf)
  return mayKnowEmail(scopes, origin) ? [...names, 'email'] : names
}

/**
 * Returns those claims with one of these names that have a value, about the person and about the business they act for. The email address
 * replaces a missing `preferred_username` only if the app may know it.
 */
export function claimsAbout(
  principal: Principal,
  names: readonly string[],
  { knowsEmail, groupsTemplate }: { knowsEmail: boolean; groupsTemplate: string | undefined },
): Record<string, unknown> {
  const { role, businessUid, email, profileJson } = principal
  const due = new Set(names)
  // Together, so that no app takes an unverified address for a verified one.
  if (due.has('email')) due.add('email_verified')
  const known: Record<string, unknown> = {
    type: 'staff',
    role,
    email,
    name: principal.name,
    business_id: businessUid,
    business_uid: businessUid,
    business_name: principal.businessName,
    directory_uid: principal.directoryUid,
    roles: [role],
    groups: due.has('groups') ? [groupOf(principal, groupsTemplate)] : undefined,
    email_verified: principal.emailVerified,
    ...(knowsEmail || due.has('email') ? { preferred_username: email } : {}),
    ...(profileJson === null ? {} : (JSON.parse(profileJson) as Profile)),
  }
  // The first check of every token makes its claims, and a loop takes a quarter of the time of filtered entries.
  const claims: Record<string, unknown> = {}
  for (const name in known) if (due.has(name)) claims[name] = known[name]
  return claims
}
