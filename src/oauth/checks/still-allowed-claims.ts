import { BUSINESS_CLAIMS, scopeOfClaim } from '../../domain/tokens/claim-names.ts'
import { requestedScopes } from '../../domain/tokens/claims.ts'
import type { Asker } from '../../domain/tokens/scopes.ts'
import type { Site } from '../../site.ts'
import type { RequestedClaim } from '../../store/nouns/codes.ts'

/** The claims whose requested values count: which person, and how they authenticate. */
export const CLAIMS_WITH_VALUES: readonly string[] = ['sub', 'acr']

/** Returns the requested claims that the app may still have. A claim about the person needs the scope that covers it. */
export function stillAllowedClaims(
  requested: Record<string, RequestedClaim>,
  granted: readonly string[],
  app: Asker,
  site: Pick<Site, 'scopes'>,
): Record<string, RequestedClaim> {
  return Object.fromEntries(Object.entries(requested).filter(([name]) => isClaimAllowed(name, granted, app, site)))
}

/** Whether this server knows the claim and the app may ask for it. */
export function isClaimAllowed(
  name: string,
  scopes: readonly string[],
  app: Asker,
  site: Pick<Site, 'scopes'>,
): boolean {
  if (CLAIMS_WITH_VALUES.includes(name) || BUSINESS_CLAIMS.includes(name)) return true
  if (scopeOfClaim(name) === undefined) return false
  const names = requestedScopes({ scopes, claims: { userinfo: { [name]: null } } })
  return site.scopes.findForbidden(app, names) === undefined
}
