/** The authentication methods that an app may register (RFC 7591 §2). */
export const AUTH_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
] as const
/** The algorithms for signed assertions (RFC 7518 §3.1): with the secret of an app, or with its own key. */
export const SECRET_ALGORITHMS = ['HS256'] as const
export const ASSERTION_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const
/** The grants that need a person's consent, and all that an app may register for. Apps that describe themselves get only the first. */
export const PERSONAL_GRANTS: readonly string[] = ['authorization_code', 'refresh_token']
export const REGISTRABLE_GRANTS: readonly string[] = [...PERSONAL_GRANTS, 'client_credentials']

/** The response types: only a code, because tokens must not pass through a browser (RFC 9700 §2.1.2). */
export const RESPONSE_TYPES: readonly string[] = ['code']
/** The kinds of `sub` that an app may have (OpenID Connect Core §8). */
export const SUBJECT_TYPES = ['public', 'pairwise'] as const

/** The parameters of authorization responses, in every response mode. */
export const RESPONSE_PARAMETERS = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response']
