import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Answers, type Contender, isOnce, type Scenario, targetOf } from '../contender.ts'
import { freePort, serverCore, startPinned, stopProcess } from '../process.ts'
import { ask } from '../prove.ts'
import { appFor, mintCodes, mintRefreshTokens, type Platform, redirectUri, seed } from './behalf-seed.ts'

const root = join(import.meta.dirname, '../..')
const program = join(root, 'bin/behalf.js')
/** Node's own flags, as `npm run behalf` has them. */
const usualFlags = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts.behalf as string)
  .split(' ')
  .filter((word) => word.startsWith('--'))
const PATHS = { token: '/oauth/token', userinfo: '/oauth/userinfo', introspection: '/oauth/introspect' }
const secret = randomBytes(32).toString('hex')

/**
 * Behalf on a database with so many tokens, seeded when it is first started. Every start gets a fresh copy of it, so that all
 * rounds find the same.
 */
export function behalf(
  id: string,
  label: string,
  tokenCount: number,
  scenarios: readonly Scenario[],
  { workFolder, nodeFlags }: { workFolder: string; nodeFlags: string[] },
): Contender {
  const seeded = join(workFolder, `${id}-seeded.db`)
  const file = join(workFolder, `${id}.db`)
  let known: Platform | undefined

  const prepare = async () => {
    console.error(`seeding ${tokenCount.toLocaleString('en')} tokens`)
    const platform = await seed(`sqlite:${seeded}`, tokenCount)
    // The first start makes the signing keys. After it the database is what the promise calls an existing one.
    await stopProcess((await serve(seeded, [])).child)
    return platform
  }

  return {
    id,
    label,
    scenarios,
    async start() {
      known ??= await prepare()
      const platform: Platform = { ...known, databaseUrl: `sqlite:${file}` }
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
      copyFileSync(seeded, file)
      const { child, port, readyAfter } = await serve(file, nodeFlags)
      return {
        pid: child.pid!,
        port,
        readyAfter,
        target: (scenario) => targetOf(scenario, PATHS, appFor(platform, scenario), redirectUri),
        supply: async (scenario, count) => {
          if (scenario === 'client-credentials') return undefined
          if (!isOnce(scenario)) return drawn(platform.tokens, count)
          return scenario === 'refresh' ? mintRefreshTokens(platform, count) : mintCodes(platform, scenario, count)
        },
        works: async (token) => {
          const headers = { authorization: `Bearer ${token}` }
          return (await fetch(`http://127.0.0.1:${port}${PATHS.userinfo}`, { headers })).status !== 401
        },
        storedTokens: () => countTokens(file),
        stop: () => stopProcess(child),
      }
    },
  }
}

/** Starts the server as its operators do, alone on its core, and waits until it says that it is ready. */
async function serve(file: string, nodeFlags: string[]) {
  const port = await freePort()
  const begun = performance.now()
  const child = startPinned(serverCore, [...usualFlags, ...nodeFlags, program, 'serve'], {
    BEHALF_HOST: '127.0.0.1',
    BEHALF_PORT: String(port),
    BEHALF_ISSUER: `http://127.0.0.1:${port}`,
    BEHALF_DATABASE_URL: `sqlite:${file}`,
    BEHALF_SECRET: secret,
  })
  await untilReady(`http://127.0.0.1:${port}/health/ready`, () => child.exitCode === null)
  return { child, port, readyAfter: performance.now() - begun }
}

/** One answer of each scenario, byte for byte, for the bare server to repeat. */
export async function recordAnswers(contender: Contender): Promise<Answers> {
  const running = await contender.start()
  const answers: Answers = {}
  try {
    for (const scenario of contender.scenarios) {
      const [sent] = (await running.supply(scenario, 1)) ?? ['0']
      const answer = await ask(running, scenario, sent!)
      const headers = Object.fromEntries(answer.headers)
      for (const name of ['date', 'connection', 'keep-alive']) delete headers[name]
      const body = await answer.text()
      if (answer.status !== 200) throw new Error(`${scenario}: ${answer.status} ${body}`)
      answers[scenario] = { headers, body }
    }
  } finally {
    await running.stop()
  }
  return answers
}

async function untilReady(url: string, isAlive: () => boolean): Promise<void> {
  const until = Date.now() + 30_000
  while (isAlive() && Date.now() < until) {
    const ready = await fetch(url).then(
      (answer) => answer.arrayBuffer().then(() => answer.ok),
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('Behalf did not become ready')
}

/** So many of them, from all over and in no order. */
function drawn(all: string[], count: number): string[] {
  const pool = [...all]
  const size = Math.min(count, pool.length)
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(Math.random() * (pool.length - i))
    ;[pool[i], pool[j]] = [pool[j]!, pool[i]!]
  }
  return pool.slice(0, size)
}

function countTokens(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  const row = db.prepare('select count(*) as n from access_tokens').get()
  db.close()
  return Number(row?.n)
}
