import { domainToASCII } from 'node:url'
import { withoutUnseen } from '../../kit/unseen.ts'
import { refuse } from './refusals.ts'

/** Space, joiners and variation selectors: refused even where a word may need them, or two people's addresses would look alike. */
const HARDLY_SEEN = /\s|\u200C|\u200D|[\u180B-\u180F]|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/u

/**
 * An e-mail address as it is compared: compatibility forms folded, trimmed, in lower case, the host as DNS has it, which is also how
 * browsers send it. Undefined when there can be no such address: longer than 254 characters (RFC 5321 §4.5.3.1.3), without exactly
 * one @, or with letters that cannot be seen.
 */
export function emailKey(email: string): string | undefined {
  if (email.length > 1000) return undefined
  // Folded again after lower case, so that the key of a key is the key.
  const folded = email.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
  const [name, host, ...more] = folded.split('@')
  const isSeen = withoutUnseen(folded) === folded && !HARDLY_SEEN.test(folded)
  if (!name || !host || more.length > 0 || !isSeen) return undefined
  const key = `${name}@${domainToASCII(host)}`
  return key.endsWith('@') || key.length > 254 ? undefined : key
}

/** The key of an e-mail address somebody is to sign in with; refuses what can be none. */
export function needEmailKey(email: string, field = 'email'): string {
  return emailKey(email) ?? refuse('email.wrong', { field })
}

/** Whether a text is short enough to be hashed at all; without a limit a guess could cost us more than the guesser. */
export function mayBePassword(text: string): boolean {
  return text.length > 0 && [...text.slice(0, 1025)].length <= 256 && Buffer.byteLength(text) <= 1024
}

/** The rules for a new password (NIST SP 800-63B §5.1.1.2): long enough, and nothing is said about its letters. */
export function checkPassword(password: string, field = 'password'): void {
  if ([...password.slice(0, 20)].length < 8) refuse('password.too-short', { field })
  if (!mayBePassword(password)) refuse('password.too-long', { field })
}
