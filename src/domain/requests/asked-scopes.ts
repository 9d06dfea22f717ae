import { scopeOfClaim } from '../tokens/claims.ts'
import type { AuthorizationRequest } from './authorization-request.ts'

/**
 * What a person is asked to allow: the scopes of a request, and those that cover the claims it asks for by name, because they tell the app
 * the same. What was allowed is kept under these names too, so that a new claim asks again.
 */
export function askedScopes({ scopes, claims }: Pick<AuthorizationRequest, 'scopes' | 'claims'>): readonly string[] {
  if (!claims) return scopes
  const names = [...Object.keys(claims.id_token ?? {}), ...Object.keys(claims.userinfo ?? {})]
  const covering = names.flatMap((name) => (isTold(name, scopes) ? [] : (scopeOfClaim(name) ?? [])))
  return [...new Set([...scopes, ...covering])]
}

/** Name and e-mail come with `openid` as well. */
function isTold(claim: string, scopes: readonly string[]): boolean {
  return scopes.includes('openid') && (claim === 'name' || claim === 'email')
}
