import { z } from 'zod'
import { isRecord } from '../../kit/json.ts'
import { ruled } from './setting-kinds.ts'

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
export const jwks = ruled(z.custom<Jwks>(), faultOfSet)
  .transform(({ keys }): Jwks => ({ keys }))
  .meta({ description: 'JWK Set of public keys', json: true })

function faultOfSet(value: unknown): string | undefined {
  const keys = isRecord(value) ? value.keys : undefined
  if (!Array.isArray(keys)) return 'must be an object with a list named keys'
  if (keys.length === 0) return 'has no key'
  if (keys.length > MAX_KEYS) return `has more than ${MAX_KEYS} keys`
  const kids = new Set<unknown>()
  for (const key of keys) {
    if (!isRecord(key)) return 'has a key that is not an object'
    const fault = faultOfKey(key)
    if (fault) return fault
    if (key.kid === undefined && keys.length === 1) continue
    if (kids.has(key.kid)) return 'has two keys with the same kid. Each of several keys needs its own kid'
    kids.add(key.kid)
  }
  return JSON.stringify(keys).length > MAX_JWKS_BYTES ? `is larger than ${MAX_JWKS_BYTES} bytes` : undefined
}

function faultOfKey(key: Record<string, unknown>): string | undefined {
  const { kty, kid } = key
  if (kty === 'oct') return 'has a symmetric key (oct). Only public keys can be shown to others'
  const needed = typeof kty === 'string' && Object.hasOwn(NEEDED, kty) ? NEEDED[kty]! : undefined
  if (!needed) return 'has a key whose kty is not RSA, EC or OKP'
  const secret = PRIVATE.find((name) => Object.hasOwn(key, name))
  if (secret) return `has a private key (it has ${secret}). Send only public keys, and replace this key`
  const missing = needed.find((name) => typeof key[name] !== 'string' || key[name] === '')
  if (missing) return `has a ${kty} key without ${missing}`
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > 200))
    return 'has a kid that is not a text of 1 to 200 characters'
  const odd = Object.entries(key).find(([, value]) => !isPlain(value))
  if (odd) return `has a key whose ${odd[0].slice(0, 60)} is neither a text nor a list of texts`
  if (key.use !== undefined && key.use !== 'sig' && key.use !== 'enc')
    return 'has a key whose use is neither sig nor enc'
  return undefined
}

/** Whether a member can be part of a public key (RFC 7517 §4). Endless nesting could not be written as JSON again. */
function isPlain(value: unknown): boolean {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every((each) => typeof each === 'string'))
  )
}
