import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isAlive, startGuard } from './postgres-guard.ts'
import { ENVIRONMENT, findPrograms, giveTo, makeData, whoOwnsIt } from './postgres-programs.ts'

/** A PostgreSQL server that a test can kill, freeze and start again. Its `url` never changes. */
export interface PostgresServer {
  readonly url: string
  /** Ends the server and removes everything it wrote. */
  stop(): Promise<void>
  /** Kills every process of the server at once, as a power failure would. */
  kill(): void
  /** Starts the server again with its data, killed or alive, and resolves when it accepts connections. */
  restart(): Promise<void>
  /** Freezes every process of the server: connections stay open, but get no answer. */
  pause(): void
  resume(): void
}

/**
 * Starts a dedicated PostgreSQL server on a free loopback port. It ends with `stop()`, or with this process,
 * however that ends. `durable` keeps fsync on.
 */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const owner = whoOwnsIt()
  const home = mkdtempSync(join(tmpdir(), 'behalf-postgres-'))
  giveTo(owner, home)
  const guard = startGuard(owner, home)
  try {
    const programs = await findPrograms(owner, home)
    const password = randomBytes(16).toString('hex')
    const making = makeData(programs.initdb, owner, home, password)
    guard.watch(making.child)
    await making
    const settings = Object.entries(durable ? SETTINGS : { ...SETTINGS, ...NOT_DURABLE })

    const launch = async (port: number): Promise<ChildProcess | undefined> => {
      const log = openSync(join(home, 'log'), 'a')
      const options = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])
      const child = spawn(programs.postgres, ['-D', join(home, 'data'), '-p', String(port), ...options], {
        ...owner,
        cwd: home,
        env: ENVIRONMENT,
        detached: true,
        stdio: ['ignore', log, log],
      })
      closeSync(log)
      child.unref()
      guard.watch(child)
      while (isAlive(child)) {
        if (isReady(home, child)) return child
        await sleep(10)
      }
      return undefined
    }

    let port = 0
    let server: ChildProcess | undefined
    for (let attempt = 0; attempt < 10 && !server; attempt++) {
      // Below the range of ports for outgoing connections, so that a restart finds it free.
      port = randomInt(20_000, 30_000)
      server = await launch(port)
    }
    if (!server) throw new Error(`PostgreSQL does not start:\n${endOf(join(home, 'log'))}`)
    let running = server

    return {
      url: `postgres://behalf:${password}@127.0.0.1:${port}/postgres`,
      async stop() {
        signalAll(running, 'SIGCONT')
        await guard.end()
      },
      kill: () => signalAll(running, 'SIGKILL'),
      async restart() {
        if (isAlive(running)) {
          signalAll(running, 'SIGCONT')
          running.kill('SIGINT')
          running.ref()
          await once(running, 'exit')
        }
        // The last process of a killed server may hold the old memory for a moment longer.
        for (let attempt = 0; attempt < 50; attempt++) {
          const again = await launch(port)
          if (again) {
            running = again
            return
          }
          await sleep(100)
        }
        throw new Error(`PostgreSQL does not come back:\n${endOf(join(home, 'log'))}`)
      },
      pause: () => signalAll(running, 'SIGSTOP'),
      resume: () => signalAll(running, 'SIGCONT'),
    }
  } catch (error) {
    await guard.end()
    throw error
  }
}

let shared: Promise<string> | undefined

/**
 * The URL of a new, empty database, on the server that the whole test run shares (`global-setup.ts`), or on a server of this
 * process if a test file runs by itself.
 */
export async function freshDatabase(): Promise<string> {
  shared ??= process.env.TEST_POSTGRES ? askFor(process.env.TEST_POSTGRES) : startPostgres().then(({ url }) => url)
  const url = new URL(await shared)
  const name = `test_${randomBytes(8).toString('hex')}`
  const client = new pg.Client(url.href)
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  url.pathname = name
  return url.href
}

async function askFor(address: string): Promise<string> {
  const response = await fetch(address)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // In the data directory, so that nothing stays in /dev/shm after a kill.
  dynamic_shared_memory_type: 'mmap',
  max_connections: '400',
  shared_buffers: '64MB',
}
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** The lock file has the process id in its first line and the state of the server in its eighth. */
function isReady(home: string, { pid }: ChildProcess): boolean {
  try {
    const lines = readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n')
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

/** Stops the parent first, so that it neither starts another process nor notices what happens to its children. */
function signalAll(server: ChildProcess, signal: NodeJS.Signals): void {
  if (!server.kill('SIGSTOP')) return
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ')
  for (const pid of children.filter(Boolean)) {
    try {
      process.kill(Number(pid), signal)
    } catch {
      // It has just ended.
    }
  }
  server.kill(signal)
}

function endOf(log: string): string {
  return readFileSync(log, 'utf8').slice(-2000)
}
