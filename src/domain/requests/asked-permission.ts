import { askedScopes } from '../tokens/claims.ts'
import type { AuthorizationRequest } from './authorization-request.ts'

/**
 * All that a yes is about, as names to be kept: what is asked for, and where that may be used. What was allowed for one resource (RFC 8707)
 * is not allowed for another.
 */
export function askedPermission(
  request: Pick<AuthorizationRequest, 'scopes' | 'claims' | 'resources'>,
): readonly string[] {
  const names = askedScopes(request)
  if (request.resources.length === 0) return names
  // No scope holds a space, so none of these names can be taken for a scope.
  return request.resources.flatMap((resource) => ['', ...names].map((name) => `${name} ${resource}`))
}
