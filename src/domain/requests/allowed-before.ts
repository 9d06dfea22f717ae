import type { Consent, Install } from '../../store/nouns/installs.ts'
import { requestedScopes } from '../tokens/claims.ts'
import { type AuthorizationRequest, requestedPermission } from './authorization-request.ts'

/**
 * Returns the scopes of a request that the person already allowed, for each of its resources. A consent counts only while the business has the
 * same install.
 */
export function allowedBefore(
  request: Pick<AuthorizationRequest, 'scopes' | 'claims' | 'resources'>,
  install: Install | undefined,
  consent: Consent | undefined,
): string[] {
  if (!install || consent?.installUid !== install.uid) return []
  const isAllowed = (scope: string) =>
    requestedPermission({ ...request, scopes: [scope], claims: null }).every((name) => consent.scopes.includes(name))
  return requestedScopes(request).filter(isAllowed)
}
