import { tokenDigest } from '../../kit/digest.ts'
import { newToken, TIME_DIGITS } from '../../kit/id.ts'
import type { Seal } from '../../kit/seal.ts'

const PURPOSE = 'the refresh token that replaces another'

/**
 * Makes the token that replaces a used one from the used one, our secret and the current time. So a repeated request can get it again,
 * although only its digest is stored.
 */
export function newSuccessor(used: string, now: number, seal: Seal): string {
  return newToken(now).slice(0, TIME_DIGITS) + rest(seal.mac(PURPOSE, used))
}

/** Makes the successor of a used token again. Returns undefined if none of our secrets gives a token with this digest. */
export function sameSuccessor(used: string, successorDigest: string, seal: Seal): string | undefined {
  const birth = successorDigest.slice(0, TIME_DIGITS)
  return seal
    .macs(PURPOSE, used)
    .map((mac) => birth + rest(mac))
    .find((token) => tokenDigest(token) === successorDigest)
}

/** The 51 hexadecimal digits after the time: 204 bits. */
function rest(mac: string): string {
  return Buffer.from(mac, 'base64url')
    .toString('hex')
    .slice(0, 64 - TIME_DIGITS)
}
