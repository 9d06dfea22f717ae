import { after } from 'node:test'
import { loadConfig } from '../../src/config/load.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { openLog } from '../../src/kit/log.ts'
import { openPasswords } from '../../src/kit/password.ts'
import { startServer } from '../../src/main.ts'
import { freshDatabase } from './postgres.ts'
import type { Engine, TestSite } from './test-site.ts'

/** A whole server on a port of this machine, with the real clock: a TestSite for programs that connect over the network. */
export interface ListeningSite extends Omit<TestSite, 'clock'> {
  port: number
}

/** The setting that gives a server an empty database of this engine. */
export async function databaseOf(engine: Engine): Promise<Record<string, string>> {
  return engine === 'postgres'
    ? { BEHALF_DATABASE_URL: await freshDatabase(), BEHALF_SECRET: 'a-secret-for-tests-of-forty-characters-00' }
    : {}
}

export async function listeningSite(env: Record<string, string> = {}): Promise<ListeningSite> {
  const logged: string[] = []
  const config = loadConfig({
    BEHALF_HOST: '127.0.0.1',
    BEHALF_PORT: '0',
    BEHALF_ISSUER: 'http://127.0.0.1:0',
    BEHALF_DATABASE_URL: 'sqlite::memory:',
    BEHALF_STOP_TIMEOUT: '0',
    ...env,
  })
  const server = await startServer(config, {
    clock: systemClock,
    log: openLog('debug', { write: (line) => void logged.push(line) }),
    passwords: openPasswords({ memory: 64, passes: 1, parallelism: 1 }, 4, 1000),
  })
  after(() => server.stop())
  return {
    site: server.site,
    origin: server.url,
    port: Number(new URL(server.url).port),
    logged,
    fetch: (path, init) => fetch(path.startsWith('http') ? path : server.url + path, { redirect: 'manual', ...init }),
  }
}
