import type { Principal } from '../../store/nouns/chains.ts'
import type { ResourceServer } from '../../store/nouns/resources.ts'
import { TOKEN_CLAIMS } from './claim-names.ts'
import { claimsAbout } from './claims.ts'

/**
 * Returns the claims of `TOKEN_CLAIMS` for a JWT access token of a resource, or of the platform's own API. By default, tokens for APIs of the
 * platform have all of them. Tokens for APIs of others have none, because everyone who holds such a token can read it.
 */
export function tokenClaims(
  resource: Pick<ResourceServer, 'directoryUid' | 'tokenClaims'> | undefined,
  principal: Principal | undefined,
  knowsEmail: boolean,
): Record<string, unknown> {
  const names = resource ? (resource.tokenClaims ?? (resource.directoryUid === null ? TOKEN_CLAIMS : [])) : TOKEN_CLAIMS
  if (!principal) return names.includes('type') ? { type: 'app' } : {}
  return {
    ...(knowsEmail && names.includes('username') ? { username: principal.email } : {}),
    ...claimsAbout(principal, names, { knowsEmail: false, groupsTemplate: undefined }),
  }
}
