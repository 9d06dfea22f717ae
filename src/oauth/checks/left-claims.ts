import type { Site } from '../../site.ts'
import type { ClaimWish } from '../../store/nouns/codes.ts'
import { isAllowed } from '../authorize/claims-parameter.ts'

/** Of the claims that were asked for by name those that the app may still have: each goes with the scope that covers it. */
export function leftClaims(
  wishes: Record<string, ClaimWish>,
  granted: readonly string[],
  app: { scopes: readonly string[] },
  { scopes }: Pick<Site, 'scopes'>,
): Record<string, ClaimWish> {
  const mayAsk = (scope: string) => scopes.mayAsk(app, scope)
  return Object.fromEntries(Object.entries(wishes).filter(([name]) => isAllowed(name, granted, mayAsk)))
}
