import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
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

/** Reads one line from the terminal. Node edits the line, but writes it nowhere, so that the terminal does not show it. */
async function readHidden(question: string): Promise<string> {
  process.stderr.write(question)
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
  const cancelled = new AbortController()
  // Ctrl-C and Ctrl-D close the terminal before there is a line.
  terminal.on('close', () => cancelled.abort())
  try {
    return await terminal.question('', { signal: cancelled.signal })
  } catch {
    throw new Failure('failed', 'cancelled', 'Cancelled. Nothing was changed.')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
