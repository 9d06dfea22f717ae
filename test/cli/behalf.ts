import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

const OWN_FLAGS = ['--disable-warning=ExperimentalWarning']
const PROGRAM = join(import.meta.dirname, '../../bin/behalf.js')

/** Creates a temporary folder, which is deleted when the test file ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-cli-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Place {
  /** The working directory; the database is `data/behalf.db` in it. */
  cwd: string
  env?: Record<string, string>
  /** Standard input. */
  input?: string
  /** Options of Node. Without any, the program would start a second time with its own. */
  node?: string[]
  /** Another program than the one of this checkout, started without options of Node. */
  program?: string
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** The answer to --json. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
  json(): any
}

/** Runs the program with one command line until it ends. */
export async function behalf(args: readonly string[], place: Place): Promise<Ended> {
  const started = start(args, place)
  started.child.stdin!.end(place.input ?? '')
  return started.ended
}

/** Starts the program. It is killed when the test file ends. */
export function start(args: readonly string[], { cwd, env, program, node = program ? [] : OWN_FLAGS }: Place) {
  const clean = Object.entries(process.env).filter(([name]) => !/^(BEHALF_|NODE_TEST)/.test(name))
  const child = spawn(process.execPath, [...node, program ?? PROGRAM, ...args], {
    cwd,
    env: { ...Object.fromEntries(clean), ...env },
  })
  after(() => child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  const ended = once(child, 'close').then(
    ([code]): Ended => ({ code, ...output, json: () => readAnswer(output.stdout) }),
  )
  return { child: child as ChildProcess, output, ended }
}

/** Parses an answer to --json, and checks that it is one line with one object whose names are in snake_case at every depth. */
function readAnswer(stdout: string) {
  assert.match(stdout, /^\{.*\}\n$/)
  return JSON.parse(stdout, (name, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    for (const member of Object.keys(value)) assert.match(member, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, `${name} ${member}`)
    return value
  })
}

/** Waits until `isSo` returns true. Throws an error with `what` after 15 seconds. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts a server on a port that the system chooses, and waits until it prints its URL. */
export async function serve(place: Place) {
  const server = start(['serve', '--json'], { ...place, env: { BEHALF_PORT: '0', ...place.env } })
  let isOver = false
  server.ended.finally(() => {
    isOver = true
  })
  await until('the server listens', () => isOver || server.output.stdout.includes('\n'))
  if (isOver) throw new Error(server.output.stderr)
  const { url } = JSON.parse(server.output.stdout) as { url: string }
  return { ...server, url, port: Number(new URL(url).port) }
}

/** Finds three free ports that are 100 apart. Returns the first. */
export async function freePorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const base = 20_000 + Math.floor(Math.random() * 30_000)
    const probes = await Promise.all([base, base + 100, base + 200].map(isFree))
    if (probes.every(Boolean)) return base
  }
  throw new Error('no free ports')
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  const listening = once(probe.listen(port, '127.0.0.1'), 'listening').then(
    () => true,
    () => false,
  )
  const isListening = await listening
  if (isListening) await new Promise((resolve) => probe.close(resolve))
  return isListening
}
