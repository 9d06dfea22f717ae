/** The ways to authenticate that an app may register (RFC 7591 §2). */
export const AUTH_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
] as const
/** What an app may sign its assertions with (RFC 7518 §3.1): with a key of its own, or with its secret. */
export const SECRET_ALGORITHMS = ['HS256'] as const
export const ASSERTION_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const
/** The grants that an app may register for, and those that need a person's consent. Apps that register themselves get only these. */
export const PERSONAL_GRANTS: readonly string[] = ['authorization_code', 'refresh_token']
export const REGISTRABLE_GRANTS: readonly string[] = [...PERSONAL_GRANTS, 'client_credentials']

/** What an authorization request may ask for: a code, and nothing that would go through a browser (RFC 9700 §2.1.2). */
export const RESPONSE_TYPES: readonly string[] = ['code']
/** The kinds of `sub` that an app may have (OpenID Connect Core §8). */
export const SUBJECT_TYPES = ['public', 'pairwise'] as const
