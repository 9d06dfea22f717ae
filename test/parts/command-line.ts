import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { SECRET } from './server-process.ts'

const PROGRAM = resolve(import.meta.dirname, '../../bin/behalf.js')

/** The answer of a command with `--json`. */
export interface CommandAnswer {
  exit: number
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
  json: any
  complaint: string
}

/** Runs one `behalf` command as an operator does, in a process of its own beside the servers. */
export async function behalf(databaseUrl: string, ...args: string[]): Promise<CommandAnswer> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...args, '--json'], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      BEHALF_DATABASE_URL: databaseUrl,
      BEHALF_SECRET: SECRET,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [said, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { exit: code as number, json: said.trim() ? JSON.parse(said) : undefined, complaint }
}
