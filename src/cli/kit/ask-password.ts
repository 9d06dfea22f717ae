import { createInterface } from 'node:readline'
import { Failure, usageFailure } from './exit.ts'

/**
 * Asks for a new password twice, without showing it, until `check` accepts it. `check` throws when it does not. When standard input is
 * not a terminal, its first line is the password.
 */
export async function askPassword(question: string, check: (password: string) => void): Promise<string> {
  if (!process.stdin.isTTY) return firstLine()
  for (;;) {
    const password = await readHidden(question)
    try {
      check(password)
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`)
      continue
    }
    if ((await readHidden('Repeat the password: ')) === password) return password
    process.stderr.write('The passwords differ.\n')
  }
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdin.destroy()
    return line
  }
  throw usageFailure('A password is needed: one line on standard input, or --password.')
}

/** Reads one line in raw mode, so that the terminal does not show it. */
function readHidden(question: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return new Promise((resolve, reject) => {
    let typed = ''
    const done = (settle: () => void) => {
      stdin.off('data', read)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      settle()
    }
    const read = (text: string) => {
      for (const letter of text) {
        if (letter === '\r' || letter === '\n') return done(() => resolve(typed))
        if (letter === '\u0003' || letter === '\u0004') {
          return done(() => reject(new Failure('failed', 'cancelled', 'Cancelled. Nothing was changed.')))
        }
        if (letter === '\u007f' || letter === '\b') typed = [...typed].slice(0, -1).join('')
        else if (letter === '\u0015') typed = ''
        else if (letter >= ' ') typed += letter
      }
    }
    stdin.on('data', read)
  })
}
