import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

const PROGRAM = join(import.meta.dirname, '../../bin/behalf.ts')

/** A folder of its own, gone when the test file ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-cli-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Place {
  /** The folder it is run in; the database is `data/behalf.db` there. */
  cwd: string
  env?: Record<string, string>
  /** What stands on standard input. */
  input?: string
  /** Options of Node itself. */
  node?: string[]
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** What was said with --json. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
  json(): any
}

/** Runs one command line of the real program until it ends. */
export async function behalf(args: readonly string[], place: Place): Promise<Ended> {
  const started = start(args, place)
  started.child.stdin!.end(place.input ?? '')
  return started.ended
}

/** Starts the real program; it is killed when the test file ends, should it still run. */
export function start(args: readonly string[], { cwd, env, node = [] }: Place) {
  const clean = Object.entries(process.env).filter(([name]) => !/^(BEHALF_|NODE_TEST)/.test(name))
  const child = spawn(process.execPath, [...node, PROGRAM, ...args], {
    cwd,
    env: { ...Object.fromEntries(clean), ...env },
  })
  after(() => child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  }
  const ended = once(child, 'close').then(([code]): Ended => ({ code, ...said, json: () => readAnswer(said.stdout) }))
  return { child: child as ChildProcess, said, ended }
}

/** What every answer to a program is: one line, one object, and names in snake_case however deep they lie. */
function readAnswer(stdout: string) {
  assert.match(stdout, /^\{.*\}\n$/)
  return JSON.parse(stdout, (name, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    for (const member of Object.keys(value)) assert.match(member, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, `${name} ${member}`)
    return value
  })
}

/** Waits until something is so; a test that waits in vain is told what for. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const patience = Date.now() + 15_000
  while (!(await isSo())) {
    if (Date.now() > patience) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts a server on a port that the system chooses, and waits until it says where it is. */
export async function serve(place: Place) {
  const server = start(['serve', '--json'], { ...place, env: { BEHALF_PORT: '0', ...place.env } })
  let isOver = false
  server.ended.finally(() => {
    isOver = true
  })
  await until('the server listens', () => isOver || server.said.stdout.includes('\n'))
  if (isOver) throw new Error(server.said.stderr)
  const { url } = JSON.parse(server.said.stdout) as { url: string }
  return { ...server, url, port: Number(new URL(url).port) }
}

/** So many ports in a row, 100 apart, that nobody listens on at the moment; the first of them. */
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
