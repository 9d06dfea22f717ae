import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isErrorPage, isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, refresh, revoke, userinfo } from '../parts/app-calls.ts'
import { askDatabase } from '../parts/ask-database.ts'
import { startPostgres } from '../parts/postgres.ts'
import { type Seeded, type SeededCode, seed } from '../parts/seeded.ts'
import { type ServerProcess, startServer } from '../parts/server-process.ts'
import { visit } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'
import { beginLoad, checkBooks, checkRemembered, inTurns, retryOpen } from './exchange-load.ts'

/** Seconds that the server waits for its database in these tests, and the tolerance added to it. */
const TIMEOUT = 1
const MARGIN = 3000
/** The longest time until everything works again, in milliseconds. */
const RECOVERY = 8000
const env = { BEHALF_DATABASE_TIMEOUT: String(TIMEOUT) }

const postgres = await startPostgres({ durable: true })
after(() => postgres.stop())
// The previous test may have left the server in any state.
beforeEach(() => postgres.restart())
let databases = 0

interface Town {
  databaseUrl: string
  server: ServerProcess
  seeded: Seeded
  /** Tokens of different businesses. */
  tokens: (SeededCode & { token: string })[]
}

test('while PostgreSQL is dead, everything that needs it answers 503 in time, and recovers without a restart', async () => {
  const town = await build()
  postgres.kill()
  await checkDown(town)
  await checkDown(town)
  await postgres.restart()
  await checkBack(town)
})

test('while PostgreSQL is frozen, everything that needs it answers 503 in time, and recovers without a restart', async () => {
  const town = await build()
  const { server, tokens } = town
  // Queries are running when it freezes, and no answer to one of them may arrive as the answer to another.
  const until = Date.now() + 2500
  const asking = inTurns(
    Array.from({ length: 32 }),
    async () => {
      while (Date.now() < until) await askOnce(server, tokens[Math.floor(Math.random() * tokens.length)]!)
    },
    32,
  )
  await sleep(200)
  postgres.pause()
  await checkDown(town)
  postgres.resume()
  await asking
  await checkBack(town)
  postgres.pause()
  const begun = performance.now()
  server.signal('SIGTERM')
  assert.equal(await server.ended, 0, 'it can be stopped even now')
  assert.ok(performance.now() - begun < 10_000)
  postgres.resume()
})

test('a server that starts before its database is alive but not ready, and becomes ready when it can', async () => {
  const town = await build()
  town.server.signal('SIGTERM')
  await town.server.ended
  postgres.kill()
  const server = await startServer({ databaseUrl: town.databaseUrl, env, until: 'live' })
  const ready = await server.fetch('/health/ready')
  assert.deepEqual([ready.status, (await read(ready)).status], [503, 'unavailable'])
  const answer = await exchange(server, town.seeded.app, '0'.repeat(64))
  assert.ok(Number(answer.headers.get('retry-after')) > 0)
  assert.deepEqual([answer.status, (await read(answer)).error], [503, 'temporarily_unavailable'])
  const page = await server.fetch('/login', { headers: { accept: 'text/html,*/*;q=0.8' } })
  await isErrorPage(page, 503)
  await sleep(1500)
  assert.ok(server.isRunning())
  await postgres.restart()
  await checkBack({ ...town, server })
})

test('connections that PostgreSQL ends under load cause a 503 at most, and lose no code', async (t) => {
  const { databaseUrl, server, seeded, tokens } = await build()
  const load = beginLoad(server, seeded, await seeded.makeCodes(600), 8)
  let isOver = false
  const reading = inTurns(Array.from({ length: 4 }), async () => {
    while (!isOver) await askOnce(server, tokens[Math.floor(Math.random() * tokens.length)]!)
  })
  for (let round = 0; round < 15; round++) {
    await askDatabase(
      databaseUrl,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'behalf' and datname = current_database()",
    )
    await sleep(20)
  }
  await load.done
  isOver = true
  await reading
  const { ledger } = load
  for (const status of ledger.statuses.keys()) assert.ok([200, 503].includes(status), `answered ${status}`)
  await checkRemembered(server, ledger.acknowledged)
  await checkRemembered(server, await retryOpen(server, seeded, ledger.open))
  await checkBooks(databaseUrl)
  t.diagnostic(`${ledger.acknowledged.length} exchanges answered, ${ledger.open.length} refused with a 503`)
})

