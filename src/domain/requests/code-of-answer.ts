import { tokenOf } from '../../kit/id.ts'
import type { Seal } from '../../kit/seal.ts'

/**
 * Returns the code that the approval of a waiting request gives, from its ticket and the time of the answer in seconds since 1970. It can be
 * made again without being stored. Only the browser has the ticket, and only this server the secret, so neither can make it alone.
 */
export function codeOfAnswer(ticket: string, answeredAt: number, seal: Seal): string {
  return tokenOf(answeredAt, seal.mac('code', `${ticket} ${answeredAt}`))
}
