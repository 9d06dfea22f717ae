import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import { checkClaims } from './assertion-claims.ts'
import { refuseAssertion } from './refuse-assertion.ts'

/** A statement that an app signed to say who it is (RFC 7523 §2.2), understood but not verified. */
export interface Assertion {
  jwt: string
  alg: string
  kid: string | undefined
  clientId: string
  jti: string
  expiresAt: number
}

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const LONGEST = 8192
/** Whoever sends its key along, or says where it lies, would have us believe anybody. */
const FOREIGN_KEYS = ['jwk', 'jku', 'x5u']
/** A token that was made for something else says so here (RFC 8725 §3.11). */
const TYPES = ['jwt', 'client-authentication+jwt']

/** Whether the request tries to prove who it is by a signed statement. */
export function hasAssertion(form: Params): boolean {
  return form.get('client_assertion') !== undefined || form.get('client_assertion_type') !== undefined
}

/** The algorithm that the statement says it is signed with; undefined when that cannot be read. */
export function assertionAlgorithm(form: Params): unknown {
  const jwt = form.get('client_assertion')
  return jwt === undefined || jwt.length > LONGEST ? undefined : decode(jwt)?.header.alg
}

/** Reads a statement, and refuses what could not be right whichever app it is of. The signature is for the method to verify. */
export function readAssertion(
  incoming: Incoming,
  form: Params,
  algorithms: readonly string[],
  site: Site,
): { clientId: string; assertion: Assertion } {
  const jwt = form.need('client_assertion')
  if (form.need('client_assertion_type') !== TYPE) refuseAssertion(`client_assertion_type must be ${TYPE}`)
  if (jwt.length > LONGEST) refuseAssertion(`client_assertion has more than ${LONGEST} characters`)
  const decoded = decode(jwt)
  if (!decoded)
    return refuseAssertion('client_assertion must be a signed JWT: three parts in base64url, joined by dots')
  const { header, claims } = decoded
  const alg = checkHeader(header, algorithms)
  const { clientId, jti, expiresAt } = checkClaims(claims, incoming, site)
  const named = form.get('client_id')
  if (named !== undefined && named !== clientId)
    refuseAssertion('the client_id in the body is not the sub of client_assertion')
  return { clientId, assertion: { jwt, alg, kid: header.kid, clientId, jti, expiresAt } }
}

function checkHeader(header: ProtectedHeaderParameters, algorithms: readonly string[]): string {
  const { alg, kid, typ } = header
  const known = algorithms.find((each) => each === alg)
  if (!known) return refuseAssertion(`client_assertion must be signed with ${algorithms.join(', ')}`)
  if (header.crit !== undefined || header.b64 !== undefined)
    refuseAssertion('client_assertion has a header that is not understood')
  const foreign = FOREIGN_KEYS.find((name) => header[name as keyof typeof header] !== undefined)
  if (foreign) refuseAssertion(`client_assertion has the header ${foreign}, but only registered keys count`)
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > 200))
    refuseAssertion('the kid of client_assertion must be a text of at most 200 characters')
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined
  if (typ !== undefined && !TYPES.includes(type ?? ''))
    refuseAssertion('the typ of client_assertion must be JWT or client-authentication+jwt, or be left out')
  return known
}

function decode(jwt: string): { header: ProtectedHeaderParameters; claims: JWTPayload } | undefined {
  try {
    return { header: decodeProtectedHeader(jwt), claims: decodeJwt(jwt) }
  } catch {
    return undefined
  }
}
