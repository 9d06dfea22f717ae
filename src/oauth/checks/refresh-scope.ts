import { readScope } from '../../domain/tokens/scopes.ts'
import { printable } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'

/**
 * What the next access token shall allow (RFC 6749 §6): what was granted, or less where the app asks for less; never more. What the app is
 * no longer registered for is left out when it asks for nothing in particular, and refused when it asks for just that.
 */
export function readRefreshScope(
  text: string | undefined,
  granted: readonly string[],
  app: App,
  { scopes }: Pick<Site, 'scopes'>,
): readonly string[] {
  if (text === undefined) {
    const left = scopes.stillAllowed(app, granted)
    if (left.length > 0) return left
    refuse('refresh-scope.none-left')
  }
  const asked = readScope(text)
  if (!asked) refuse('scope.malformed')
  for (const name of asked) {
    if (!granted.includes(name))
      refuse('refresh-scope.not-granted', { scope: printable(name), granted: granted.join(' ') })
    if (!scopes.mayAsk(app, name)) refuse('scope.withdrawn', { scope: printable(name) })
  }
  // In the order in which they were granted: the same scopes are then the same text.
  return granted.filter((name) => asked.includes(name))
}
