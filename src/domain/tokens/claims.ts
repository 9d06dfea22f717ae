import type { Principal } from '../../store/nouns/chains.ts'
import type { RequestedClaim, RequestedClaims } from '../../store/nouns/codes.ts'
import type { Profile } from '../../store/nouns/people.ts'

/** The claims about a person, by the scope that covers them (OpenID Connect Core §5.4). */
const SCOPES: Record<string, readonly string[]> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
}
const SCOPE_OF = new Map(Object.entries(SCOPES).flatMap(([scope, names]) => names.map((name) => [name, scope])))

/** The names of all claims of a person. */
export const PERSONAL_CLAIMS: readonly string[] = [...SCOPE_OF.keys()]

/** The scope that covers a claim; undefined when none does. */
export function scopeOfClaim(name: string): string | undefined {
  return SCOPE_OF.get(name)
}

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
  // Name and email come with `openid` as well.
  const isIncluded = (claim: string) => scopes.includes('openid') && (claim === 'name' || claim === 'email')
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

/**
 * Returns the claims about who acts and for which business, which ID tokens, userinfo and introspection share. Name and email are only for an app
 * that may see who the person is. `subject` is the `sub` of the person for this app.
 */
export function principalClaims(
  principal: Principal,
  scopes: readonly string[],
  subject: string,
): Record<string, unknown> {
  const claims: Record<string, string> = { sub: subject, type: 'staff', role: principal.role }
  if (scopes.includes('openid') || scopes.includes('email')) claims.email = principal.email
  if (scopes.includes('openid') || scopes.includes('profile')) claims.name = principal.name
  claims.business_id = principal.businessUid
  claims.business_uid = principal.businessUid
  claims.business_name = principal.businessName
  claims.directory_uid = principal.directoryUid
  return claims
}

/** Returns the claims about the person that a scope covers or that were requested by name (OpenID Connect Core §5.4, §5.5). */
export function personalClaims(
  principal: Principal,
  scopes: readonly string[],
  requested?: Record<string, RequestedClaim>,
): Record<string, unknown> {
  const { name, email, emailVerified, profileJson } = principal
  const known: Record<string, unknown> = { name, email, email_verified: emailVerified }
  // Parsed only if it exists: most people have no profile, and userinfo is requested often.
  if (profileJson !== null) Object.assign(known, JSON.parse(profileJson) as Profile)
  const claims: Record<string, unknown> = {}
  for (const claim in known) {
    const isDue = (requested !== undefined && Object.hasOwn(requested, claim)) || scopes.includes(SCOPE_OF.get(claim)!)
    if (isDue) claims[claim] = known[claim]
  }
  return claims
}
