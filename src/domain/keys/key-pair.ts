import type { webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose'
import type { Clock } from '../../kit/clock.ts'
import type { Seal } from '../../kit/seal.ts'
import type { SigningKey } from '../../store/nouns/signing-keys.ts'
import type { SigningAlgorithm } from './signing-algorithms.ts'

/** BEHALF_SECRET is not the secret that sealed the keys in the database. */
export class WrongSecret extends Error {}

/** A key to make. It signs after `leadSeconds`. */
interface Wanted {
  algorithm: SigningAlgorithm
  generation: number
  leadSeconds: number
}

/** Makes a key pair: the public JWK as it is published, and the private JWK sealed (RFC 7517 §4, RFC 7638). */
export async function makeKeyPair(wanted: Wanted, seal: Seal, clock: Clock): Promise<SigningKey> {
  const { algorithm, generation, leadSeconds } = wanted
  const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
  const jwk = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  // Operators type it on a command line, where a dash begins an option.
  if (kid.startsWith('-')) return makeKeyPair(wanted, seal, clock)
  const createdAt = clock.now()
  return {
    kid,
    algorithm,
    generation,
    publicJwk: JSON.stringify({ ...jwk, kid, alg: algorithm, use: 'sig' }),
    sealedJwk: seal.close('signing key', JSON.stringify(await exportJWK(pair.privateKey))),
    createdAt,
    signsFrom: createdAt + leadSeconds,
    neededUntil: 0,
    retiredAt: null,
  }
}

/** Returns the private JWK as JSON. Throws WrongSecret. */
export function reveal(key: SigningKey, seal: Seal): string {
  const jwk = seal.open('signing key', key.sealedJwk)
  if (!jwk) {
    throw new WrongSecret(
      'The signing keys in the database were sealed with another BEHALF_SECRET. Set that secret, or put the new one before it: `new,old`.',
    )
  }
  return jwk
}

/** Returns the key of a JWK in JSON. */
export async function importKey(jwk: string, algorithm: string): Promise<webcrypto.CryptoKey> {
  return (await importJWK(JSON.parse(jwk), algorithm)) as webcrypto.CryptoKey
}