test('writers that wait for a lock get a 503 in time, and readers do not wait', async (t) => {
  const { databaseUrl, server, seeded, tokens } = await build()
  const codes = await seeded.makeCodes(40)
  const locker = new pg.Client(databaseUrl)
  t.after(() => locker.end())
  await locker.connect()
  await locker.query('begin; lock table codes in share row exclusive mode')
  const begun = performance.now()
  let isOver = false
  const reading = inTurns(tokens, async (token) => {
    while (!isOver) await checkRemembered(server, [token])
  })
  const answers = await Promise.all(codes.map(({ code }) => exchange(server, seeded.app, code)))
  const took = performance.now() - begun
  isOver = true
  await reading
  for (const answer of answers) await isOAuthError(answer, 503, 'temporarily_unavailable')
  // Once for a connection, once for the lock.
  assert.ok(took < 2 * TIMEOUT * 1000 + MARGIN, `it took ${took} ms`)
  await locker.query('rollback')
  assert.equal((await retryOpen(server, seeded, codes)).length, codes.length, 'refused requests changed nothing')
})

async function makeDatabase(): Promise<string> {
  const name = `town_${databases++}`
  await askDatabase(postgres.url, `create database ${name}`)
  return Object.assign(new URL(postgres.url), { pathname: name }).href
}

async function build(): Promise<Town> {
  const databaseUrl = await makeDatabase()
  const seeded = await seed(databaseUrl)
  const server = await startServer({ databaseUrl, env })
  const codes = await seeded.makeCodes(seeded.owners.length)
  const tokens = await Promise.all(
    codes.map(async (code) => ({ ...code, token: (await read(exchange(server, seeded.app, code.code))).access_token })),
  )
  return { databaseUrl, server, seeded, tokens }
}

/** Checks that the answer names the owner of the token, or is a 503. */
async function askOnce(server: ServerProcess, { token, businessUid }: SeededCode & { token: string }) {
  const answer = await userinfo(server, token)
  const body = await read(answer)
  if (answer.status === 200) assert.equal(body.business_uid, businessUid)
  else assert.equal(answer.status, 503, JSON.stringify(body))
}

/** Sends every request that needs the database at once, and some that do not. */
async function checkDown({ server, seeded: { app }, tokens }: Town): Promise<void> {
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const oauth = (answer: Response, about: string) => isOAuthError(answer, 503, 'temporarily_unavailable', about)
  const page = (answer: Response, about: string) => isErrorPage(answer, 503, about)
  const asked: [string, Promise<Response>, (answer: Response, about: string) => Promise<unknown>][] = [
    ['token', exchange(server, app, 'f'.repeat(64)), oauth],
    ['refresh', refresh(server, app, 'f'.repeat(64)), oauth],
    ['revoke', revoke(server, app, tokens[0]!.token), oauth],
    ['userinfo', userinfo(server, tokens[0]!.token), oauth],
    ['userinfo with an unknown token', userinfo(server, '0'.repeat(64)), oauth],
    ['authorize', server.fetch(authorizationPath(app)), page],
    ['authorize, signed in', server.fetch(authorizationPath(app), cookie('session')), page],
    ['login', server.fetch('/login'), page],
    ['login with a ticket', server.fetch(`/login?ticket=${'0'.repeat(64)}`), page],
    ['signing in', server.fetch('/login', { ...form, body: 'email=owner0@example.com&password=x&csrf=x' }), refused],
    ['consent', server.fetch('/oauth/consent', { ...form, body: `ticket=${'0'.repeat(64)}&decision=allow` }), page],
    ['platform', server.fetch('/platform/v1/apps', bearer('1'.repeat(64))), refused],
    ['ready', server.fetch('/health/ready'), refused],
  ]
  const begun = performance.now()
  const live = await server.fetch('/health/live')
  assert.equal(live.status, 200)
  assert.ok(performance.now() - begun < 3000, 'the liveness check needs no database')
  await Promise.all(
    asked.map(async ([about, asking, check]) => {
      const answer = await asking
      const took = performance.now() - begun
      assert.ok(took < TIMEOUT * 1000 + MARGIN, `${about} took ${took} ms`)
      assert.ok(Number(answer.headers.get('retry-after')) > 0, `${about} says when to come back`)
      await check(answer, about)
    }),
  )
}

async function refused(answer: Response, about: string): Promise<void> {
  assert.equal(answer.status, 503, `${about}: ${await answer.text()}`)
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const cookie = (name: string) => ({ headers: { cookie: `behalf-${name}=${'a'.repeat(64)}` } })

/** In a few seconds, in the same process, tokens work, people sign in, and codes are given (the app was allowed before) and exchanged. */
async function checkBack({ server, seeded, tokens }: Town): Promise<void> {
  const begun = performance.now()
  while (!(await server.fetch('/health/ready')).ok) {
    assert.ok(performance.now() - begun < RECOVERY, 'it recovers without a restart')
    await sleep(20)
  }
  await checkRemembered(server, tokens)
  const visitor = visit(server)
  await visitor.open(authorizationPath(seeded.app))
  await visitor.signIn(seeded.owners[0]!.email, PASSWORD)
  assert.equal((await exchange(server, seeded.app, visitor.answer().code!)).status, 200)
  const faults = server.logged().filter(({ level }) => level === 'error' || level === 'fatal')
  assert.deepEqual(faults, [])
}
