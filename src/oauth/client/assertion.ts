import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { refusal as httpRefusal } from '../../http/refusals.ts'
import { uriKey } from '../../kit/uri-key.ts'
import type { Site } from '../../site.ts'
import { refuse } from '../errors/refusals.ts'
import type { Presented } from './method.ts'

/** The client assertion of a form, decoded but not checked. */
export interface SentAssertion {
  jwt: string | undefined
  type: string | undefined
  /** Undefined if it is not a JWT, or is too long for one. */
  decoded: { header: ProtectedHeaderParameters; claims: JWTPayload } | undefined
  /** Whether its header names an HMAC algorithm, which signs and verifies with one secret. */
  isSymmetric: boolean
}

/** A client assertion (RFC 7523 §2.2) that is checked except for its signature. */
export interface Assertion {
  jwt: string
  alg: string
  kid: string | undefined
  clientId: string
  jti: string
  /** Seconds since the epoch. */
  expiresAt: number
}

/** How far the clock of an app may differ from ours. */
export const TOLERANCE_SECONDS = 30
/** How long an assertion is valid at most. Its `jti` is stored that long. */
const MAX_LIFETIME_SECONDS = 600
/** The type of a JWT as client assertion (RFC 7523 §2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const MAX_LENGTH = 8192
const MAX_JTI_LENGTH = 256
/** Headers with a key or its URL, which are refused: only registered keys are accepted. */
const FOREIGN_KEYS = ['jwk', 'jku', 'x5u']
/** The accepted `typ` values. A JWT for another purpose has another `typ` (RFC 8725 §3.11). */
const TYPES = ['jwt', 'client-authentication+jwt']

/** Returns the client assertion of a form, or undefined if it has none. */
export function decodeAssertion(form: Params): SentAssertion | undefined {
  const jwt = form.get('client_assertion')
  const type = form.get('client_assertion_type')
  if (jwt === undefined && type === undefined) return undefined
  const decoded = jwt === undefined || jwt.length > MAX_LENGTH ? undefined : decode(jwt)
  const alg: unknown = decoded?.header.alg
  return { jwt, type, decoded, isSymmetric: typeof alg === 'string' && alg.startsWith('HS') }
}

/** Checks the header and the claims of an assertion. The authentication method verifies the signature. */
export function readAssertion(
  { assertion, clientId: named }: Presented,
  algorithms: readonly string[],
  incoming: Incoming,
  site: Site,
): { clientId: string; assertion: Assertion } {
  const { jwt, type, decoded } = assertion!
  if (jwt === undefined) throw httpRefusal('parameter.missing', { parameter: 'client_assertion' })
  if (type === undefined) throw httpRefusal('parameter.missing', { parameter: 'client_assertion_type' })
  if (type !== ASSERTION_TYPE) refuse('assertion.type', { type: ASSERTION_TYPE })
  if (jwt.length > MAX_LENGTH) refuse('assertion.too-long', { most: MAX_LENGTH })
  if (!decoded) refuse('assertion.malformed')
  const { header, claims } = decoded
  const alg = checkHeader(header, algorithms)
  const { clientId, jti, expiresAt } = checkClaims(claims, incoming, site)
  if (named !== undefined && named !== clientId) refuse('assertion.other-client')
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
  if (!known) return refuse('assertion.algorithm', { algorithms: algorithms.join(', ') })
  if (header.crit !== undefined || header.b64 !== undefined) refuse('assertion.critical')
  const foreign = FOREIGN_KEYS.find((name) => header[name as keyof typeof header] !== undefined)
  if (foreign) refuse('assertion.own-key', { header: foreign })
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > 200)) refuse('assertion.kid')
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined
  if (typ !== undefined && !TYPES.includes(type ?? '')) refuse('assertion.typ')
  return known
}

/**
 * Checks the claims (RFC 7523 §3, OpenID Connect Core §9): `iss` and `sub` are the client id, `aud` is only this server, its end is near, and
 * `jti` identifies the assertion if it comes again.
 */
function checkClaims(
  claims: JWTPayload,
  incoming: Incoming,
  site: Site,
): { clientId: string; jti: string; expiresAt: number } {
  const { iss, sub, jti, exp, nbf, iat } = claims
  const now = site.clock.now()
  if (!isText(sub, 2000) || iss !== sub) refuse('assertion.issuer')
  checkAudience(claims.aud, incoming, site)
  if (!isTime(exp)) refuse('assertion.no-exp')
  if (exp + TOLERANCE_SECONDS <= now) refuse('assertion.expired')
  for (const [name, value] of Object.entries({ nbf, iat })) {
    if (value === undefined) continue
    if (!isTime(value)) refuse('assertion.not-a-time', { claim: name })
    if (value > now + TOLERANCE_SECONDS) refuse('assertion.future', { claim: name, now })
  }
  if (!isText(jti, MAX_JTI_LENGTH)) refuse('assertion.no-jti', { most: MAX_JTI_LENGTH })
  return { clientId: sub, jti, expiresAt: Math.ceil(endOf(exp, iat, now)) }
}

/**
 * Returns when an assertion ends: at its `exp`, but at most ten minutes after it was made. Its `jti` is stored until then, so this bound holds
 * for every use of the assertion, not only for the first. Without `iat` only a near `exp` gives such a bound.
 */
function endOf(exp: number, iat: number | undefined, now: number): number {
  if (iat === undefined) {
    if (exp <= now + MAX_LIFETIME_SECONDS + TOLERANCE_SECONDS) return exp
    return refuse('assertion.too-long-lived', { most: MAX_LIFETIME_SECONDS, now })
  }
  const end = Math.min(exp, iat + MAX_LIFETIME_SECONDS)
  return end + TOLERANCE_SECONDS > now ? end : refuse('assertion.old', { most: MAX_LIFETIME_SECONDS, now })
}

/**
 * Accepts only a single audience: another server in a list could use the assertion here. The strict setting accepts only the issuer, as a string
 * and letter for letter.
 */
function checkAudience(aud: unknown, { pathname }: Incoming, { config }: Site): void {
  const { issuer, strictAudience } = config
  if (aud === issuer) return
  const only: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  const ours = [issuer, `${issuer}/oauth/token`, `${issuer}${pathname}`].map(uriKey)
  if (!strictAudience && typeof only === 'string' && ours.includes(uriKey(only))) return
  refuse('assertion.audience', { issuer })
}

function isText(value: unknown, most: number): value is string {
  return (
    typeof value === 'string' && value !== '' && value.length <= most && !value.includes('\0') && value.isWellFormed()
  )
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
