import type { webcrypto } from 'node:crypto'
import { type JWK, type JWTPayload, SignJWT } from 'jose'
import type { Clock } from '../../kit/clock.ts'
import type { Seal } from '../../kit/seal.ts'
import type { SigningKey } from '../../store/nouns/signing-keys.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, checkReach, serverActor } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import { importKey, makeKeyPair, reveal } from './key-pair.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './signing-algorithms.ts'

/** A new key is published before it signs, so that verifiers know it. */
const PUBLISH_LEAD_SECONDS = 3600
/** The list of keys is cached this long, because other servers rotate keys too. */
const CACHE_SECONDS = 10
/** Tokens that live longer, unlike ID tokens, record how long their key is needed. */
const SHORT_LIFETIME_SECONDS = 86_400
/** How far apart clocks may be. */
const CLOCK_SKEW_SECONDS = 300

type CryptoKey = webcrypto.CryptoKey

/** The keys that sign tokens. Private keys are stored sealed, and unsealed only in memory. */
export interface Keys {
  /**
   * Signs claims as a JWT of this type (RFC 7519 §7.1, RFC 8725 §3.11) with the current key. If `exp` is more than a day away, first records that
   * the key must stay published until then.
   */
  sign(algorithm: SigningAlgorithm, typ: string, claims: JWTPayload): Promise<string>
  /** Every key that signs, will sign soon, or signed something that may still be alive (RFC 7517 §5). */
  published(): Promise<{ keys: JWK[] }>
  /**
   * The public key and algorithm of a `kid`, even if it is no longer published, for apps that send an old ID token. Undefined for a key that was
   * retired.
   */
  find(kid: string): Promise<{ algorithm: string; key: CryptoKey } | undefined>
  /** Makes a new key that is published now and signs after PUBLISH_LEAD_SECONDS; older ones stay published for what they signed. */
  rotate(algorithm: SigningAlgorithm, by: Actor): Promise<{ kid: string; signsFrom: number }>
  /** Rotates each key that has signed for `interval` seconds or soon will have. Returns how many keys it made: of several servers, one makes them. */
  rotateDue(interval: number): Promise<number>
  /**
   * Removes a key permanently, because its private key has leaked. It is no longer published and no longer signs, here at once and on other servers
   * in seconds. If no other published key can sign, a new one signs at once. Returns false when there is no such key.
   */
  retire(kid: string, by: Actor): Promise<boolean>
}

