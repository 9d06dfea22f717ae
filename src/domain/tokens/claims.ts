import type { Holder } from '../../store/nouns/chains.ts'
import type { ClaimWish } from '../../store/nouns/codes.ts'
import type { Profile } from '../../store/nouns/people.ts'

/** The claims that are told of a person, by the scope that each belongs to (OpenID Connect Core §5.4). */
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

/** The scope that a claim belongs to; undefined for one that no scope speaks of. */
export function scopeOfClaim(name: string): string | undefined {
  return SCOPE_OF.get(name)
}

/**
 * Who acts, and for which business, in the platform's own claims. They say the same in the ID token and at userinfo; name and e-mail
 * are told only to an app that may see who the person is. `subject` is whom this app knows them as.
 */
export function holderClaims(holder: Holder, scopes: readonly string[], subject: string): Record<string, unknown> {
  const claims: Record<string, string> = { sub: subject, type: 'staff', role: holder.role }
  if (scopes.includes('openid') || scopes.includes('email')) claims.email = holder.email
  if (scopes.includes('openid') || scopes.includes('profile')) claims.name = holder.name
  claims.business_id = holder.businessUid
  claims.business_uid = holder.businessUid
  claims.business_name = holder.businessName
  claims.directory_uid = holder.directoryUid
  return claims
}

/** What else is known of the person, as far as a scope covers it or it was asked for by name (OpenID Connect Core §5.4, §5.5). */
export function personalClaims(
  holder: Holder,
  scopes: readonly string[],
  wishes?: Record<string, ClaimWish>,
): Record<string, unknown> {
  const { name, email, emailVerified, profileJson } = holder
  const known: Record<string, unknown> = { name, email, email_verified: emailVerified }
  // Most people have none, and userinfo is asked often.
  if (profileJson !== null) Object.assign(known, JSON.parse(profileJson) as Profile)
  const told: Record<string, unknown> = {}
  for (const claim in known) {
    const isDue = (wishes !== undefined && Object.hasOwn(wishes, claim)) || scopes.includes(SCOPE_OF.get(claim)!)
    if (isDue) told[claim] = known[claim]
  }
  return told
}
