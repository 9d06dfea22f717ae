import { randomBytes } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Returns a public identifier of `length` lowercase letters and digits; 16 have 82 random bits. It cannot be guessed, but is not a secret. */
export function newUid(length = 16): string {
  let uid = ''
  while (uid.length < length) {
    // 252 is the largest multiple of 36 in a byte; larger bytes would favour the first letters.
    for (const byte of pool(length * 2)) if (byte < 252 && uid.length < length) uid += ALPHABET[byte % 36]
  }
  return uid
}

/** Returns an identifier that sorts by its time of creation, so that new rows share a few pages of an index: 25 lowercase hex digits. */
export function newOrderedUid(now: number): string {
  return timeDigits(now) + pool(6).toString('hex')
}

/** Returns a text that sorts before every identifier that `newOrderedUid` makes at or after a time, in seconds, and after all earlier ones. */
export function orderedUidAt(at: number): string {
  return (at >>> 0).toString(16).padStart(8, '0')
}

/** Returns a new secret: 64 lowercase hex digits, 256 random bits. */
export function newSecret(): string {
  return pool(32).toString('hex')
}

/** How many digits of a token are its time of creation. */
export const TIME_DIGITS = 13

/**
 * Returns a new code or token: 64 lowercase hex digits. The first 13 are the time of creation, which keeps new rows together and which
 * the holder knows anyway; the other 51 are random (204 bits).
 */
export function newToken(now: number): string {
  return (
    timeDigits(now) +
    pool(26)
      .toString('hex')
      .slice(0, 64 - TIME_DIGITS)
  )
}

/** Returns a code or token of the form of `newToken` from its time of creation and a MAC in base64url, which has 256 bits. */
export function tokenOf(createdAt: number, mac: string): string {
  const digits = Buffer.from(mac, 'base64url').toString('hex')
  return ((createdAt >>> 0).toString(16).padStart(8, '0') + digits).slice(0, 64)
}

/** Whether a text has the form of our tokens and secrets. */
export function isToken(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/** Returns the seconds as eight hex digits and the microseconds as five. Rows in the exact order of creation halve the pages of a commit. */
function timeDigits(now: number): string {
  const micros = Math.floor((performance.timeOrigin + performance.now()) * 1000) % 1_000_000
  return (now >>> 0).toString(16).padStart(8, '0') + micros.toString(16).padStart(5, '0')
}

let random = randomBytes(4096)
let used = 0

/** Returns random bytes from a buffer, because each call to the system is slow. No byte is returned twice. */
function pool(size: number): Buffer {
  if (used + size > random.length) {
    random = randomBytes(4096)
    used = 0
  }
  used += size
  return random.subarray(used - size, used)
}
