import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { SIGNING_ALGORITHMS } from '../../src/domain/keys/signing-algorithms.ts'
import { JOBS, startJobs } from '../../src/ops/jobs.ts'
import { rotateKeys } from '../../src/ops/rotate-keys.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { type Engine, type HeldClock, heldClock, type TestSite, testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400]
const YEAR = 365.25 * DAY
/** Longer than any session in these tests lives. */
const LONG_SESSIONS = { BEHALF_SESSION_LIFETIME: String(20 * YEAR), BEHALF_SESSION_IDLE_LIFETIME: String(20 * YEAR) }

/** A database that two servers share. */
async function sharedDatabase(engine: Engine): Promise<string> {
  if (engine === 'postgres') return freshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'behalf-keys-'))
  after(() => rmSync(folder, { recursive: true }))
  return `sqlite:${join(folder, 'behalf.db')}`
}

const published = async (server: TestSite): Promise<JWK[]> => (await read(server.fetch('/oauth/jwks'))).keys
const kids = async (server: TestSite, alg: string) =>
  (await published(server)).filter((key) => key.alg === alg).map(({ kid }) => kid!)

/** Returns the key that signs now, as an app sees it after a sign-in. */
async function signs(
  story: Story,
  app: TestApp,
  server = story.test,
): Promise<{ kid: string; idToken: string; token: string }> {
  const { code } = await connect(story, app)
  const { id_token: idToken, access_token: token } = await read(exchange(server, app, code))
  return { kid: decodeProtectedHeader(idToken).kid!, idToken, token }
}

async function verify(token: string, server: TestSite, clock: HeldClock): Promise<void> {
  const keys = await published(server)
  await jwtVerify(token, createLocalJWKSet({ keys }), { currentDate: new Date(clock.now() * 1000) })
}

