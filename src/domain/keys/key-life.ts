import type { SigningKey } from '../../store/nouns/signing-keys.ts'

/** How long a new key is published before it signs, so that no verifier meets a signature it cannot check. */
export const PUBLISH_LEAD = 3600
/** How long a list of keys is believed before the database is asked again; other servers rotate too. */
export const BELIEVED = 10
/** As long as anything lives of whose end no key is told: an ID token at most. */
export const SHORT_SIGNED = 86_400
/** How far clocks may be apart before a key is missed. */
const GRACE = 300

type Keys = readonly SigningKey[]

/** The key that signs now: of those whose time has come the newest, else one whose time is still to come. */
export function findSigning(keys: Keys, algorithm: string, now: number): SigningKey | undefined {
  const able = keys.filter((key) => key.algorithm === algorithm && key.retiredAt === null)
  return able.findLast((key) => key.signsFrom <= now) ?? able.at(-1)
}

/** Whether verifiers need it: it signs, will sign, or may have signed something that is still alive. Not so once it was retired. */
export function isPublished(key: SigningKey, keys: Keys, now: number): boolean {
  if (key.retiredAt !== null) return false
  const successor = keys.find(
    (each) => each.algorithm === key.algorithm && each.generation > key.generation && each.retiredAt === null,
  )
  return !successor || now <= Math.max(key.neededUntil, successor.signsFrom + SHORT_SIGNED) + GRACE
}

/** The generation that the next key of an algorithm has; two servers that make it at once make one. */
export function nextGeneration(keys: Keys, algorithm: string): number {
  return 1 + Math.max(0, ...keys.filter((key) => key.algorithm === algorithm).map((key) => key.generation))
}

/** Whether the next key has to be made now, so that no key signs for longer than the interval. */
export function isRotationDue(keys: Keys, algorithm: string, interval: number, now: number): boolean {
  const newest = keys.findLast((key) => key.algorithm === algorithm)
  return newest === undefined || newest.signsFrom + interval - PUBLISH_LEAD <= now
}
