import { createHash } from 'node:crypto'

/** The signing algorithms (RFC 7518 §3.1, RFC 8037 §3.1). A key is valid for only one of them. */
export const SIGNING_ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** Every client can verify it (OpenID Connect Core §15.1). */
export const DEFAULT_ALGORITHM = 'RS256' satisfies SigningAlgorithm

export function isSigningAlgorithm(name: unknown): name is SigningAlgorithm {
  return SIGNING_ALGORITHMS.some((each) => each === name)
}

/** Returns the algorithm that an app chose, or the default one. */
export function algorithmOf(chosen: string | undefined): SigningAlgorithm {
  return isSigningAlgorithm(chosen) ? chosen : DEFAULT_ALGORITHM
}

/**
 * Returns the left half of a token's hash, as in `at_hash` (OpenID Connect Core §3.1.3.6), with the hash function of the signature: SHA-512 for
 * Ed25519 (RFC 8032 §5.1).
 */
export function leftHalf(token: string, algorithm: SigningAlgorithm): string {
  const whole = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(token)
    .digest()
  return whole.subarray(0, whole.length / 2).toString('base64url')
}
