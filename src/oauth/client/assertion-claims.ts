import type { JWTPayload } from 'jose'
import type { Incoming } from '../../http/incoming.ts'
import type { Site } from '../../site.ts'
import { refuseAssertion } from './refuse-assertion.ts'

/** Seconds that the app's clock and ours may differ. */
export const TOLERANCE = 30
/** Seconds that a statement may be good for: as long it has to be remembered. */
const LONGEST_LIFE = 600
const LONGEST_JTI = 256

/**
 * Refuses claims that could not be right (RFC 7523 §3, OpenID Connect Core §9): `iss` and `sub` are the client id, `aud` is this server
 * and nobody else, `exp` is near, `jti` tells this statement from all others.
 */
export function checkClaims(
  claims: JWTPayload,
  incoming: Incoming,
  site: Site,
): { clientId: string; jti: string; expiresAt: number } {
  const { iss, sub, jti, exp, nbf, iat } = claims
  const now = site.clock.now()
  if (!isText(sub, 2000) || iss !== sub) refuseAssertion('iss and sub of client_assertion must both be the client_id')
  checkAudience(claims.aud, incoming, site)
  if (!isTime(exp)) return refuseAssertion('exp of client_assertion must be there, in seconds since 1970')
  if (exp + TOLERANCE <= now) refuseAssertion('client_assertion has expired; make a new one for every request')
  if (exp > now + LONGEST_LIFE + TOLERANCE)
    refuseAssertion(`exp of client_assertion must be at most ${LONGEST_LIFE} seconds from now; our clock says ${now}`)
  for (const [name, value] of Object.entries({ nbf, iat })) {
    if (value === undefined) continue
    if (!isTime(value)) refuseAssertion(`${name} of client_assertion must be a time in seconds since 1970`)
    if ((value as number) > now + TOLERANCE)
      refuseAssertion(`${name} of client_assertion is in the future; our clock says ${now}, so set yours`)
  }
  if (!isText(jti, LONGEST_JTI))
    return refuseAssertion(`jti of client_assertion must be there, a text of at most ${LONGEST_JTI} characters`)
  return { clientId: sub as string, jti, expiresAt: Math.ceil(exp) }
}

/** One audience and no list: a statement that others could take as well would let each of them be this app here. */
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
