import type { JWK } from 'jose'

/** What a key has to be for an algorithm to be used with it (RFC 7518 §3.1, RFC 8037 §3.1), and what of it counts. */
const SHAPES: Record<string, { kty: string; crv?: string; members: readonly string[] }> = {
  RS256: { kty: 'RSA', members: ['n', 'e'] },
  PS256: { kty: 'RSA', members: ['n', 'e'] },
  ES256: { kty: 'EC', crv: 'P-256', members: ['crv', 'x', 'y'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'x'] },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'x'] },
}

/** Whether two names mean one algorithm: RFC 9864 gave EdDSA with Ed25519 a name of its own, and libraries use either. */
export function isSameAlgorithm(one: unknown, other: unknown): boolean {
  const known = (name: unknown) => (name === 'Ed25519' ? 'EdDSA' : name)
  return known(one) === known(other)
}

/** Characters in base64url: a modulus of 8192 bits, and an exponent of 32. What is longer only costs time. */
const LONGEST = { n: 1366, e: 6 }

/**
 * Those keys of a set that may verify a signature of this algorithm under this name (RFC 7517 §4). A key without a name stands for any.
 * Only what makes the key comes along: what else somebody wrote into it is of no consequence.
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
    (shape.kty !== 'RSA' || ((key.n as string).length <= LONGEST.n && (key.e as string).length <= LONGEST.e))
  const essence = (key: Record<string, unknown>) =>
    Object.fromEntries([['kty', shape.kty], ...shape.members.map((name) => [name, key[name]])]) as JWK
  return keys.filter(fits).map(essence)
}