onBothEngines((engine) => {
  test('a new key is published an hour before it signs, and the old one until a day after its last signature', async () => {
    const story = await tellStory({ engine, env: LONG_SESSIONS })
    const { test: server, world } = story
    for (const alg of SIGNING_ALGORITHMS) {
      const app = await world.makeApp({ trusted: true, protocol: { idTokenAlg: alg } })
      const old = await signs(story, app)
      assert.deepEqual(await kids(server, alg), [old.kid])

      const next = await server.site.keys.rotate(alg, operatorActor)
      assert.deepEqual(await kids(server, alg), [old.kid, next.kid], 'published immediately')
      server.clock.advance(HOUR - 1)
      const last = await signs(story, app)
      assert.equal(last.kid, old.kid)
      server.clock.advance(1)
      assert.equal((await signs(story, app)).kid, next.kid)

      await verify(last.idToken, server, server.clock)
      server.clock.advance(DAY)
      assert.deepEqual(await kids(server, alg), [old.kid, next.kid])
      server.clock.advance(HOUR)
      assert.deepEqual(await kids(server, alg), [next.kid], 'nothing it signed is alive')
      assert.equal((await signs(story, app)).kid, next.kid)
    }
  })

  test('a key stays published as long as a JWT access token that it signed can live', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const signed = async (accessTokenLifetime: number | null) => {
      const app = await world.makeApp({ trusted: true, accessTokenFormat: 'jwt', accessTokenLifetime })
      return signs(story, app)
    }
    const short = await signed(HOUR)
    await server.site.keys.rotate('RS256', operatorActor)
    server.clock.advance(2 * DAY)
    assert.ok(!(await kids(server, 'RS256')).includes(short.kid), 'no live token needs it')

    const month = await signed(30 * DAY)
    await server.site.keys.rotate('RS256', operatorActor)
    server.clock.advance(30 * DAY - 1)
    await verify(month.token, server, server.clock)
    server.clock.advance(3 * DAY)
    assert.ok(!(await kids(server, 'RS256')).includes(month.kid))

    const long = await signed(null)
    await server.site.keys.rotate('RS256', operatorActor)
    server.clock.advance(20 * YEAR - DAY)
    await server.site.keys.rotate('RS256', operatorActor)
    await verify(long.token, server, server.clock)
    server.clock.advance(4 * DAY)
    assert.ok(!(await kids(server, 'RS256')).includes(long.kid))
  })

  test('two servers on one database use the same keys within seconds, also after a key is retired', async () => {
    const databaseUrl = await sharedDatabase(engine)
    const story = await tellStory({ databaseUrl })
    const { clock } = story.test
    const second = await testSite({ databaseUrl, clock })
    const app = await story.world.makeApp({ trusted: true })
    const nodes = [story.test, second]
    assert.deepEqual(await published(second), await published(story.test))

    const next = await story.test.site.keys.rotate('RS256', operatorActor)
    clock.advance(MINUTE)
    for (const node of nodes) assert.ok((await kids(node, 'RS256')).includes(next.kid))
    clock.advance(HOUR)
    for (const node of nodes) assert.equal((await signs(story, app, node)).kid, next.kid)

    const { idToken, token } = await signs(story, app, second)
    await second.site.keys.retire(next.kid, operatorActor)
    assert.ok(!(await kids(second, 'RS256')).includes(next.kid), 'immediately on the server that retired it')
    clock.advance(10)
    for (const node of nodes) {
      assert.ok(!(await kids(node, 'RS256')).includes(next.kid))
      const now = await signs(story, app, node)
      assert.notEqual(now.kid, next.kid)
      for (const verifier of nodes) await verify(now.idToken, verifier, clock)
      await assert.rejects(verify(idToken, node, clock), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
      assert.equal((await userinfo(node, token)).status, 200, 'nobody is signed out')
    }
  })

  test('servers that start at once on an empty database use one key for each algorithm', async () => {
    const databaseUrl = await sharedDatabase(engine)
    const clock = heldClock()
    const nodes = await Promise.all(Array.from({ length: 3 }, () => testSite({ databaseUrl, clock })))
    const seen = await Promise.all(nodes.map(published))
    assert.equal(seen[0]!.length, SIGNING_ALGORITHMS.length)
    for (const each of seen) assert.deepEqual(each, seen[0])
    const made = await nodes[0]!.site.store.events.list({ type: 'key.created' }, 100)
    assert.deepEqual(
      [made.length, new Set(made.map(({ actor }) => actor))],
      [SIGNING_ALGORITHMS.length, new Set(['server'])],
    )
  })

  test('keys rotate automatically, once for all servers of a database', async () => {
    const databaseUrl = await sharedDatabase(engine)
    const story = await tellStory({ databaseUrl, env: { BEHALF_KEY_ROTATION_INTERVAL: String(30 * DAY) } })
    const { clock, site } = story.test
    const second = await testSite({ databaseUrl, clock, env: { BEHALF_KEY_ROTATION_INTERVAL: String(30 * DAY) } })
    const app = await story.world.makeApp({ trusted: true })
    const sites = [site, second.site]
    const rotate = () => Promise.all([...sites, ...sites].map((each) => rotateKeys(each)))
    const made = async () => (await site.store.signingKeys.list()).length / SIGNING_ALGORITHMS.length
    const first = await signs(story, app)

    clock.advance(30 * DAY - HOUR - 1)
    await rotate()
    assert.equal(await made(), 1, 'not yet')
    clock.advance(1)
    await rotate()
    assert.equal(await made(), 2, 'one for each algorithm')
    clock.advance(HOUR - 1)
    await rotate()
    assert.equal(await made(), 2, 'the next one is already there')
    assert.equal((await signs(story, app)).kid, first.kid)
    clock.advance(1)
    const then = await signs(story, app)
    assert.notEqual(then.kid, first.kid, 'it signed for 30 days')
    await verify(first.idToken, second, heldClock(clock.now() - 30 * DAY))

    clock.advance(300 * DAY)
    await rotate()
    assert.equal(await made(), 3, 'servers that were off for long rotate once')
    const events = await site.store.events.list({ type: 'key.created' }, 100)
    assert.equal(events.length, 3 * SIGNING_ALGORITHMS.length)
    assert.ok(story.test.logged.concat(second.logged).some((line) => line.includes('signing keys rotated')))
  })

  test('with an interval of 0 keys rotate only by command', async () => {
    const { site, clock } = await testSite({ engine, env: { BEHALF_KEY_ROTATION_INTERVAL: '0' } })
    clock.advance(20 * YEAR)
    await rotateKeys(site)
    assert.equal((await site.store.signingKeys.list()).length, SIGNING_ALGORITHMS.length)
  })

  test('a failed rotation is logged and tried again', async () => {
    const { site, clock, logged } = await testSite({ engine })
    const list = site.store.signingKeys.list
    site.store.signingKeys.list = () => Promise.reject(new Error('the database is away'))
    clock.advance(YEAR)
    const everyFewMilliseconds = { ...JOBS.find(({ name }) => name === 'rotate-keys')!, everySeconds: () => 0.02 }
    const stop = startJobs(site, [everyFewMilliseconds])
    const waitFor = async (text: string) => {
      while (!logged.some((line) => line.includes(text))) await pause(5)
    }
    await waitFor('signing keys could not be rotated')
    site.store.signingKeys.list = list
    await waitFor('signing keys rotated')
    await stop()
    assert.equal((await list()).length, 2 * SIGNING_ALGORITHMS.length)
  })

  test('an ID token is accepted as a hint after its key was rotated, but not after its key was retired', async () => {
    const story = await tellStory({ engine, env: LONG_SESSIONS })
    const { test: server, world } = story
    const app = await world.makeApp({ trusted: true })
    const { code, visitor } = await connect(story, app)
    const { id_token: idToken } = await read(exchange(server, app, code))
    const { kid } = decodeProtectedHeader(idToken)
    const ask = async () => {
      await visitor.open(authorizationPath(app, { id_token_hint: idToken, prompt: 'none' }))
      return visitor.answer().error
    }
    await server.site.keys.rotate('RS256', operatorActor)
    server.clock.advance(2 * HOUR)
    assert.ok((await kids(server, 'RS256')).includes(kid!))
    assert.equal(await ask(), undefined, 'still published')
    server.clock.advance(30 * DAY)
    assert.ok(!(await kids(server, 'RS256')).includes(kid!))
    assert.equal(await ask(), undefined, 'no longer published')
    await server.site.keys.retire(kid!, operatorActor)
    assert.equal(await ask(), 'login_required')
  })

  test('a server accepts a hint signed by a key that another server made a moment ago', async () => {
    const databaseUrl = await sharedDatabase(engine)
    const story = await tellStory({ databaseUrl })
    const { clock } = story.test
    const second = await testSite({ databaseUrl, clock })
    const app = await story.world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    const before = await signs(story, app)
    // The second server retires the key that signs, so it signs with a new key that the first server does not have yet.
    clock.advance(5)
    await second.site.keys.retire(before.kid, operatorActor)
    await visitor.open(authorizationPath(app))
    const { id_token: idToken } = await read(exchange(second, app, visitor.answer().code!))
    assert.notEqual(decodeProtectedHeader(idToken).kid, before.kid)
    await visitor.open(authorizationPath(app, { id_token_hint: idToken, prompt: 'none' }))
    assert.ok(visitor.answer().code)
  })

  test('after every retired key there is one key that signs and is published', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp({ trusted: true })
    const first = await signs(story, app)
    const next = await server.site.keys.rotate('RS256', operatorActor)
    assert.equal(await server.site.keys.retire(next.kid, operatorActor), true)
    assert.equal(await server.site.keys.retire(next.kid, operatorActor), false, 'once')
    server.clock.advance(3 * DAY)
    assert.equal((await signs(story, app)).kid, first.kid, 'the previous one signs again, and is still published')
    assert.deepEqual(await kids(server, 'RS256'), [first.kid])

    const successor = await server.site.keys.rotate('RS256', operatorActor)
    server.clock.advance(3 * DAY)
    assert.deepEqual(await kids(server, 'RS256'), [successor.kid])
    await server.site.keys.retire(successor.kid, operatorActor)
    const fresh = await signs(story, app)
    assert.ok(![first.kid, successor.kid].includes(fresh.kid), 'no key returns that verifiers have dropped')
    await verify(fresh.idToken, server, server.clock)

    for (const { kid } of await server.site.store.signingKeys.list()) await server.site.keys.retire(kid, operatorActor)
    await verify((await signs(story, app)).idToken, server, server.clock)
    assert.equal((await kids(server, 'RS256')).length, 1)
  })
})
