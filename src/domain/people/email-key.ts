import { domainToASCII } from 'node:url'
import { withoutUnseen } from '../../kit/unseen.ts'
import { refuse } from './refusals.ts'

/** Space, joiners and variation selectors. They are refused even where a word needs them, because they make two addresses look alike. */
const HARDLY_SEEN = /\s|\u200C|\u200D|[\u180B-\u180F]|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/u

/**
 * Returns the form in which email addresses are compared: compatibility forms folded, trimmed, in lower case, the host in ASCII as browsers
 * send it. Returns undefined for an impossible address: longer than 254 characters (RFC 5321 §4.5.3.1.3), without exactly one @, or with
 * invisible characters.
 */
export function emailKey(email: string): string | undefined {
  if (email.length > 1000) return undefined
  // Folded again after lower case, so that the key of a key is the key itself.
  const folded = email.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
  const [name, host, ...more] = folded.split('@')
  const isSeen = withoutUnseen(folded) === folded && !HARDLY_SEEN.test(folded)
  if (!name || !host || more.length > 0 || !isSeen) return undefined
  const key = `${name}@${domainToASCII(host)}`
  return key.endsWith('@') || key.length > 254 ? undefined : key
}

/** Returns the key of the email address that a person will sign in with. Throws a Refusal for an impossible address. */
export function needEmailKey(email: string): string {
  return emailKey(email) ?? refuse('email.wrong')
}
