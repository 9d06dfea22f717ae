import { randomBytes } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A public identifier: `length` lowercase letters and digits, 16 unless told (82 bits). Unguessable, but never a secret. */
export function newUid(length = 16): string {
  let uid = ''
  while (uid.length < length) {
    // 252 is the largest multiple of 36 in a byte; what lies above would favour the first letters.
    for (const byte of pool(length * 2)) if (byte < 252 && uid.length < length) uid += ALPHABET[byte % 36]
  }
  return uid
}

/** An identifier that sorts by its time of birth, so that new rows land together on a few pages of an index: 25 lowercase hex digits. */
export function newOrderedUid(now: number): string {
  return birth(now) + pool(6).toString('hex')
}

/** A secret shown once: 64 lowercase hex digits, 256 random bits. */
export function newSecret(): string {
  return pool(32).toString('hex')
}

/** How many digits of a token tell its time of birth. */
export const BIRTH_DIGITS = 13

/**
 * A code or token: 64 lowercase hex digits. The first thirteen tell when it was made, which its holder knows anyway and which keeps
 * its row beside its neighbours; the other 51 are random (204 bits).
 */
export function newToken(now: number): string {
  return (
    birth(now) +
    pool(26)
      .toString('hex')
      .slice(0, 64 - BIRTH_DIGITS)
  )
}

/** Whether a text looks like a token or secret of ours; anything else need not be looked for. */
export function isToken(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/**
 * Seconds as eight hex digits, and the millionth within the second as five: only the order of rows hangs on it, but that it is the very
 * order of birth halves the pages that a commit writes.
 */
function birth(now: number): string {
  const micros = Math.floor((performance.timeOrigin + performance.now()) * 1000) % 1_000_000
  return (now >>> 0).toString(16).padStart(8, '0') + micros.toString(16).padStart(5, '0')
}

let random = randomBytes(4096)
let used = 0

/** Random bytes are drawn in large pieces, because each draw costs a system call. No byte is handed out twice. */
function pool(size: number): Buffer {
  if (used + size > random.length) {
    random = randomBytes(4096)
    used = 0
  }
  used += size
  return random.subarray(used - size, used)
}
