import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ask, openLine } from './line.ts'

const PROGRAM = resolve(import.meta.dirname, '../../bin/behalf.js')
export const SECRET = 'a-secret-for-tests-of-forty-characters-00'

/** A server as operators run it: a process of its own, on a port, configured by environment variables. */
export interface ServerProcess {
  readonly pid: number
  readonly port: number
  readonly origin: string
  /** Milliseconds from the start of the process until it logged that it is ready. */
  readonly readyAfter: number
  /** Sends requests over kept connections, as many as needed. Redirects are not followed. */
  readonly fetch: Ask
  /** The lines it logged. */
  logged(): LogLine[]
  /** Everything it wrote, unchanged. */
  written(): string
  isRunning(): boolean
  signal(signal: NodeJS.Signals): void
  /** Resolves when the process has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Ends it like a power failure. */
  kill(): Promise<void>
}

export interface LogLine extends Record<string, unknown> {
  level: string
  msg?: string
}

export interface ServerOptions {
  databaseUrl: string
  env?: Record<string, string>
  port?: number
  /** What is put before the program on the command line: `prlimit`, `unshare`, … */
  wrapped?: readonly string[]
  /** Whether to wait until it is ready, until it is alive (its port answers), or not at all. */
  until?: 'ready' | 'live' | 'spawned'
}

/** Starts `behalf serve`. It ends with the test that started it, or with this process, however that ends. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { databaseUrl, wrapped = [], until = 'ready' } = options
  const port = options.port ?? (await freePort())
  const begun = performance.now()
  const [command, ...rest] = [...wrapped, process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM, 'serve']
  const child = spawn(command!, rest, {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      BEHALF_HOST: '127.0.0.1',
      BEHALF_PORT: String(port),
      BEHALF_ISSUER: `http://127.0.0.1:${port}`,
      BEHALF_DATABASE_URL: databaseUrl,
      BEHALF_SECRET: SECRET,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  watch(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece) => {
      text += piece
    })
  }
  const origin = `http://127.0.0.1:${port}`
  const line = openLine(origin)
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
    line.hangUp()
  }
  after(kill)

  if (until !== 'spawned') {
    while (
      !(await line.ask(`/health/${until}`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (!isRunning()) throw new Error(`The server ended (${await ended}):\n${text.slice(-2000)}`)
      if (performance.now() - begun > 30_000) throw new Error(`The server is not ${until}:\n${text.slice(-2000)}`)
      await sleep(5)
    }
  }
  return {
    pid: child.pid!,
    port,
    origin,
    readyAfter: Math.round(performance.now() - begun),
    fetch: line.ask,
    logged: () =>
      text
        .split('\n')
        .filter((each) => each.startsWith('{'))
        .map((each) => JSON.parse(each)),
    written: () => text,
    isRunning,
    signal: (signal) => void child.kill(signal),
    ended,
    kill,
  }
}

/** A free port, below the range of ports for outgoing connections. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 20_000)
    const probe = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    probe.close()
    if (isFree) return port
  }
}

let home: string | undefined
let guard: Socket | undefined
const alive = new Set<number>()

/** A folder for databases, removed when this process ends. */
export function makeFolder(): string {
  openGuard()
  return mkdtempSync(join(home!, 'd-'))
}

/** A shell that outlives this process for a moment. When the pipe to it closes, it ends what still runs and removes the folder. */
function openGuard(): Socket {
  if (guard) return guard
  home = mkdtempSync(join(tmpdir(), 'behalf-servers-'))
  const script = 'while read -r pids; do left=$pids; done; [ -n "$left" ] && kill -9 $left; rm -rf "$0"'
  const shell = spawn('/bin/sh', ['-c', script, home], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  guard = shell.stdin as Socket
  guard.unref()
  return guard
}

function watch(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  const report = () => openGuard().write(`${[...alive].join(' ')}\n`)
  alive.add(pid)
  report()
  child.once('exit', () => {
    alive.delete(pid)
    report()
  })
}
