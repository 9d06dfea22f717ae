import type { webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose'
import type { Clock } from '../../kit/clock.ts'
import type { Seal } from '../../kit/seal.ts'
import type { SigningKey } from '../../store/nouns/signing-keys.ts'
import type { SigningAlgorithm } from './signing-algorithms.ts'

/** The secret that the server was given is not the one that its database was made with. */
export class WrongSecret extends Error {}

/** What a new key is to be; it signs after `lead` seconds. */
interface Wanted {
  algorithm: SigningAlgorithm
  generation: number
  lead: number
}

/** Makes a key pair as it is stored: the public half as it is published, the private half sealed (RFC 7517 §4, RFC 7638). */
export async function makeKey(wanted: Wanted, seal: Seal, clock: Clock): Promise<SigningKey> {
  const { algorithm, generation, lead } = wanted
  const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
  const jwk = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  // Somebody in a hurry will type it on a command line, where a dash begins an option.
  if (kid.startsWith('-')) return makeKey(wanted, seal, clock)
  const createdAt = clock.now()
  return {
    kid,
    algorithm,
    generation,
    publicJwk: JSON.stringify({ ...jwk, kid, alg: algorithm, use: 'sig' }),
    sealedJwk: seal.close('signing key', JSON.stringify(await exportJWK(pair.privateKey))),
    createdAt,
    signsFrom: createdAt + lead,
    neededUntil: 0,
    retiredAt: null,
  }
}

/** The private half as JSON; throws WrongSecret when it was sealed with a secret that we do not know. */
export function reveal(key: SigningKey, seal: Seal): string {
  const jwk = seal.open('signing key', key.sealedJwk)
  if (!jwk) {
    throw new WrongSecret(
      'The signing keys in the database were sealed with another BEHALF_SECRET. Set the one they were made with, or put the new one before it: `new,old`.',
    )
  }
  return jwk
}

/** A JWK, as JSON, as the key that signs or verifies. */
export async function importKey(jwk: string, algorithm: string): Promise<webcrypto.CryptoKey> {
  return (await importJWK(JSON.parse(jwk), algorithm)) as webcrypto.CryptoKey
}
