import { withoutUnseen } from './unseen.ts'

const MAX_LENGTH = 100
/** What remains of the end of a longer name: names of branches often differ only there. */
const END_LENGTH = 30

/**
 * Cleans a name that a third party chose, so that it can be shown: without invisible characters, changes of direction and stacked accents.
 * At most 100 characters, the beginning and the end; empty when nothing remains.
 */
export function plainName(name: string): string {
  const seen = withoutUnseen(name.normalize('NFC').replaceAll(/[\t\n\r]/g, ' '))
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
    .replaceAll(/\s+/gu, ' ')
    .trim()
  const letters = [...seen]
  if (letters.length <= MAX_LENGTH) return seen
  const beginning = letters.slice(0, MAX_LENGTH - END_LENGTH - 1).join('')
  return `${beginning.trimEnd()}…${letters.slice(-END_LENGTH).join('').trimStart()}`
}
