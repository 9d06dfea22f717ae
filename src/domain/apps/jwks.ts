import { z } from 'zod'
import { ruled } from './setting-kinds.ts'

const MOST_KEYS = 20
const MOST_BYTES = 16_384
/** What makes a key private (RFC 7518 §6.2.2, §6.3.2), or the secret itself (§6.4). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
/** What has to be there for a key to be one (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2). */
const NEEDED: Record<string, readonly string[]> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }

export interface Jwks {
  keys: Record<string, unknown>[]
}

/**
 * A set of public keys (RFC 7517 §5), as an app gives or publishes it. Private and symmetric keys are refused, not dropped: the sender has
 * to learn that they are out.
 */
export const jwks = ruled(z.custom<Jwks>(), faultOfSet)
  .transform(({ keys }): Jwks => ({ keys }))
  .meta({ description: 'JWK Set of public keys', json: true })

function faultOfSet(value: unknown): string | undefined {
  const keys = isRecord(value) ? value.keys : undefined
  if (!Array.isArray(keys)) return 'must be an object with a list named keys'
  if (keys.length === 0) return 'holds no key'
  if (keys.length > MOST_KEYS) return `holds more than ${MOST_KEYS} keys`
  const kids = new Set<unknown>()
  for (const key of keys) {
    if (!isRecord(key)) return 'holds a key that is no object'
    const fault = faultOfKey(key)
    if (fault) return fault
    if (key.kid === undefined && keys.length === 1) continue
    if (kids.has(key.kid)) return 'holds two keys of the same kid; each of several needs one of its own'
    kids.add(key.kid)
  }
  return JSON.stringify(keys).length > MOST_BYTES ? `is larger than ${MOST_BYTES} bytes` : undefined
}

function faultOfKey(key: Record<string, unknown>): string | undefined {
  const { kty, kid } = key
  if (kty === 'oct') return 'holds a symmetric key (oct); only public keys can be shown to others'
  const needed = typeof kty === 'string' && Object.hasOwn(NEEDED, kty) ? NEEDED[kty]! : undefined
  if (!needed) return 'holds a key whose kty is none of RSA, EC, OKP'
  const secret = PRIVATE.find((name) => Object.hasOwn(key, name))
  if (secret) return `holds a private key (it has ${secret}); send public keys alone, and replace this one`
  const missing = needed.find((name) => typeof key[name] !== 'string' || key[name] === '')
  if (missing) return `holds a ${kty} key without ${missing}`
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > 200))
    return 'holds a kid that is no text of 1 to 200 characters'
  const odd = Object.entries(key).find(([, value]) => !isPlain(value))
  if (odd) return `holds a key whose ${odd[0].slice(0, 60)} is neither a text nor a list of texts`
  if (key.use !== undefined && key.use !== 'sig' && key.use !== 'enc')
    return 'holds a key whose use is neither sig nor enc'
  return undefined
}

/** All that members of a public key can be (RFC 7517 §4); what is nested without end could not be written as JSON again. */
function isPlain(value: unknown): boolean {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every((each) => typeof each === 'string'))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
