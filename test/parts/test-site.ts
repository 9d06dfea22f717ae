import { after } from 'node:test'
import { loadConfig } from '../../src/config/load.ts'
import type { Clock } from '../../src/kit/clock.ts'
import { openPasswords } from '../../src/kit/password.ts'
import { type OwnParts, openSite } from '../../src/open-site.ts'
import { openServer } from '../../src/server.ts'
import type { Site } from '../../src/site.ts'
import { freshDatabase } from './postgres.ts'

/** A clock that stands still until it is moved. */
export interface HeldClock extends Clock {
  set(now: number): void
  advance(seconds: number): void
}

export function heldClock(start = 1_800_000_000): HeldClock {
  let now = start
  return {
    now: () => now,
    set: (time) => {
      now = time
    },
    advance: (seconds) => {
      now += seconds
    },
  }
}

export type Engine = 'sqlite' | 'postgres'
/** The engines that tests run on: both, unless `npm run test:quick` sets SQLite only. */
export const ENGINES: readonly Engine[] = process.env.TEST_QUICK ? ['sqlite'] : ['sqlite', 'postgres']

/** A whole server without a port, with a held clock and a cheap password hash, on a database of its own. */
export interface TestSite {
  site: Site
  clock: HeldClock
  origin: string
  /** Every line that was logged. */
  logged: string[]
  /** Sends a request as a program does: redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export interface TestSiteOptions {
  engine?: Engine
  env?: Record<string, string>
  own?: OwnParts
  /** The database of another server, to be a second node on it. */
  databaseUrl?: string
  clock?: HeldClock
  /** Whether requests come through a proxy at 127.0.0.1, which the server trusts: their `X-Forwarded-For` is the address of the visitor. */
  behindProxy?: boolean
}

export async function testSite(options: TestSiteOptions = {}): Promise<TestSite> {
  const clock = options.clock ?? heldClock()
  const logged: string[] = []
  const databaseUrl = options.databaseUrl ?? (options.engine === 'postgres' ? await freshDatabase() : 'sqlite::memory:')
  const config = loadConfig({
    BEHALF_DATABASE_URL: databaseUrl,
    BEHALF_SECRET: 'a-secret-for-tests-of-forty-characters-00',
    BEHALF_ISSUER: 'http://localhost:7200',
    BEHALF_LOG_LEVEL: 'debug',
    BEHALF_DATABASE_POOL: '4',
    ...(options.behindProxy ? { BEHALF_TRUSTED_PROXIES: '127.0.0.1' } : {}),
    ...options.env,
  })
  const { openLog } = await import('../../src/kit/log.ts')
  const log = openLog(config.logLevel, { write: (line) => void logged.push(line) })
  const passwords = openPasswords({ memory: 64, passes: 1, parallelism: 1 }, 4, 1000)
  const site = await openSite(config, { clock, log, passwords, ...options.own })
  const server = openServer(site)
  after(() => site.close())
  const origin = config.issuer
  return {
    site,
    clock,
    origin,
    logged,
    fetch: async (path, init) => {
      const url = path.startsWith('http') ? path : origin + path
      const request = new Request(url, { redirect: 'manual', ...init })
      if (!request.headers.has('host')) request.headers.set('host', new URL(url).host)
      return server.fetch(request, options.behindProxy ? { incoming: messageOfProxy(request) } : undefined)
    },
  }
}

/** What Node would say about a request that a proxy on this machine sent. */
function messageOfProxy(request: Request) {
  const lines = [...request.headers]
  return {
    headers: Object.fromEntries(lines),
    headersDistinct: Object.fromEntries(lines.map(([name, value]) => [name, [value]])),
    rawHeaders: lines.flat(),
    socket: { remoteAddress: '127.0.0.1' },
  }
}
