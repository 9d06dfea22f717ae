import { z } from 'zod'
import { repeatedName } from '../../http/repeated-name.ts'
import { parseJson } from '../../kit/json.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { RequestedClaim, RequestedClaims } from '../../store/nouns/codes.ts'
import { CLAIMS_WITH_VALUES, isClaimAllowed } from '../checks/still-allowed-claims.ts'
import { refuse } from '../errors/refusals.ts'

const MAX_CLAIMS = 50
const MAX_VALUES = 10

/** The claims of one place. zod leaves out `__proto__`, like a claim that does not exist. */
const Place = z
  .record(z.string(), z.unknown())
  .refine((claims) => Object.keys(claims).length <= MAX_CLAIMS)
  .optional()
const Parameter = z.object({ id_token: Place, userinfo: Place })
const Claim = z
  .object({
    essential: z.boolean().nullish(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).max(MAX_VALUES).nullish(),
  })
  .nullable()
const Values = z.array(z.string().regex(/^[\x21-\x7E]{1,255}$/))

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
  const members = readMembers(text)
  const requested: RequestedClaims = {}
  for (const place of ['id_token', 'userinfo'] as const) {
    const known = Object.entries(members[place] ?? {}).flatMap(([name, value]) => {
      const claim = isClaimAllowed(name, scopes, app, site) ? readRequested(name, value) : undefined
      return claim === undefined ? [] : [[name, claim] as const]
    })
    if (known.length > 0) requested[place] = Object.fromEntries(known)
  }
  return requested.id_token || requested.userinfo ? requested : null
}

function readMembers(text: string): z.output<typeof Parameter> {
  const value = parseJson(text)
  if (value === undefined) refuse('claims.not-json')
  if (repeatedName(text) !== undefined) refuse('claims.repeated')
  const { data, error } = Parameter.safeParse(value)
  if (data) return data
  const [{ code, path }] = error.issues as [z.core.$ZodIssue]
  const place = path[0] === undefined ? undefined : String(path[0])
  if (place !== undefined && code === 'custom') refuse('claims.too-many', { place, most: MAX_CLAIMS })
  return refuse('claims.not-an-object', { what: place ? `The member ${place} of claims` : 'The claims parameter' })
}

/** Returns the parts of a requested claim that count, or undefined if none do. */
function readRequested(name: string, value: unknown): RequestedClaim | undefined {
  const { data, error } = Claim.safeParse(value)
  const member = error?.issues[0]?.path[0]
  if (member === 'essential') refuse('claims.essential', { name })
  if (member === 'values') refuse('claims.values', { name, most: MAX_VALUES })
  if (error) refuse('claims.not-an-object', { what: `The claim ${name}` })
  if (!CLAIMS_WITH_VALUES.includes(name)) return null
  const { data: values } = Values.safeParse(data?.value === undefined ? (data?.values ?? []) : [data.value])
  if (!values) return refuse('claims.value', { name })
  return values.length === 0 ? undefined : { essential: data?.essential ?? false, values }
}
