import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { deliverDue } from '../../src/domain/deliveries/deliver-due.ts'
import { setPassword } from '../../src/domain/people/change-person.ts'
import { authorizationPath, exchange, read, toForm } from '../parts/app-calls.ts'
import { changeDatabase, countRows } from '../parts/ask-database.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { makeFolder } from '../parts/server-process.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

/** The server of an app: the requests it received, and the answer it gives. */
const received: { path: string; type: string | undefined; body: string }[] = []
let answer: { status: number; wait?: boolean; body?: string; location?: string } = { status: 200 }
const receiver = createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  received.push({ path: request.url!, type: request.headers['content-type'], body })
  if (answer.wait) return
  response.writeHead(answer.status, answer.location ? { location: answer.location } : {}).end(answer.body)
}).listen(0, '127.0.0.1')
await once(receiver, 'listening')
after(() => {
  receiver.closeAllConnections()
  receiver.close()
})
const base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
const ENV = { BEHALF_OUTBOUND_PRIVATE: 'on' }

/** Returns and forgets the requests since the last call, with their logout tokens. */
function takeReceived() {
  return received
    .splice(0)
    .map(({ path, type, body }) => ({ path, type, token: new URLSearchParams(body).get('logout_token')! }))
}

const own = { outbound: { timeout: 1 } }
/** Two servers on one database. */
async function twoServers(databaseUrl: string) {
  const story = await tellStory({ databaseUrl, env: ENV, own })
  return { story, databaseUrl, second: await testSite({ databaseUrl, clock: story.test.clock, env: ENV }) }
}
const servers = {
  sqlite: await twoServers(`sqlite:${join(makeFolder(), 'behalf.db')}`),
  postgres: await twoServers(await freshDatabase()),
}

