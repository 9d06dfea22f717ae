import { printable } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'
import { readRequestedScopes } from './requested-scopes.ts'

/**
 * Returns the scopes of the next access token (RFC 6749 §6): the granted ones, or fewer if the app asks for fewer. A scope that the app is
 * no longer registered for is refused if the app asks for it, and left out otherwise.
 */
export function readRefreshScope(
  text: string | undefined,
  granted: readonly string[],
  app: App,
  { scopes }: Pick<Site, 'scopes'>,
): readonly string[] {
  const requested = readRequestedScopes(text)
  if (requested === undefined) {
    const left = scopes.stillAllowed(app, granted)
    return left.length > 0 ? left : refuse('refresh-scope.none-left')
  }
  for (const name of requested) {
    if (!granted.includes(name))
      refuse('refresh-scope.not-granted', { scope: printable(name), granted: granted.join(' ') })
    if (!scopes.mayAsk(app, name)) refuse('scope.withdrawn', { scope: printable(name) })
  }
  // In the granted order, so that equal scopes are equal texts.
  return granted.filter((name) => requested.includes(name))
}
