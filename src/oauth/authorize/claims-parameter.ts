import { askedScopes, scopeOfClaim } from '../../domain/tokens/claims.ts'
import { repeatedName } from '../../http/repeated-name.ts'
import type { ClaimWish, ClaimWishes } from '../../store/nouns/codes.ts'
import { refuse } from '../errors/error.ts'

const LONGEST = 4096
const MOST_CLAIMS = 50
const MOST_VALUES = 10

/** The claims whose wished value counts: who it has to be, and how firmly they have to prove it. */
const VALUED: readonly string[] = ['sub', 'acr']

/**
 * The `claims` parameter (OpenID Connect Core §5.5): which claims the app wants by name, in the ID token and at userinfo. What has not
 * the form of it is refused; claims that we do not know, or that the app may not ask for, are left out, as if the person had none.
 */
export function readClaims(
  text: string | undefined,
  scopes: readonly string[],
  mayAsk: (scope: string) => boolean,
): ClaimWishes | null {
  if (text === undefined) return null
  const asked = readMembers(parse(text), 'The claims parameter')
  const wishes: ClaimWishes = {}
  for (const place of ['id_token', 'userinfo'] as const) {
    if (!asked.has(place)) continue
    const members = readMembers(asked.get(place), `The member ${place} of claims`)
    if (members.size > MOST_CLAIMS) malformed(`The member ${place} of claims asks for more than ${MOST_CLAIMS} claims.`)
    const known = [...members].flatMap(([name, value]) => {
      const wish = isAllowed(name, scopes, mayAsk) ? readWish(name, value) : undefined
      return wish === undefined ? [] : [[name, wish] as const]
    })
    if (known.length > 0) wishes[place] = Object.fromEntries(known)
  }
  return wishes.id_token || wishes.userinfo ? wishes : null
}

/** The values of `sub` that the app will have nobody else for, or undefined (OpenID Connect Core §5.5.1). */
export function wishedSubjects(claims: ClaimWishes | null): readonly string[] | undefined {
  return (claims?.id_token?.sub?.values ?? claims?.userinfo?.sub?.values) as readonly string[] | undefined
}

function parse(text: string): unknown {
  if (text.length > LONGEST) malformed(`The claims parameter is longer than ${LONGEST} characters.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    malformed('The claims parameter is not valid JSON.')
  }
  if (repeatedName(text) !== undefined) malformed('The claims parameter names the same member twice; name it once.')
  return value
}

/** A Map, so that `__proto__` is a name like any other. */
function readMembers(value: unknown, what: string): Map<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value))
  return malformed(`${what} must be a JSON object.`)
}

/** Whether it is a claim that we know, and one that the app may ask for. */
export function isAllowed(name: string, scopes: readonly string[], mayAsk: (scope: string) => boolean): boolean {
  if (VALUED.includes(name)) return true
  if (scopeOfClaim(name) === undefined) return false
  return askedScopes({ scopes, claims: { userinfo: { [name]: null } } }).every(mayAsk)
}

/** What of a wish counts; undefined for one that changes nothing. */
function readWish(name: string, wish: unknown): ClaimWish | undefined {
  const members = wish === null ? new Map<string, unknown>() : readMembers(wish, `The claim ${name}`)
  const essential = members.get('essential') ?? false
  if (typeof essential !== 'boolean') malformed(`The member essential of the claim ${name} must be true or false.`)
  const several = members.get('values') ?? []
  if (!Array.isArray(several) || several.length > MOST_VALUES)
    malformed(`The member values of the claim ${name} must be a list of at most ${MOST_VALUES}.`)
  if (!VALUED.includes(name)) return null
  const values = members.has('value') ? [members.get('value')] : several
  if (!values.every((value) => typeof value === 'string' && /^[\x21-\x7E]{1,255}$/.test(value)))
    malformed(`A wished value of the claim ${name} must be a text of at most 255 printable characters.`)
  return values.length === 0 ? undefined : { essential, values }
}

function malformed(sentence: string): never {
  refuse('invalid_request', sentence, { field: 'claims' })
}
