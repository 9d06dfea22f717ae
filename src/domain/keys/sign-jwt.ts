import { type JWTPayload, SignJWT } from 'jose'
import type { Keys } from './keys.ts'
import type { SigningAlgorithm } from './signing-algorithms.ts'

/** Signs claims as a JWT of this type (RFC 7519 §7.1, RFC 8725 §3.11). The key stays published for as long as its `exp` says. */
export async function signJwt(
  keys: Keys,
  algorithm: SigningAlgorithm,
  typ: string,
  claims: JWTPayload,
): Promise<string> {
  const { kid, key } = await keys.signing(algorithm, claims.exp)
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ, kid }).sign(key)
}
