/** The claims about a person, by the scope that covers them (OpenID Connect Core §5.4). */
export const CLAIMS_OF_SCOPES: Readonly<Record<string, readonly string[]>> = {
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
  groups: ['groups'],
}
const SCOPE_OF = new Map(
  Object.entries(CLAIMS_OF_SCOPES).flatMap(([scope, names]) => names.map((name) => [name, scope])),
)

/** The names of all claims about a person. */
export const PERSONAL_CLAIMS: readonly string[] = [...SCOPE_OF.keys()]

/** The scope that covers a claim; undefined when none does. */
export function scopeOfClaim(name: string): string | undefined {
  return SCOPE_OF.get(name)
}

/** The names of the claims about the business that a person acts for. Every app may have them. */
export const BUSINESS_CLAIMS: readonly string[] = [
  ...['type', 'role', 'roles', 'business_id', 'business_uid', 'business_name', 'directory_uid'],
]

/**
 * The claims that a JWT access token can have besides the required ones, with the meaning that they have at introspection (RFC 9068 §2.2.2,
 * §2.2.3.1).
 */
export const TOKEN_CLAIMS: readonly string[] = ['username', 'roles', 'business_name', 'type']
