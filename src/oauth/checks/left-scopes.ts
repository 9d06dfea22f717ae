import type { Site } from '../../site.ts'

/** What a token still allows of what it was given: a scope that its app may no longer ask for is over. */
export function leftScopes(
  given: readonly string[],
  { appScopes }: { appScopes: readonly string[] },
  { scopes }: Pick<Site, 'scopes'>,
): readonly string[] {
  const app = { scopes: appScopes }
  // Nearly always all of it.
  return given.every((name) => scopes.mayAsk(app, name)) ? given : given.filter((name) => scopes.mayAsk(app, name))
}
