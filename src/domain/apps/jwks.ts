import { z } from 'zod'
import { isRecord } from '../../kit/json.ts'
import { checked } from './setting-kinds.ts'
import { refuse, wrongValue } from './value-refusals.ts'

const MAX_KEYS = 20
const MAX_JWKS_BYTES = 16_384
/** The members of private keys (RFC 7518 §6.2.2, §6.3.2) and of symmetric keys (§6.4). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
/** The required members of a public key (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2). */
const NEEDED: Record<string, readonly string[]> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }

export interface Jwks {
  keys: Record<string, unknown>[]
}

/**
 * A JWK Set of public keys (RFC 7517 §5) that an app sends or publishes. Private and symmetric keys are refused, not dropped: the sender must
 * learn that they are exposed.
 */
export const jwks = checked(z.custom<Jwks>(), checkSet)
  .transform(({ keys }): Jwks => ({ keys }))
  .meta({ description: 'JWK Set of public keys', json: true })

function checkSet(value: unknown): void {
  const keys = isRecord(value) ? value.keys : undefined
  if (!Array.isArray(keys)) throw wrongValue('jwks.not-a-set')
  if (keys.length === 0) refuse('jwks.empty')
  if (keys.length > MAX_KEYS) refuse('jwks.too-many', { most: MAX_KEYS })
  const kids = new Set<unknown>()
  for (const key of keys) {
    if (!isRecord(key)) throw wrongValue('jwks.not-a-key')
    checkKey(key)
    if (key.kid === undefined && keys.length === 1) continue
    if (kids.has(key.kid)) refuse('jwks.same-kid')
    kids.add(key.kid)
  }
  if (JSON.stringify(keys).length > MAX_JWKS_BYTES) refuse('jwks.too-large', { most: MAX_JWKS_BYTES })
}

function checkKey(key: Record<string, unknown>): void {
  const { kty, kid } = key
  if (kty === 'oct') refuse('jwks.symmetric')
  const needed = typeof kty === 'string' && Object.hasOwn(NEEDED, kty) ? NEEDED[kty]! : undefined
  if (!needed) throw wrongValue('jwks.key-type')
  const secret = PRIVATE.find((name) => Object.hasOwn(key, name))
  if (secret) refuse('jwks.private', { member: secret })
  const missing = needed.find((name) => typeof key[name] !== 'string' || key[name] === '')
  if (missing) refuse('jwks.incomplete', { type: String(kty), member: missing })
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > 200)) refuse('jwks.kid')
  const odd = Object.entries(key).find(([, value]) => !isPlain(value))
  if (odd) refuse('jwks.member', { member: odd[0].slice(0, 60) })
  if (key.use !== undefined && key.use !== 'sig' && key.use !== 'enc') refuse('jwks.use')
}

/** Whether a member can be part of a public key (RFC 7517 §4). Endless nesting could not be written as JSON again. */
function isPlain(value: unknown): boolean {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every((each) => typeof each === 'string'))
  )
}
