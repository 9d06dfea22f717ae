import { refuse } from '../errors/error.ts'
import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'
import { refreshToken } from './refresh-token.ts'

const GRANTS: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials]

/** The grant types there are, by the names that metadata uses (RFC 8414 §2). */
export const GRANT_TYPES = GRANTS.map((grant) => grant.type)

export function grantFor(type: string): Grant {
  const found = GRANTS.find((grant) => grant.type === type)
  return (
    found ??
    refuse('unsupported_grant_type', `The grant_type must be one of: ${GRANT_TYPES.join(', ')}.`, {
      field: 'grant_type',
    })
  )
}
