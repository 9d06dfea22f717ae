import { readScope } from '../../domain/tokens/scopes.ts'
import { printable } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/error.ts'

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
    refuse('invalid_grant', 'The app is no longer registered for any of the scopes that were granted; begin again.')
  }
  const asked = readScope(text)
  if (!asked) refuse('invalid_scope', 'The scope must be names separated by single spaces.', { field: 'scope' })
  for (const name of asked) {
    if (!granted.includes(name)) {
      const sentence = `The scope ${printable(name)} was not granted; leave it out, or send the person through the authorization again. Granted was: ${granted.join(' ')}.`
      refuse('invalid_scope', sentence, { field: 'scope' })
    }
    if (!scopes.mayAsk(app, name))
      refuse('invalid_scope', `The scope ${printable(name)} is no longer registered for this app.`, { field: 'scope' })
  }
  // In the order in which they were granted: the same scopes are then the same text.
  return granted.filter((name) => asked.includes(name))
}
