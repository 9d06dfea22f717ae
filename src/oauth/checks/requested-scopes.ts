import { readScope } from '../../domain/tokens/scopes.ts'
import { refuse } from '../errors/refusals.ts'

/** Returns the names of a `scope` parameter (RFC 6749 §3.3). Undefined if it was not sent, or is blank. */
export function readRequestedScopes(text: string | undefined): readonly string[] | undefined {
  const names = text === undefined ? [] : (readScope(text) ?? refuse('scope.malformed'))
  return names.length > 0 ? names : undefined
}
