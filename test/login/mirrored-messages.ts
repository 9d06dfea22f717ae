import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import english from '../../src/ui/messages/en.json' with { type: 'json' }
import { type Messages, openMessages } from '../../src/ui/messages/messages.ts'

const LETTERS = 'אבגדהוזחטיכלמנסעפצקרשת'

/** English and, as `he`, the same messages in a right-to-left script, to show pages in that direction. */
export async function mirroredMessages(): Promise<Messages> {
  const folder = mkdtempSync(join(tmpdir(), 'messages-'))
  const messages = Object.entries(english.messages).map(([key, text]) => [key, mirrored(text)])
  const catalogue = { name: 'עברית', direction: 'rtl', messages: Object.fromEntries(messages) }
  writeFileSync(join(folder, 'he.json'), JSON.stringify(catalogue))
  try {
    return await openMessages(pathToFileURL(`${folder}/`))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function mirrored(text: string): string {
  const pieces = text.split(/(\{\w+\})/)
  const turn = (letter: string) => LETTERS[letter.toLowerCase().charCodeAt(0) % LETTERS.length]!
  return pieces.map((piece) => (piece.startsWith('{') ? piece : piece.replaceAll(/[a-z]/gi, turn))).join('')
}
