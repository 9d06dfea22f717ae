import type { JWK } from 'jose'

/** The key type of each algorithm (RFC 7518 §3.1, RFC 8037 §3.1), and the members that make the key. */
const SHAPES: Record<string, { kty: string; crv?: string; members: readonly string[] }> = {
  RS256: { kty: 'RSA', members: ['n', 'e'] },
  PS256: { kty: 'RSA', members: ['n', 'e'] },
  ES256: { kty: 'EC', crv: 'P-256', members: ['crv', 'x', 'y'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'x'] },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'x'] },
}

/** Whether two names mean the same algorithm. RFC 9864 renamed EdDSA with Ed25519 to Ed25519, and libraries use either name. */
export function isSameAlgorithm(one: unknown, other: unknown): boolean {
  const known = (name: unknown) => (name === 'Ed25519' ? 'EdDSA' : name)
  return known(one) === known(other)
}

/** In base64url characters: a modulus of 8192 bits, and an exponent of 32 bits. Longer ones only cost time. */
const MAX_LENGTHS = { n: 1366, e: 6 }

/**
 * Returns the keys of a set that can verify a signature with this algorithm and `kid` (RFC 7517 §4). A key without a `kid` matches any. The
 * returned keys have only the members that make the key.
 */
export function keysFor(alg: string, kid: string | undefined, keys: readonly Record<string, unknown>[]): JWK[] {
  const shape = SHAPES[alg]!
  const fits = (key: Record<string, unknown>) =>
    key.kty === shape.kty &&
    (shape.crv === undefined || key.crv === shape.crv) &&
    (key.alg === undefined || isSameAlgorithm(key.alg, alg)) &&
    (key.use === undefined || key.use === 'sig') &&
    (!Array.isArray(key.key_ops) || key.key_ops.includes('verify')) &&
    (kid === undefined || key.kid === undefined || key.kid === kid) &&
    shape.members.every((name) => typeof key[name] === 'string') &&
    (shape.kty !== 'RSA' || ((key.n as string).length <= MAX_LENGTHS.n && (key.e as string).length <= MAX_LENGTHS.e))
  const pick = (key: Record<string, unknown>) =>
    Object.fromEntries([['kty', shape.kty], ...shape.members.map((name) => [name, key[name]])]) as JWK
  return keys.filter(fits).map(pick)
}
