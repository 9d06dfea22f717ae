import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import type { Incoming } from '../../http/incoming.ts'
import { Malformed, type Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import { refuse } from '../errors/error.ts'
import type { Presented } from './method.ts'

/** A client assertion as the form has it, decoded once. Nothing is checked yet. */
export interface SentAssertion {
  jwt: string | undefined
  type: string | undefined
  /** Undefined if it is not a JWT, or is too long for one. */
  decoded: { header: ProtectedHeaderParameters; claims: JWTPayload } | undefined
  /** Whether its header names an algorithm that signs and verifies with one secret. */
  isSymmetric: boolean
}

/** A JWT by which an app says who it is (RFC 7523 §2.2), checked except for its signature. */
export interface Assertion {
  jwt: string
  alg: string
  kid: string | undefined
  clientId: string
  jti: string
  /** Seconds since the epoch. */
  expiresAt: number
}

/** How far the clock of an app may differ from ours, in seconds. */
export const TOLERANCE_SECONDS = 30
/** How long an assertion may be valid, in seconds. Its `jti` is stored that long. */
const LONGEST_LIFETIME = 600
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const LONGEST = 8192
const LONGEST_JTI = 256
/** Headers that bring a key or say where it is. Only registered keys count. */
const FOREIGN_KEYS = ['jwk', 'jku', 'x5u']
/** The `typ` of a client assertion. A JWT made for something else says so there (RFC 8725 §3.11). */
const TYPES = ['jwt', 'client-authentication+jwt']

/** The client assertion of a form, or undefined if it has none. */
export function decodeAssertion(form: Params): SentAssertion | undefined {
  const jwt = form.get('client_assertion')
  const type = form.get('client_assertion_type')
  if (jwt === undefined && type === undefined) return undefined
  const decoded = jwt === undefined || jwt.length > LONGEST ? undefined : decode(jwt)
  const alg: unknown = decoded?.header.alg
  return { jwt, type, decoded, isSymmetric: typeof alg === 'string' && alg.startsWith('HS') }
}

/** Checks everything in an assertion that does not depend on the app: header and claims. The method verifies the signature. */
export function readAssertion(
  { assertion, clientId: named }: Presented,
  algorithms: readonly string[],
  incoming: Incoming,
  site: Site,
): { clientId: string; assertion: Assertion } {
  const { jwt, type, decoded } = assertion!
  if (jwt === undefined) throw new Malformed('The parameter client_assertion is missing.', 'client_assertion')
  if (type === undefined)
    throw new Malformed('The parameter client_assertion_type is missing.', 'client_assertion_type')
  if (type !== TYPE) refuseAssertion(`client_assertion_type must be ${TYPE}`)
  if (jwt.length > LONGEST) refuseAssertion(`client_assertion has more than ${LONGEST} characters`)
  if (!decoded) refuseAssertion('client_assertion must be a signed JWT: three parts in base64url, joined by dots')
  const { header, claims } = decoded
  const alg = checkHeader(header, algorithms)
  const { clientId, jti, expiresAt } = checkClaims(claims, incoming, site)
  if (named !== undefined && named !== clientId)
    refuseAssertion('the client_id in the body is not the sub of client_assertion')
  return { clientId, assertion: { jwt, alg, kid: header.kid, clientId, jti, expiresAt } }
}

function decode(jwt: string): SentAssertion['decoded'] {
  try {
    return { header: decodeProtectedHeader(jwt), claims: decodeJwt(jwt) }
  } catch {
    return undefined
  }
}

/** Returns the algorithm. */
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

/**
 * Checks the claims (RFC 7523 §3, OpenID Connect Core §9): `iss` and `sub` are the client id, `aud` is this server alone, `exp` is near,
 * and `jti` is there to recognize the assertion if it comes again.
 */
function checkClaims(
  claims: JWTPayload,
  incoming: Incoming,
  site: Site,
): { clientId: string; jti: string; expiresAt: number } {
  const { iss, sub, jti, exp, nbf, iat } = claims
  const now = site.clock.now()
  if (!isText(sub, 2000) || iss !== sub) refuseAssertion('iss and sub of client_assertion must both be the client_id')
  checkAudience(claims.aud, incoming, site)
  if (!isTime(exp)) return refuseAssertion('exp of client_assertion must be there, in seconds since 1970')
  if (exp + TOLERANCE_SECONDS <= now) refuseAssertion('client_assertion has expired; make a new one for every request')
  if (exp > now + LONGEST_LIFETIME + TOLERANCE_SECONDS)
    refuseAssertion(
      `exp of client_assertion must be at most ${LONGEST_LIFETIME} seconds from now; our clock says ${now}`,
    )
  for (const [name, value] of Object.entries({ nbf, iat })) {
    if (value === undefined) continue
    if (!isTime(value)) refuseAssertion(`${name} of client_assertion must be a time in seconds since 1970`)
    if ((value as number) > now + TOLERANCE_SECONDS)
      refuseAssertion(`${name} of client_assertion is in the future; our clock says ${now}, so set yours`)
  }
  if (!isText(jti, LONGEST_JTI))
    return refuseAssertion(`jti of client_assertion must be there, a text of at most ${LONGEST_JTI} characters`)
  return { clientId: sub as string, jti, expiresAt: Math.ceil(exp) }
}

/** Takes a single audience and no list: any other server in a list could use the assertion here as the app. */
function checkAudience(aud: unknown, { pathname }: Incoming, { config }: Site): void {
  const { issuer, strictAudience } = config
  if (aud === issuer) return
  const isOurs = aud === `${issuer}/oauth/token` || aud === `${issuer}${pathname}`
  if (isOurs && !strictAudience) return
  refuseAssertion(`aud of client_assertion must be ${issuer}, as a single text`)
}

function isText(value: unknown, most: number): value is string {
  return (
    typeof value === 'string' && value !== '' && value.length <= most && !value.includes('\0') && value.isWellFormed()
  )
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Says what is wrong with an assertion (RFC 7521 §4.2.1). */
function refuseAssertion(why: string): never {
  return refuse('invalid_client', `The app could not be authenticated: ${why}.`, { field: 'client_assertion' })
}
