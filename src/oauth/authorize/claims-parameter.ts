import { repeatedName } from '../../http/repeated-name.ts'
import { isRecord, parseJson } from '../../kit/json.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { RequestedClaim, RequestedClaims } from '../../store/nouns/codes.ts'
import { CLAIMS_WITH_VALUES, isClaimAllowed } from '../checks/still-allowed-claims.ts'
import { refuse } from '../errors/refusals.ts'

const MAX_CLAIMS = 50
const MAX_VALUES = 10

/**
 * Reads the `claims` parameter (OpenID Connect Core §5.5): the claims that the app requests by name, in the ID token and at userinfo.
 * Refuses a wrong form. Unknown claims, and those that the app may not ask for, are left out, as if the person had none.
 */
export function readClaimsParameter(
  text: string,
  scopes: readonly string[],
  app: App,
  site: Site,
): RequestedClaims | null {
  const members = readMembers(parse(text), 'The claims parameter')
  const requested: RequestedClaims = {}
  for (const place of ['id_token', 'userinfo'] as const) {
    if (!members.has(place)) continue
    const claims = readMembers(members.get(place), `The member ${place} of claims`)
    if (claims.size > MAX_CLAIMS) refuse('claims.too-many', { place, most: MAX_CLAIMS })
    const known = [...claims].flatMap(([name, value]) => {
      const claim = isClaimAllowed(name, scopes, app, site) ? readRequested(name, value) : undefined
      return claim === undefined ? [] : [[name, claim] as const]
    })
    if (known.length > 0) requested[place] = Object.fromEntries(known)
  }
  return requested.id_token || requested.userinfo ? requested : null
}

function parse(text: string): unknown {
  const value = parseJson(text)
  if (value === undefined) refuse('claims.not-json')
  if (repeatedName(text) !== undefined) refuse('claims.repeated')
  return value
}

/** Returns a Map, so that `__proto__` is an ordinary name. */
function readMembers(value: unknown, what: string): Map<string, unknown> {
  if (isRecord(value)) return new Map(Object.entries(value))
  return refuse('claims.not-an-object', { what })
}

/** Returns the parts of a requested claim that count, or undefined if none do. */
function readRequested(name: string, value: unknown): RequestedClaim | undefined {
  const members = value === null ? new Map<string, unknown>() : readMembers(value, `The claim ${name}`)
  const essential = members.get('essential') ?? false
  if (typeof essential !== 'boolean') refuse('claims.essential', { name })
  const several = members.get('values') ?? []
  if (!Array.isArray(several) || several.length > MAX_VALUES) refuse('claims.values', { name, most: MAX_VALUES })
  if (!CLAIMS_WITH_VALUES.includes(name)) return null
  const values = members.has('value') ? [members.get('value')] : several
  if (!values.every((value) => typeof value === 'string' && /^[\x21-\x7E]{1,255}$/.test(value)))
    refuse('claims.value', { name })
  return values.length === 0 ? undefined : { essential, values }
}
