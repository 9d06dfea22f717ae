import { SIGNING_ALGORITHMS } from '../../domain/keys.ts'
import type { Incoming } from '../../http/incoming.ts'
import { sharedJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { CHALLENGE_METHODS } from '../checks/pkce.ts'
import { CLIENT_METHODS } from '../client/authenticate.ts'
import { GRANT_TYPES } from '../grants/index.ts'

/** RFC 8414 §3 and OpenID Connect Discovery §4: what this server can do, derived from the lists it works by. */
export function metadata(_: Incoming, { config, scopes }: Site): Response {
  const at = (path: string) => `${config.issuer}${path}`
  const body = {
    issuer: config.issuer,
    authorization_endpoint: at('/oauth/authorize'),
    token_endpoint: at('/oauth/token'),
    userinfo_endpoint: at('/oauth/userinfo'),
    jwks_uri: at('/oauth/jwks'),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: GRANT_TYPES,
    token_endpoint_auth_methods_supported: CLIENT_METHODS,
    code_challenge_methods_supported: CHALLENGE_METHODS,
    scopes_supported: scopes.names,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
    claims_supported: [
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'at_hash',
      'sub',
      'type',
      'role',
      'name',
      'email',
      'business_id',
      'business_uid',
      'business_name',
      'directory_uid',
      'brand_host',
      'brand_theme',
    ],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
  }
  return sharedJson(body, 300)
}