onBothEngines((engine) => {
  const { story, second } = servers[engine]
  const { test: server } = story
  const protocol = { backchannelLogoutUri: `${base}/out?app=1`, backchannelLogoutSessionRequired: true }
  let app: TestApp
  before(async () => {
    app = await story.world.makeApp({ protocol })
  })

  /** Signs Dana in at the app with a new browser, and returns the claims of the ID token. */
  async function signsIn(by: TestApp = app, email = 'dana@example.com', parameters: Record<string, string> = {}) {
    const { code, visitor } = await connect(story, by, email, parameters)
    const { id_token: idToken } = await read(exchange(server, by, code))
    const { sid, sub } = decodeJwt(idToken)
    return { visitor, idToken: idToken as string, sid, sub }
  }
  const signsOut = ({ visitor, idToken }: Awaited<ReturnType<typeof signsIn>>) =>
    visitor.open(`/oauth/logout?${toForm({ id_token_hint: idToken })}`)
  const deliveries = () => server.site.store.events.list({ appUid: app.uid, type: 'logout-token.delivered' }, 100)
  const failures = () => server.site.store.events.list({ appUid: app.uid, type: 'logout-token.failed' }, 100)

  test('a sign-out posts a signed logout token to each app of the session (Back-Channel Logout §2.4, §2.5)', async () => {
    const dana = await signsIn()
    await signsOut(dana)
    assert.deepEqual(received, [], 'the sign-out itself does not wait')
    assert.equal(await deliverDue(server.site), 1)
    const [{ path, type, token }, ...more] = takeReceived() as [ReturnType<typeof takeReceived>[number]]
    assert.deepEqual(more, [])
    assert.deepEqual([path, type], ['/out?app=1', 'application/x-www-form-urlencoded'])
    const keys = createLocalJWKSet(await read(server.fetch('/oauth/jwks')))
    const now = server.clock.now()
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: server.origin,
      audience: app.clientId,
      typ: 'logout+jwt',
      currentDate: new Date(now * 1000),
    })
    assert.equal(protectedHeader.alg, 'RS256')
    const { jti, ...claims } = payload
    assert.match(String(jti), /^[0-9a-f]{64}$/)
    assert.deepEqual(claims, {
      iss: server.origin,
      aud: app.clientId,
      sub: dana.sub,
      sid: dana.sid,
      iat: now,
      exp: now + 120,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    assert.equal(await deliverDue(server.site), 0, 'and only once')
    assert.equal((await deliveries()).length, 1)
    const other = await server.fetch(`/oauth/logout?${toForm({ id_token_hint: token })}`)
    assert.equal(other.status, 400, 'a logout token is no ID token')
  })

  test('the logout token uses the app’s algorithm for ID tokens and the same sub (Back-Channel Logout §2.4)', async () => {
    const own = await story.world.makeApp({ protocol: { ...protocol, idTokenAlg: 'ES256', subjectType: 'pairwise' } })
    const dana = await signsIn(own)
    await signsOut(dana)
    await deliverDue(server.site)
    const [{ token }] = takeReceived() as [ReturnType<typeof takeReceived>[number]]
    const keys = createLocalJWKSet(await read(server.fetch('/oauth/jwks')))
    const currentDate = new Date(server.clock.now() * 1000)
    const { payload, protectedHeader } = await jwtVerify(token, keys, { audience: own.clientId, currentDate })
    assert.equal(protectedHeader.alg, 'ES256')
    assert.deepEqual([payload.sub, payload.sid], [dana.sub, dana.sid])
    assert.notEqual(payload.sub, story.dana.staffUid)
  })

  test('a logout token goes to every app of the session and for every business there, and to no other app (Back-Channel Logout §2.3)', async () => {
    const second = await story.world.makeApp({ protocol: { backchannelLogoutUri: `${base}/second` } })
    const silent = await story.world.makeApp({})
    const plain = await story.world.makeApp({
      scopes: ['profile'],
      protocol: { backchannelLogoutUri: `${base}/plain` },
    })
    const business_uid = story.garage.uid
    const omar = await signsIn(app, 'omar@example.com', { business_uid })
    const elsewhere = await signsIn(app, 'omar@example.com', { business_uid })
    for (const by of [second, silent, plain]) await connect(story, by, '', { business_uid }, omar.visitor)
    await connect(story, app, '', { business_uid: story.bakery.uid }, omar.visitor)
    await connect(story, second, '', { business_uid }, omar.visitor)
    await signsOut(omar)
    await deliverDue(server.site)
    const all = takeReceived()
    assert.deepEqual(all.map(({ path }) => path).sort(), ['/out?app=1', '/out?app=1', '/second'])
    assert.ok(all.every(({ token }) => decodeJwt(token).sid === omar.sid))
    assert.equal(new Set(all.map(({ token }) => decodeJwt(token).sub)).size, 2)
    await signsOut(elsewhere)
    await deliverDue(server.site)
    assert.deepEqual(
      takeReceived().map(({ token }) => decodeJwt(token).sid),
      [elsewhere.sid],
    )
  })

  test('a failed delivery is repeated after growing pauses, each time with a new token', async () => {
    await signsOut(await signsIn())
    const jtis = new Set<unknown>()
    const tellings: number[] = []
    const begun = server.clock.now()
    const answers = [{ status: 500 }, { status: 400 }, { status: 302, location: `${base}/elsewhere` }, { status: 503 }]
    for (const each of answers) {
      answer = each
      while ((await deliverDue(server.site)) === 0) server.clock.advance(5)
      const [{ token, path }, ...more] = takeReceived() as [ReturnType<typeof takeReceived>[number]]
      assert.deepEqual([path, more], ['/out?app=1', []], 'redirects are not followed')
      tellings.push(server.clock.now() - begun)
      jtis.add(decodeJwt(token).jti)
      assert.equal(decodeJwt(token).iat, server.clock.now())
    }
    assert.deepEqual(tellings, [0, 10, 70, 370])
    assert.equal(jtis.size, 4)
    answer = { status: 204 }
    server.clock.advance(900)
    const before = (await deliveries()).length
    await deliverDue(server.site)
    assert.equal(takeReceived().length, 1)
    assert.equal((await deliveries()).length, before + 1, '204 confirms as well (Back-Channel Logout §2.8)')
    server.clock.advance(86_400)
    assert.equal(await deliverDue(server.site), 0)
    answer = { status: 200 }
  })

  test('a delivery ends after eight attempts in a day, and the audit log says so', async () => {
    answer = { status: 500 }
    await signsOut(await signsIn())
    const begun = server.clock.now()
    for (let step = 0; step < 24 * 12; step++) {
      await deliverDue(server.site)
      server.clock.advance(300)
    }
    assert.equal(takeReceived().length, 8)
    assert.equal((await failures()).length, 1)
    assert.ok((await failures())[0]!.at - begun < 86_400)
    answer = { status: 200 }
    server.clock.advance(86_400)
    assert.equal(await deliverDue(server.site), 0)
  })

  test('a host that does not answer delays no other host, and gets one request for all deliveries to it', async () => {
    const lively = createServer((_, response) => void response.end()).listen(0, '127.0.0.2')
    await once(lively, 'listening')
    after(() => lively.close())
    let livelyHeard = 0
    lively.on('request', () => livelyHeard++)
    const uri = `http://127.0.0.2:${(lively.address() as AddressInfo).port}/`
    const other = await story.world.makeApp({ protocol: { backchannelLogoutUri: uri } })
    const dead = await story.world.makeApp({ protocol: { backchannelLogoutUri: 'http://127.0.0.1:1/' } })
    for (let count = 0; count < 4; count++) await signsOut(await signsIn())
    for (let count = 0; count < 2; count++) await signsOut(await signsIn(other))
    await signsOut(await signsIn(dead))
    answer = { status: 200, wait: true }
    const began = performance.now()
    assert.equal(await deliverDue(server.site), 7)
    assert.ok(performance.now() - began < 3000)
    assert.equal(livelyHeard, 2)
    assert.equal(takeReceived().length, 1)
    receiver.closeAllConnections()
    answer = { status: 200 }
    server.clock.advance(10)
    await deliverDue(server.site)
    assert.equal(takeReceived().length, 4)
    await server.site.store.apps.end(
      dead.uid,
      server.clock.now(),
      newEvent({ type: 'app.ended', at: server.clock.now() }),
    )
    server.clock.advance(60)
    assert.equal(await deliverDue(server.site), 1)
    server.clock.advance(86_400)
    assert.equal(await deliverDue(server.site), 0, 'no delivery is left')
  })

  test('the server does not wait for the end of a large response', async () => {
    answer = { status: 200, body: 'x'.repeat(1_000_000) }
    await signsOut(await signsIn())
    const before = (await deliveries()).length
    await deliverDue(server.site)
    assert.equal(takeReceived().length, 1)
    assert.equal((await deliveries()).length, before + 1)
    answer = { status: 200 }
  })

  test('a session also ends with a new password, with the person, and when another person signs in, and the apps get a logout token', async () => {
    const { world } = story
    const eve = await world.makePerson('eve@example.com', 'Eve', [await world.makeBusiness('Eden')])
    const sids = async () => {
      await deliverDue(server.site)
      return takeReceived().map(({ token }) => decodeJwt(token).sid)
    }
    const [one, two] = [await signsIn(app, 'eve@example.com'), await signsIn(app, 'eve@example.com')]
    await setPassword(eve, 'another good password', operatorActor, server.site)
    assert.deepEqual((await sids()).sort(), [one.sid, two.sid].sort())
    await setPassword(eve, PASSWORD, operatorActor, server.site)
    const three = await signsIn(app, 'eve@example.com')
    const { clock, store } = server.site
    await store.people.end(eve.uid, clock.now(), newEvent({ type: 'person.ended', at: clock.now() }))
    assert.deepEqual(await sids(), [three.sid])
    const dana = await signsIn()
    await dana.visitor.open('/login?switch=1')
    await dana.visitor.signIn('omar@example.com', PASSWORD)
    assert.deepEqual(await sids(), [dana.sid])
    const [here, there] = [await signsIn(), await signsIn()]
    await here.visitor.open('/logout')
    await here.visitor.submit({}, (form) => 'everywhere' in form.fields)
    assert.deepEqual((await sids()).sort(), [here.sid, there.sid].sort())
  })

  test('a person who signs in again stays signed in at the apps, which get a logout token when the new session ends', async () => {
    const dana = await signsIn()
    await dana.visitor.open('/login?switch=1')
    await dana.visitor.signIn('dana@example.com', PASSWORD)
    assert.equal(await deliverDue(server.site), 0)
    const second = await story.world.makeApp({ protocol: { backchannelLogoutUri: `${base}/second` } })
    const { code } = await connect(story, second, '', {}, dana.visitor)
    const { sid } = decodeJwt((await read(exchange(server, second, code))).id_token)
    assert.notEqual(sid, dana.sid)
    await dana.visitor.open('/logout')
    await dana.visitor.submit({})
    await deliverDue(server.site)
    const all = takeReceived().map(({ path, token }) => [path, decodeJwt(token).sid])
    assert.deepEqual(all.sort(), [
      ['/out?app=1', dana.sid],
      ['/second', sid],
    ])
  })

  test('a session that expires unused sends no logout token and leaves no rows', async () => {
    const dana = await signsIn()
    server.clock.advance(86_401)
    await signsOut(dana)
    assert.equal(await deliverDue(server.site), 0)
    server.clock.advance(365 * 86_400)
    while ((await server.site.store.sweep(server.clock.now(), { tombstone: 3600, event: 86_400 }, 500)) > 0);
    await dana.visitor.open(authorizationPath(app))
    assert.match(dana.visitor.place.url, /\/login/)
  })

  test('two servers on one database deliver each logout token once', async () => {
    for (let count = 0; count < 10; count++) await signsOut(await signsIn())
    await Promise.all([deliverDue(server.site), deliverDue(second.site), deliverDue(second.site)])
    const all = takeReceived()
    assert.equal(all.length, 10)
    assert.equal(new Set(all.map(({ token }) => decodeJwt(token).sid)).size, 10)
  })

  test('an approval at the same moment as a sign-out leaves no app without a logout token', async () => {
    const late = await story.world.makeApp({ trusted: true, protocol: { backchannelLogoutUri: `${base}/late` } })
    for (let round = 0; round < 12; round++) {
      const dana = await signsIn()
      const cookie = cookieOf(dana)
      const approve = () => server.fetch(authorizationPath(late), { headers: { cookie } })
      const [approved] = await Promise.all(
        round % 2 === 0 ? [approve(), signsOut(dana)] : [signsOut(dana).then(approve), signsOut(dana)],
      )
      const isLetIn = approved.headers.get('location')?.includes('code=')
      await deliverDue(server.site)
      const paths = takeReceived().map(({ path }) => path)
      assert.deepEqual(paths.sort(), isLetIn ? ['/late', '/out?app=1'] : ['/out?app=1'])
    }
  })

  test('a delivery of a kind that this server does not know stays queued for a newer one', async () => {
    const url = servers[engine].databaseUrl
    await changeDatabase(
      url,
      "insert into outbox (kind, key, payload, created_at, tries, next_at) values ('from-a-newer-server', 'k', '{}', 0, 0, 0)",
    )
    assert.equal(await deliverDue(server.site), 0)
    assert.equal(await countRows(url, "outbox where kind = 'from-a-newer-server' and tries = 0"), 1)
  })
})

function cookieOf({ visitor }: { visitor: { cookies: Map<string, string> } }): string {
  return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
