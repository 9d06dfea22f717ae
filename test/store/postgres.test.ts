import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { newUid } from '../../src/kit/id.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { Store } from '../../src/store/store.ts'
import { type PostgresServer, startPostgres } from '../parts/postgres.ts'
import { open, openBelow } from './engines.ts'
import { issue, makePlace, NOW, newEvent, type Place } from './things.ts'

const isUnavailable = (error: unknown): boolean =>
  error instanceof Refusal && error.status === 503 && Number(error.headers?.['retry-after']) > 0

describe('PostgreSQL in trouble', () => {
  let server: PostgresServer
  /** A connection of another program, for example of an operator. */
  let operator: pg.Client
  before(async () => {
    server = await startPostgres({ durable: true })
  })
  const ask = async (sql: string, ...params: unknown[]) => (await operator.query(sql, params)).rows
  const connectOperator = async () => {
    operator = new pg.Client(server.url)
    operator.on('error', () => {})
    await operator.connect()
  }
  before(connectOperator)
  after(async () => {
    await operator.end()
    await server.stop()
  })

  const fresh = async (options: Parameters<typeof open>[1] = {}) => {
    const store = await open(server.url, options)
    return { store, place: await makePlace(store) }
  }
  const terminateAll = () =>
    ask(`select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and backend_type = 'client backend'`)

  /** Issues and reads over many connections until it is stopped. Every failure must be "unavailable". */
  const load = (store: Store, place: Place) => {
    const tokens: string[] = []
    const failed = { reads: 0, writes: 0 }
    let isOver = false
    const note = (kind: keyof typeof failed) => (error: unknown) => {
      assert.ok(isUnavailable(error), String(error))
      failed[kind]++
    }
    const write = async () => {
      while (!isOver) {
        await issue(store, place).then(({ token }) => tokens.push(token), note('writes'))
        await sleep(2)
      }
    }
    const read = async () => {
      while (!isOver) {
        const token = tokens[Math.floor(Math.random() * tokens.length)]
        if (token) {
          const found = await store.accessTokens.findLive(token, NOW).catch(note('reads'))
          assert.ok(found !== undefined || failed.reads > 0)
        }
        await sleep(2)
      }
    }
    const lanes = Promise.all([...Array.from({ length: 8 }, write), ...Array.from({ length: 8 }, read)])
    return {
      tokens,
      failed,
      async stop() {
        isOver = true
        await lanes
      },
    }
  }

  const assertKept = async (store: Store, tokens: string[]) => {
    const found = await Promise.all(tokens.map((token) => store.accessTokens.findLive(token, NOW)))
    assert.equal(found.filter(Boolean).length, tokens.length)
  }

  /** Repeats a query until the database answers again. */
  const recover = async (store: Store) => {
    for (const until = Date.now() + 20_000; ; await sleep(50)) {
      try {
        await store.accessTokens.findLive('x', NOW)
        await store.attempts.count('x', NOW, 60)
        return
      } catch (error) {
        assert.ok(isUnavailable(error), String(error))
        if (Date.now() > until) throw error
      }
    }
  }

  it('readers do not notice a connection that died between two requests', async () => {
    const { store, place } = await fresh()
    for (let round = 0; round < 5; round++) {
      const { token } = await issue(store, place)
      await terminateAll()
      assert.ok(await store.accessTokens.findLive(token, NOW))
      await recover(store)
    }
  })

  it('connections that are cut repeatedly under load lose no acknowledged write', async () => {
    const { store, place } = await fresh()
    const { tokens, failed, stop } = load(store, place)
    for (let round = 0; round < 10; round++) {
      for (const enough = tokens.length + 5; tokens.length < enough; ) await sleep(5)
      await terminateAll()
    }
    await stop()
    assert.ok(failed.writes > 0)
    await recover(store)
    await assertKept(store, tokens)
    // A write without an answer is stored completely or not at all.
    const [rows] = await ask(`select (select count(*) from codes where redeemed_at is not null) as spent,
      (select count(*) from access_tokens) as tokens, (select count(*) from codes) as codes,
      (select count(*) from chains) as chains`)
    assert.deepEqual([rows.spent, rows.codes], [rows.tokens, rows.chains])
  })

  it('a killed server is unavailable, and works again when it is back, with every acknowledged write', async () => {
    const { store, place } = await fresh()
    const { tokens, failed, stop } = load(store, place)
    while (tokens.length < 10) await sleep(5)
    server.kill()
    await assert.rejects(store.accessTokens.findLive('x', NOW), isUnavailable)
    await assert.rejects(store.attempts.count('y', NOW, 60), isUnavailable)
    await assert.rejects(store.examine(), isUnavailable)
    await server.restart()
    await connectOperator()
    await recover(store)
    for (const enough = tokens.length + 10; tokens.length < enough; ) await sleep(5)
    await stop()
    assert.ok(failed.writes > 0)
    await assertKept(store, tokens)
  })

  it('a frozen server is unavailable within the time-out, and works again when it thaws', async () => {
    const { store, place } = await fresh({ timeout: 1 })
    const { token } = await issue(store, place)
    server.pause()
    const since = Date.now()
    try {
      const asked = [
        ...Array.from({ length: 20 }, () => store.accessTokens.findLive(token, NOW)),
        ...Array.from({ length: 20 }, (_, index) => store.attempts.count(`k${index}`, NOW, 60)),
        issue(store, place),
      ]
      for (const answer of await Promise.allSettled(asked)) {
        assert.ok(answer.status === 'rejected' && isUnavailable(answer.reason))
      }
      await assert.rejects(store.accessTokens.findLive(token, NOW), isUnavailable)
      assert.ok(Date.now() - since < 6000, `took ${Date.now() - since} ms`)
    } finally {
      server.resume()
    }
    await recover(store)
    assert.ok(await store.accessTokens.findLive(token, NOW))
  })

  it('a frozen server does not keep a store from closing', async () => {
    const { store } = await fresh()
    server.pause()
    try {
      const asking = store.accessTokens.findLive('x', NOW)
      const since = Date.now()
      await Promise.all([store.close(), assert.rejects(asking, isUnavailable)])
      assert.ok(Date.now() - since < 4500, `took ${Date.now() - since} ms`)
    } finally {
      server.resume()
    }
  })

  it('a row that another program locks delays only its writers, which fail in time', async () => {
    const { store, place } = await fresh({ timeout: 1 })
    await store.attempts.count('held', NOW, 60)
    const holder = new pg.Client(server.url)
    await holder.connect()
    await holder.query("begin; update attempts set count = 10 where key = 'held'")
    const waiting = assert.rejects(store.attempts.count('held', NOW, 60), isUnavailable)
    const { token } = await issue(store, place)
    assert.ok(await store.accessTokens.findLive(token, NOW))
    await waiting
    await holder.query('rollback')
    await holder.end()
    assert.equal((await store.attempts.count('held', NOW, 60)).count, 2)
  })

  it('a write is repeated after a deadlock', async () => {
    const { store } = await fresh()
    const keys = ['dead 1', 'dead 2', 'dead 3']
    for (const key of keys) await store.attempts.count(key, NOW, 60)
    const sql = 'update attempts set count = count + 1 where key = $1'
    const steps = keys.map((key) => ({ sql, params: [key], must: true }))
    // Deadlocks are usually detected after a second of waiting, which is too long for this test.
    await ask(`alter role behalf set deadlock_timeout = '10ms'`)
    const db = await openBelow(server.url, { pool: 12 })
    for (let round = 0; round < 10; round++) {
      const writes = Array.from({ length: 6 }, (_, index) => db.write(index % 2 ? steps : steps.toReversed()))
      assert.ok((await Promise.all(writes)).every(Boolean))
    }
    await ask('alter role behalf reset deadlock_timeout')
    const counts = await db.all('select count from attempts where key = any($1)', [`{${keys.join()}}`])
    assert.deepEqual(
      counts,
      keys.map(() => ({ count: 61 })),
    )
  })

  it('readers share the connections if there are too few', async () => {
    await fresh()
    const role = `plain_${newUid()}`
    await ask(`create role ${role} login password 'plain' connection limit 2`)
    await ask(`grant all on all tables in schema public to ${role}`)
    const plain = new URL(server.url)
    plain.username = role
    plain.password = 'plain'
    const store = await open(plain.href, { pool: 12, migrate: false })
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 30 }, () => store.accessTokens.findLive('x', NOW)))
    }
    const counting = Array.from({ length: 10 }, (_, index) => store.attempts.count(`k${index}`, NOW, 60))
    for (const answer of await Promise.allSettled(counting)) {
      assert.ok(answer.status === 'fulfilled' || isUnavailable(answer.reason))
    }
  })

  it('tables that a newer version changed still work with the older one', async () => {
    const { store, place } = await fresh()
    const { app } = place
    for (let round = 0; round < 7; round++) await store.apps.findLiveByClientId(app.clientId)
    await ask('alter table apps add column shine text')
    await ask('alter table access_tokens add column shine text')
    const found = await Promise.all(Array.from({ length: 20 }, () => store.apps.findLiveByClientId(app.clientId)))
    assert.ok(found.every((each) => each?.uid === app.uid))
    assert.ok(await store.accessTokens.findLive((await issue(store, place)).token, NOW))
  })

  it('an error of opening a database names its address and the reason', async () => {
    const attempt = async (change: (url: URL) => void) => {
      const url = new URL(server.url)
      change(url)
      const error = await open(url.href, { timeout: 2 }).catch((error) => error)
      assert.ok(isUnavailable(error), String(error))
      assert.ok(!error.message.includes(url.password))
      return `${error.message} ${error.cause.message}`
    }
    const closed = await attempt((url) => {
      url.port = '9'
    })
    assert.match(closed, /The database 127\.0\.0\.1:9\/postgres cannot be opened\. connect ECONNREFUSED/)
    const missing = await attempt((url) => {
      url.pathname = 'nowhere'
    })
    assert.match(missing, /nowhere cannot be opened\. database "nowhere" does not exist/)
    const refused = await attempt((url) => {
      url.password = 'wrong'
    })
    assert.match(refused, /password authentication failed/)
  })

  it('a failed statement leaves its connection usable', async () => {
    const { store } = await fresh()
    const db = await openBelow(server.url)
    const insert = { sql: 'insert into attempts (key, count, expires_at) values ($1, 4711, 1)', params: ['one'] }
    const never = { sql: 'update attempts set count = 9 where key = $1', params: ['nobody'], must: true }
    await db.write([insert])
    for (let round = 0; round < 10; round++) {
      await assert.rejects(
        db.write([{ ...insert, params: [`new ${round}`] }, insert]),
        /A unique value is taken: attempts_pkey/,
      )
      await assert.rejects(db.write([insert, never]), /A unique value is taken/)
      assert.equal(await db.write([never, insert]), undefined)
      await assert.rejects(db.all('select nonsense', []), { code: '42703' })
      await assert.rejects(db.one('select $1::bigint as n', ['x']), { code: '22P02' })
    }
    assert.deepEqual(await db.all('select key from attempts where count = 4711', []), [{ key: 'one' }])
    await store.events.add(newEvent())
  })
})