/** Reads the keys, and makes missing ones: at the first start, one for each algorithm. */
export async function openKeys(store: Store, seal: Seal, clock: Clock): Promise<Keys> {
  let known: readonly SigningKey[] = []
  let readAt = 0
  let asked = 0
  let answered = 0
  const unsealed = new Map<string, Promise<CryptoKey>>()
  const kept = new Map<string, { until: number; written: Promise<void> }>()

  const refresh = async () => {
    const order = ++asked
    readAt = clock.now()
    const keys = await store.signingKeys.list()
    // Of two reads at the same time, the later one counts.
    if (order > answered) {
      answered = order
      known = keys
    }
    return keys
  }
  const current = async (maxAge = CACHE_SECONDS) => {
    return Math.abs(clock.now() - readAt) >= maxAge ? refresh() : known
  }

  /** Adds the key after those. Returns false when another server was faster, whose key counts. */
  const add = async (after: readonly SigningKey[], algorithm: SigningAlgorithm, leadSeconds: number, by: Actor) => {
    const key = await makeKeyPair({ algorithm, generation: nextGeneration(after, algorithm), leadSeconds }, seal, clock)
    const details = { kid: key.kid, algorithm, signsFrom: key.signsFrom }
    return store.signingKeys.add(key, newEvent('key.created', key.createdAt, by, { subject: key.kid, details }))
  }

  const unseal = (key: SigningKey): Promise<CryptoKey> => {
    const made = unsealed.get(key.kid) ?? importKey(reveal(key, seal), key.algorithm)
    unsealed.set(key.kid, made)
    return made
  }

  const keep = async (key: SigningKey, until: number): Promise<void> => {
    const asked = kept.get(key.kid)
    if (until <= key.neededUntil) return
    if (asked && until <= asked.until) return asked.written
    // A day more than needed, so that only one of the many tokens of a day writes.
    const longer = until + SHORT_LIFETIME_SECONDS
    const written = store.signingKeys.keepUntil(key.kid, longer)
    kept.set(key.kid, { until: longer, written })
    written.catch(() => kept.delete(key.kid))
    return written
  }

  const makeMissing = async () => {
    const keys = await refresh()
    const missing = SIGNING_ALGORITHMS.filter((algorithm) => !findSigning(keys, algorithm, clock.now()))
    if (missing.length === 0) return keys
    await Promise.all(missing.map((algorithm) => add(keys, algorithm, 0, serverActor)))
    return refresh()
  }

  const first = await makeMissing()
  // Unseals now, so that a wrong secret fails the start, and no request waits for its key.
  await Promise.all(SIGNING_ALGORITHMS.map((algorithm) => unseal(findSigning(first, algorithm, clock.now())!)))

  return {
    async sign(algorithm, typ, claims) {
      const among = (keys: readonly SigningKey[]) => findSigning(keys, algorithm, clock.now())
      // There is none if a server crashed after it retired the last one.
      const key = among(await current()) ?? among(await makeMissing())!
      const { exp = 0 } = claims
      if (exp > clock.now() + SHORT_LIFETIME_SECONDS) await keep(key, exp)
      return new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ, kid: key.kid }).sign(await unseal(key))
    },
    async published() {
      const keys = await current()
      const now = clock.now()
      const needed = keys.filter((key) => isPublished(key, keys, now))
      // The default algorithm first, for verifiers that use the first key.
      const inOrder = SIGNING_ALGORITHMS.flatMap((name) => needed.filter(({ algorithm }) => algorithm === name))
      return { keys: inOrder.map((key) => JSON.parse(key.publicJwk)) }
    },
    async find(kid) {
      const among = (keys: readonly SigningKey[]) => keys.find((key) => key.kid === kid)
      // Another server may have made it a moment ago. Unknown kids cost at most one query a second.
      const key = among(await current()) ?? among(await current(1))
      if (!key || key.retiredAt !== null) return undefined
      return { algorithm: key.algorithm, key: await importKey(key.publicJwk, key.algorithm) }
    },
    async rotate(algorithm, by) {
      checkReach(by, { directoryUid: null })
      const keys = await refresh()
      const generation = nextGeneration(keys, algorithm)
      await add(keys, algorithm, PUBLISH_LEAD_SECONDS, by)
      const isNew = (key: SigningKey) => key.algorithm === algorithm && key.generation === generation
      const { kid, signsFrom } = (await refresh()).find(isNew)!
      return { kid, signsFrom }
    },
    async rotateDue(interval) {
      const keys = await refresh()
      const due = SIGNING_ALGORITHMS.filter((algorithm) => isRotationDue(keys, algorithm, interval, clock.now()))
      const made = await Promise.all(due.map((algorithm) => add(keys, algorithm, PUBLISH_LEAD_SECONDS, serverActor)))
      if (made.length > 0) await refresh()
      return made.filter(Boolean).length
    },
    async retire(kid, by) {
      checkReach(by, { directoryUid: null })
      const now = clock.now()
      const before = await refresh()
      if (!(await store.signingKeys.retire(kid, now, newEvent('key.retired', now, by, { subject: kid })))) return false
      const keys = await refresh()
      const { algorithm } = keys.find((key) => key.kid === kid)!
      const next = findSigning(keys, algorithm, now)
      const isReady = next && next.signsFrom <= now && isPublished(next, before, now)
      if (!isReady) {
        await add(keys, algorithm as SigningAlgorithm, 0, by)
        await refresh()
      }
      return true
    },
  }
}

/** The key that signs now: the newest whose time has come, or else the newest. */
export function findSigning(keys: readonly SigningKey[], algorithm: string, now: number): SigningKey | undefined {
  const able = keys.filter((key) => key.algorithm === algorithm && key.retiredAt === null)
  return able.findLast((key) => key.signsFrom <= now) ?? able.at(-1)
}

/** Whether verifiers need the key: it signs, will sign, or may have signed something that is still alive, and was not retired. */
export function isPublished(key: SigningKey, keys: readonly SigningKey[], now: number): boolean {
  if (key.retiredAt !== null) return false
  const successor = keys.find(
    (each) => each.algorithm === key.algorithm && each.generation > key.generation && each.retiredAt === null,
  )
  return (
    !successor || now <= Math.max(key.neededUntil, successor.signsFrom + SHORT_LIFETIME_SECONDS) + CLOCK_SKEW_SECONDS
  )
}

/** The generation of the next key of an algorithm. Two servers that make it at the same time make only one. */
function nextGeneration(keys: readonly SigningKey[], algorithm: string): number {
  return 1 + Math.max(0, ...keys.filter((key) => key.algorithm === algorithm).map((key) => key.generation))
}

/** Whether the next key must be made now, so that no key signs for longer than the interval. */
function isRotationDue(keys: readonly SigningKey[], algorithm: string, interval: number, now: number): boolean {
  const newest = keys.findLast((key) => key.algorithm === algorithm)
  return newest === undefined || newest.signsFrom + interval - PUBLISH_LEAD_SECONDS <= now
}
