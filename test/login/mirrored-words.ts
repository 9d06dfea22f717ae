import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import english from '../../src/ui/messages/en.json' with { type: 'json' }
import { openWords, type Words } from '../../src/ui/messages/messages.ts'

const LETTERS = 'אבגדהוזחטיכלמנסעפצקרשת'

/** English and, as `he`, the same words in letters that run from right to left: to look at pages the other way round. */
export async function mirroredWords(): Promise<Words> {
  const folder = mkdtempSync(join(tmpdir(), 'words-'))
  const words = Object.entries(english.words).map(([key, sentence]) => [key, mirrored(sentence)])
  const catalogue = { name: 'עברית', direction: 'rtl', words: Object.fromEntries(words) }
  writeFileSync(join(folder, 'he.json'), JSON.stringify(catalogue))
  try {
    return await openWords(pathToFileURL(`${folder}/`))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function mirrored(sentence: string): string {
  const pieces = sentence.split(/(\{\w+\})/)
  const turn = (letter: string) => LETTERS[letter.toLowerCase().charCodeAt(0) % LETTERS.length]!
  return pieces.map((piece) => (piece.startsWith('{') ? piece : piece.replaceAll(/[a-z]/gi, turn))).join('')
}
