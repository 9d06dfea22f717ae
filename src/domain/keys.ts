import type { webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Clock } from '../kit/clock.ts'
import type { Seal } from '../kit/seal.ts'
import type { SigningKey } from '../store/rows.ts'
import type { Store } from '../store/store.ts'
import { newEvent } from './events.ts'

type CryptoKey = webcrypto.CryptoKey

export const SIGNING_ALGORITHMS = ['RS256'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** The keys that sign tokens. Private halves are stored sealed and unsealed only in memory. */
export interface Keys {
  /** The key that signs at this moment. */
  signing(algorithm: SigningAlgorithm): Promise<{ kid: string; key: CryptoKey }>
  /** What verifiers need: every key that signs, will sign soon, or signed something that may still be alive (RFC 7517). */
  published(): Promise<{ keys: JWK[] }>
  /** Makes a new key that is published now and signs after PUBLISH_LEAD seconds; older ones stay published for what they signed. */
  rotate(algorithm: SigningAlgorithm, actor: string): Promise<{ kid: string; signsFrom: number }>
  /**
   * Takes a key away for good, because its private half is known to somebody else: it is published no more and signs no more, at
   * once by these Keys and by those of every other process within a minute. When no other key could sign, a new one does so from now on. False when there is no such key.
   */
  retire(kid: string, actor: string): Promise<boolean>
}

/** How long a new key is published before it signs, so that no verifier meets a signature it cannot check. */
export const PUBLISH_LEAD = 3600
/** Twenty years: as long as an access token in JWT form may live. Only `keys retire` takes a key away sooner. */
const LONGEST_SIGNED = 631_152_000
/** How long a list of keys is believed before the database is asked again; other servers rotate too. */
const BELIEVED = 60
/** Who made the first key, as the audit names it. */
const SERVER = 'server'

/** The secret that the server was given is not the one that its database was made with. */
export class WrongSecret extends Error {}

export async function openKeys(store: Store, seal: Seal, clock: Clock): Promise<Keys> {
  let known: readonly SigningKey[] = []
  let readAt = 0
  const unsealed = new Map<string, Promise<CryptoKey>>()

  const refresh = async () => {
    readAt = clock.now()
    known = await store.keys.list()
  }
  const current = async () => {
    if (clock.now() - readAt >= BELIEVED) await refresh()
    return known
  }
  const signingAmong = (keys: readonly SigningKey[], algorithm: string, now: number) =>
    keys.filter((key) => key.algorithm === algorithm && key.signsFrom <= now && key.retiredAt === null).at(-1)

  const add = async (algorithm: SigningAlgorithm, generation: number, signsFrom: number, actor: string) => {
    const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
    const jwk = await exportJWK(pair.publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    const createdAt = clock.now()
    const key: SigningKey = {
      kid,
      algorithm,
      generation,
      publicJwk: JSON.stringify({ ...jwk, kid, alg: algorithm, use: 'sig' }),
      sealedJwk: seal.close('signing key', JSON.stringify(await exportJWK(pair.privateKey))),
      createdAt,
      signsFrom,
      retiredAt: null,
    }
    await store.keys.add(key, newEvent('key.created', createdAt, { actor, subject: kid, details: { kid, signsFrom } }))
    await refresh()
  }

  const unseal = (key: SigningKey): Promise<CryptoKey> => {
    const made = unsealed.get(key.kid) ?? open(key, seal)
    unsealed.set(key.kid, made)
    return made
  }

  await refresh()
  for (const algorithm of SIGNING_ALGORITHMS) {
    if (!known.some((key) => key.algorithm === algorithm)) await add(algorithm, 1, clock.now(), SERVER)
    await unseal(signingAmong(known, algorithm, clock.now()) ?? known.findLast((key) => key.algorithm === algorithm)!)
  }

  return {
    async signing(algorithm) {
      const keys = await current()
      const now = clock.now()
      const key =
        signingAmong(keys, algorithm, now) ??
        keys.filter((each) => each.algorithm === algorithm && each.retiredAt === null).at(-1)!
      return { kid: key.kid, key: await unseal(key) }
    },
    async published() {
      const keys = await current()
      const now = clock.now()
      const isNeeded = (key: SigningKey) => {
        const successor = keys.find((each) => each.algorithm === key.algorithm && each.generation > key.generation)
        return !successor || now <= successor.signsFrom + LONGEST_SIGNED + BELIEVED
      }
      return {
        keys: keys.filter((key) => key.retiredAt === null && isNeeded(key)).map((key) => JSON.parse(key.publicJwk)),
      }
    },
    async rotate(algorithm, actor) {
      await refresh()
      const generation =
        Math.max(0, ...known.filter((key) => key.algorithm === algorithm).map((key) => key.generation)) + 1
      const signsFrom = clock.now() + PUBLISH_LEAD
      await add(algorithm, generation, signsFrom, actor)
      const made = known.find((key) => key.algorithm === algorithm && key.generation === generation)!
      return { kid: made.kid, signsFrom: made.signsFrom }
    },
    async retire(kid, actor) {
      const now = clock.now()
      if (!(await store.keys.retire(kid, now, newEvent('key.retired', now, { actor, subject: kid })))) return false
      await refresh()
      const { algorithm, generation } = known.find((key) => key.kid === kid)!
      if (!signingAmong(known, algorithm, clock.now())) {
        const newest = Math.max(
          generation,
          ...known.filter((key) => key.algorithm === algorithm).map((key) => key.generation),
        )
        await add(algorithm as SigningAlgorithm, newest + 1, clock.now(), actor)
      }
      return true
    },
  }
}

async function open(key: SigningKey, seal: Seal): Promise<CryptoKey> {
  const jwk = seal.open('signing key', key.sealedJwk)
  if (!jwk) {
    throw new WrongSecret(
      'The signing keys in the database were sealed with another BEHALF_SECRET. Set the one they were made with, or put the new one before it: `new,old`.',
    )
  }
  return (await importJWK(JSON.parse(jwk), key.algorithm)) as CryptoKey
}
