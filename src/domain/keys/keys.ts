import type { webcrypto } from 'node:crypto'
import { type JWK, type JWTPayload, SignJWT } from 'jose'
import type { Clock } from '../../kit/clock.ts'
import type { Seal } from '../../kit/seal.ts'
import type { SigningKey } from '../../store/nouns/signing-keys.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, serverActor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import { importKey, makeKey, reveal } from './key-pair.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './signing-algorithms.ts'

/** How long a new key is published before it signs, so that no verifier meets a signature it cannot check. */
export const PUBLISH_LEAD = 3600
/** How long a list of keys is believed before the database is asked again; other servers rotate too. */
export const BELIEVED = 10
/** As long as anything lives of whose end no key is told: an ID token at most. */
export const SHORT_SIGNED = 86_400
/** How far clocks may be apart before a key is missed. */
const GRACE = 300

type CryptoKey = webcrypto.CryptoKey

/** The keys that sign tokens. Private halves are stored sealed and unsealed only in memory. */
export interface Keys {
  /**
   * Signs claims as a JWT of this type (RFC 7519 §7.1, RFC 8725 §3.11) with the key that signs at this moment. When `exp` is more than a day
   * away, the key stays published until then; that is on disk before this answers.
   */
  sign(algorithm: SigningAlgorithm, typ: string, claims: JWTPayload): Promise<string>
  /** What verifiers need: every key that signs, will sign soon, or signed something that may still be alive (RFC 7517 §5). */
  published(): Promise<{ keys: JWK[] }>
  /**
   * The public half of a key of ours, and the one algorithm it is good for. Long after its time as well, for whoever comes back with
   * an old ID token; never of a key that was retired.
   */
  find(kid: string): Promise<{ algorithm: string; key: CryptoKey } | undefined>
  /** Makes a new key that is published now and signs after PUBLISH_LEAD seconds; older ones stay published for what they signed. */
  rotate(algorithm: SigningAlgorithm, by: Actor): Promise<{ kid: string; signsFrom: number }>
  /** Rotates what has signed for so many seconds, or soon will have; of several servers one does. How many keys it made. */
  rotateDue(interval: number): Promise<number>
  /**
   * Takes a key away for good, because its private half is known to somebody else: it is published no more and signs no more, at
   * once by these Keys and by those of every other process within seconds. When no other published key could sign, a new one does
   * so from now on. False when there is no such key.
   */
  retire(kid: string, by: Actor): Promise<boolean>
}

/** Reads the keys, and makes those that are not there: at the first start one for each algorithm. */
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
    // Of two that were under way at once the one asked for later knows more.
    if (order > answered) {
      answered = order
      known = keys
    }
    return keys
  }
  const current = async (believed = BELIEVED) => {
    return Math.abs(clock.now() - readAt) >= believed ? refresh() : known
  }

  /** Adds the next key after those; false when another server was faster, and then its key is the one. */
  const add = async (after: readonly SigningKey[], algorithm: SigningAlgorithm, lead: number, by: Actor) => {
    const key = await makeKey({ algorithm, generation: nextGeneration(after, algorithm), lead }, seal, clock)
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
    // A day more than needed, so that of the many tokens of a day one alone writes.
    const longer = until + SHORT_SIGNED
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
  // A wrong secret is found at the start, and no request has to wait for its key.
  await Promise.all(SIGNING_ALGORITHMS.map((algorithm) => unseal(findSigning(first, algorithm, clock.now())!)))

  return {
    async sign(algorithm, typ, claims) {
      const among = (keys: readonly SigningKey[]) => findSigning(keys, algorithm, clock.now())
      // None is there when whoever retired the last one was stopped before there was another.
      const key = among(await current()) ?? among(await makeMissing())!
      const { exp = 0 } = claims
      if (exp > clock.now() + SHORT_SIGNED) await keep(key, exp)
      return new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ, kid: key.kid }).sign(await unseal(key))
    },
    async published() {
      const keys = await current()
      const now = clock.now()
      const needed = keys.filter((key) => isPublished(key, keys, now))
      // The usual algorithm first, for verifiers that look no further.
      const inOrder = SIGNING_ALGORITHMS.flatMap((name) => needed.filter(({ algorithm }) => algorithm === name))
      return { keys: inOrder.map((key) => JSON.parse(key.publicJwk)) }
    },
    async find(kid) {
      const among = (keys: readonly SigningKey[]) => keys.find((key) => key.kid === kid)
      // Another server may have made it a moment ago. Kids that somebody made up cost one query a second at most.
      const key = among(await current()) ?? among(await current(1))
      if (!key || key.retiredAt !== null) return undefined
      return { algorithm: key.algorithm, key: await importKey(key.publicJwk, key.algorithm) }
    },
    async rotate(algorithm, by) {
      const keys = await refresh()
      const generation = nextGeneration(keys, algorithm)
      await add(keys, algorithm, PUBLISH_LEAD, by)
      const isNew = (key: SigningKey) => key.algorithm === algorithm && key.generation === generation
      const { kid, signsFrom } = (await refresh()).find(isNew)!
      return { kid, signsFrom }
    },
    async rotateDue(interval) {
      const keys = await refresh()
      const due = SIGNING_ALGORITHMS.filter((algorithm) => isRotationDue(keys, algorithm, interval, clock.now()))
      const made = await Promise.all(due.map((algorithm) => add(keys, algorithm, PUBLISH_LEAD, serverActor)))
      if (made.length > 0) await refresh()
      return made.filter(Boolean).length
    },
    async retire(kid, by) {
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

/** The key that signs now: of those whose time has come the newest, else one whose time is still to come. */
export function findSigning(keys: readonly SigningKey[], algorithm: string, now: number): SigningKey | undefined {
  const able = keys.filter((key) => key.algorithm === algorithm && key.retiredAt === null)
  return able.findLast((key) => key.signsFrom <= now) ?? able.at(-1)
}

/** Whether verifiers need it: it signs, will sign, or may have signed something that is still alive. Not so once it was retired. */
export function isPublished(key: SigningKey, keys: readonly SigningKey[], now: number): boolean {
  if (key.retiredAt !== null) return false
  const successor = keys.find(
    (each) => each.algorithm === key.algorithm && each.generation > key.generation && each.retiredAt === null,
  )
  return !successor || now <= Math.max(key.neededUntil, successor.signsFrom + SHORT_SIGNED) + GRACE
}

/** The generation that the next key of an algorithm has; two servers that make it at once make one. */
export function nextGeneration(keys: readonly SigningKey[], algorithm: string): number {
  return 1 + Math.max(0, ...keys.filter((key) => key.algorithm === algorithm).map((key) => key.generation))
}

/** Whether the next key has to be made now, so that no key signs for longer than the interval. */
export function isRotationDue(keys: readonly SigningKey[], algorithm: string, interval: number, now: number): boolean {
  const newest = keys.findLast((key) => key.algorithm === algorithm)
  return newest === undefined || newest.signsFrom + interval - PUBLISH_LEAD <= now
}
