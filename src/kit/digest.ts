import { hash, timingSafeEqual } from 'node:crypto'
import { BIRTH_DIGITS } from './id.ts'

/** What is stored of a secret with 200 random bits or more: its SHA-256, base64url, 43 characters. */
export function digest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Characters of a token's SHA-256 that are kept: 144 bits, for a short row, and as hard to hit as a 144-bit key is to guess. */
const KEPT = 24

/** What is stored of a code or token: its time of birth, then its SHA-256 cut short, so that rows lie in order of birth; 37 characters. */
export function tokenDigest(token: string): string {
  return token.slice(0, BIRTH_DIGITS) + hash('sha256', token, 'base64url').slice(0, KEPT)
}

/** Compares two texts in a time that tells nothing of where they differ. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
