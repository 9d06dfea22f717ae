import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isRecord, parseJson } from '../../kit/json.ts'
import { usageFailure } from '../kit/exit.ts'

/** A private key of an app. */
export interface SigningKey {
  key: KeyObject
  /** The `kid` of a JWK. */
  kid?: string
  /** The algorithms that it can sign with, the usual one first. */
  algorithms: readonly string[]
}

const MIN_RSA_BITS = 2048

/** Reads a private key from a file, a JWK or PEM. Throws a Failure if there is none that can sign an assertion. */
export function readSigningKey(file: string): SigningKey {
  try {
    const text = readFileSync(file, 'utf8')
    const jwk = parseJson(text)
    const key = isRecord(jwk) ? createPrivateKey({ key: jwk, format: 'jwk' }) : createPrivateKey(text)
    const algorithms = algorithmsOf(key)
    if (algorithms)
      return { key, algorithms, ...(isRecord(jwk) && typeof jwk.kid === 'string' ? { kid: jwk.kid } : {}) }
  } catch {
    // The error of a parser may quote the key.
  }
  throw usageFailure(
    '--key must be a file with a private key as JWK or PEM: RSA of 2048 bits or more, P-256 or Ed25519.',
  )
}

function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): string[] | undefined {
  if (asymmetricKeyType === 'rsa' && details!.modulusLength! >= MIN_RSA_BITS) return ['RS256', 'PS256']
  if (asymmetricKeyType === 'ec' && details!.namedCurve === 'prime256v1') return ['ES256']
  return asymmetricKeyType === 'ed25519' ? ['EdDSA', 'Ed25519'] : undefined
}
