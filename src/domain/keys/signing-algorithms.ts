import { createHash } from 'node:crypto'

/** What we sign with (RFC 7518 §3.1, RFC 8037 §3.1). Each has keys of its own, and a key is good for one of them alone. */
export const SIGNING_ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** What everybody can verify (OpenID Connect Core §15.1): used where nothing else was asked for. */
export const USUAL_ALGORITHM = 'RS256' satisfies SigningAlgorithm

export function isSigningAlgorithm(name: unknown): name is SigningAlgorithm {
  return SIGNING_ALGORITHMS.some((each) => each === name)
}

/** The algorithm that an app chose, or else the usual one. */
export function algorithmOf(chosen: string | undefined): SigningAlgorithm {
  return isSigningAlgorithm(chosen) ? chosen : USUAL_ALGORITHM
}

/**
 * The left half of a token's hash, for `at_hash` and its like (OpenID Connect Core §3.1.3.6): by the hash that the signature itself
 * uses, which for Ed25519 is SHA-512 (RFC 8032 §5.1).
 */
export function leftHalf(token: string, algorithm: SigningAlgorithm): string {
  const whole = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(token)
    .digest()
  return whole.subarray(0, whole.length / 2).toString('base64url')
}
