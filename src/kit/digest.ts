import { hash, timingSafeEqual } from 'node:crypto'
import { TIME_DIGITS } from './id.ts'

/** Returns the SHA-256 of a secret that has at least 200 random bits: base64url, 43 characters. Only this is stored. */
export function digest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Characters of a token's SHA-256 that are stored: 144 bits, which keeps the row short and is as hard to guess as a 144-bit key. */
const STORED_LENGTH = 24

/** Returns what is stored of a code or token: its time of creation, so that rows are in that order, then its shortened SHA-256; 37 characters. */
export function tokenDigest(token: string): string {
  return token.slice(0, TIME_DIGITS) + hash('sha256', token, 'base64url').slice(0, STORED_LENGTH)
}

/** Compares two texts in constant time. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
