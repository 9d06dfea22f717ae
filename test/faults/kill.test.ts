import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SIGNING_ALGORITHMS } from '../../src/domain/keys/signing-algorithms.ts'
import { askDatabase, countRows } from '../parts/ask-database.ts'
import { freshDatabase, startPostgres } from '../parts/postgres.ts'
import { type Seeded, type SeededCode, seed } from '../parts/seeded.ts'
import { freePort, makeFolder, type ServerProcess, startServer } from '../parts/server-process.ts'
import { beginLoad, checkBooks, checkDead, checkRemembered, checkSpent, retryOpen } from './exchange-load.ts'

/** How often the server is killed: TEST_KILLS=150 for a long run. */
const KILLS = Number(process.env.TEST_KILLS ?? 12)
const CODES_A_ROUND = 250
const SAMPLE = 5

type Token = SeededCode & { token: string }

/** What the apps know, over all rounds. */
interface Memory {
  good: Token[]
  dead: Token[]
  /** Exchanges without an answer: codes that were unused afterwards, and codes that were spent without a live token. */
  asNew: number
  spent: number
  restarts: number[]
}

const newMemory = (): Memory => ({ good: [], dead: [], asNew: 0, spent: 0, restarts: [] })

test('a server on SQLite that is killed repeatedly under load loses no acknowledged write and spends no code twice', async (t) => {
  const url = newFile()
  await killServers(t, url, KILLS)
  assert.deepEqual(
    (await askDatabase(url, 'pragma integrity_check')).map((row) => row.integrity_check),
    ['ok'],
  )
})

test('a server on PostgreSQL that is killed repeatedly under load loses no acknowledged write and spends no code twice', async (t) => {
  await killServers(t, await freshDatabase(), Math.ceil(KILLS / 3))
})

test('PostgreSQL that is killed under load loses no acknowledged write, and the server recovers without a restart', async (t) => {
  const postgres = await startPostgres({ durable: true })
  t.after(() => postgres.stop())
  const seeded = await seed(postgres.url)
  const server = await startServer({ databaseUrl: postgres.url, env: { BEHALF_DATABASE_TIMEOUT: '2' } })
  const memory = newMemory()
  for (let round = 0; round < Math.ceil(KILLS / 4); round++) {
    const load = beginLoad(server, seeded, await seeded.makeCodes(CODES_A_ROUND))
    await untilAnswered(load.ledger, randomInt(20, 120))
    postgres.kill()
    await sleep(100)
    load.stop()
    await load.done
    for (const status of load.ledger.statuses.keys()) assert.ok([200, 503].includes(status), `answered ${status}`)
    const begun = performance.now()
    await postgres.restart()
    await untilReady(server)
    memory.restarts.push(Math.round(performance.now() - begun))
    await goThroughBooks(server, seeded, load.ledger, memory, postgres.url)
  }
  await checkRemembered(server, memory.good)
  await checkDead(server, memory.dead)
  assert.ok(server.isRunning())
  assert.deepEqual(
    server.logged().filter(({ level }) => level === 'error' || level === 'fatal'),
    [],
  )
  report(t, memory)
})

for (const [engine, makeDatabase] of Object.entries({ sqlite: async () => newFile(), postgres: freshDatabase })) {
  test(`a server on ${engine} that is killed during its first start starts normally the next time`, async () => {
    const databaseUrl = await makeDatabase()
    for (let round = 0; round < 4; round++) {
      const server = await startServer({ databaseUrl, until: 'spawned' })
      await sleep(randomInt(100, 400))
      await server.kill()
    }
    const server = await startServer({ databaseUrl })
    assert.equal(await countRows(databaseUrl, 'signing_keys'), SIGNING_ALGORITHMS.length)
    assert.equal((await server.fetch('/oauth/jwks')).status, 200)
  })
}

function newFile(): string {
  return `sqlite:${join(makeFolder(), 'behalf.db')}`
}

/** Rounds of: start, load, kill, start again, check what is stored. */
async function killServers(t: TestContext, databaseUrl: string, rounds: number): Promise<void> {
  const seeded = await seed(databaseUrl)
  // All at once, so that only the server opens the database between a kill and the next start.
  const codes = await seeded.makeCodes(rounds * CODES_A_ROUND)
  const port = await freePort()
  const memory = newMemory()
  let server = await startServer({ databaseUrl, port })
  for (let round = 0; round < rounds; round++) {
    const load = beginLoad(server, seeded, codes.slice(round * CODES_A_ROUND, (round + 1) * CODES_A_ROUND))
    await untilAnswered(load.ledger, randomInt(5, CODES_A_ROUND))
    await sleep(randomInt(5))
    await server.kill()
    load.stop()
    await load.done
    for (const status of load.ledger.statuses.keys()) assert.ok([200, 0].includes(status), `answered ${status}`)
    server = await startServer({ databaseUrl, port })
    memory.restarts.push(server.readyAfter)
    await goThroughBooks(server, seeded, load.ledger, memory, databaseUrl)
  }
  await checkRemembered(server, memory.good)
  await checkDead(server, memory.dead)
  report(t, memory)
  server.signal('SIGTERM')
  assert.equal(await server.ended, 0)
}

/** Tokens first, because presenting a spent code again ends its token. */
async function goThroughBooks(
  server: ServerProcess,
  seeded: Seeded,
  ledger: { acknowledged: Token[]; open: SeededCode[] },
  memory: Memory,
  databaseUrl: string,
): Promise<void> {
  await checkRemembered(server, ledger.acknowledged)
  const usable = await retryOpen(server, seeded, ledger.open)
  await checkRemembered(server, usable)
  const replayed = ledger.acknowledged.slice(0, SAMPLE)
  await checkSpent(server, seeded, replayed)
  await checkBooks(databaseUrl)
  memory.asNew += usable.length
  memory.spent += ledger.open.length - usable.length
  memory.dead.push(...replayed)
  memory.good.push(...ledger.acknowledged.slice(SAMPLE), ...usable)
}

/** Waits for this many answers, or until the codes are used up. */
async function untilAnswered({ acknowledged, open }: { acknowledged: unknown[]; open: unknown[] }, count: number) {
  const until = Date.now() + 10_000
  while (acknowledged.length + open.length < count && Date.now() < until) await sleep(1)
}

async function untilReady(server: ServerProcess): Promise<void> {
  const until = Date.now() + 20_000
  while (!(await server.fetch('/health/ready')).ok) {
    assert.ok(Date.now() < until, 'it recovers without a restart')
    await sleep(20)
  }
}

function report(t: TestContext, { good, dead, asNew, spent, restarts }: Memory): void {
  const sorted = restarts.toSorted((a, b) => a - b)
  const [middle, worst] = [sorted[sorted.length >> 1]!, sorted.at(-1)!]
  const given = `${restarts.length} kills, ${good.length + dead.length} tokens issued and stored`
  const lost = `of ${asNew + spent} answers that did not come, ${asNew} codes were as good as new and ${spent} spent`
  t.diagnostic(`${given}; ${lost}; ready again after ${middle} ms, at worst ${worst} ms`)
  assert.ok(worst < 10_000, `ready again after ${worst} ms`)
}
