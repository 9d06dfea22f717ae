import { withoutUnseen } from './unseen.ts'

const LONGEST = 80

/**
 * A name that a stranger chose, made fit to be shown: nothing in it can turn the sentence around it, hide, or grow over its lines.
 * Empty when nothing remains.
 */
export function plainName(name: string): string {
  const seen = withoutUnseen(name.normalize('NFC').replaceAll(/[\t\n\r]/g, ' '))
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
    .replaceAll(/\s+/gu, ' ')
    .trim()
  const letters = [...seen]
  if (letters.length <= LONGEST) return seen
  const beginning = letters.slice(0, LONGEST - 1).join('')
  return `${beginning.trimEnd()}…`
}
