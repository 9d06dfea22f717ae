import { SUBJECT_TYPES } from '../../domain/apps/app-protocol.ts'
import { SIGNING_ALGORITHMS } from '../../domain/keys/signing-algorithms.ts'
import { ACR_VALUES } from '../../domain/people/session.ts'
import { PERSONAL_CLAIMS } from '../../domain/tokens/claims.ts'
import { DISPLAYS } from '../authorize/parameters.ts'

/** The claims in ID tokens and at userinfo, including our own. */
const CLAIMS = [
  'iss',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'at_hash',
  'sid',
  'sub',
  'type',
  'role',
  ...PERSONAL_CLAIMS,
  'business_id',
  'business_uid',
  'business_name',
  'directory_uid',
  'brand_host',
  'brand_theme',
]

/** The metadata about ID tokens (OpenID Connect Discovery §3). */
export const openidMetadata = {
  subject_types_supported: SUBJECT_TYPES,
  id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
  claim_types_supported: ['normal'],
  claims_supported: CLAIMS,
  claims_parameter_supported: true,
  acr_values_supported: ACR_VALUES,
  display_values_supported: DISPLAYS,
}
