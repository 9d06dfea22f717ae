import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { isErrorPage, isOAuthError, isSentBack, isWaiting } from '../parts/answers.ts'
import { authorizationPath, basic, exchange, read, toForm } from '../parts/app-calls.ts'
import { countRows } from '../parts/ask-database.ts'
import { answerDialog, changeApp, hasCode, ticketOf } from '../parts/permission-dialog.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import type { Visitor } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { freshUrl } from '../store/engines.ts'

const VERIFIER = 'a-verifier.of_43~characters-0123456789abcde'
const PKCE = {
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
}

/** Pushes a request, as the server of an app does. */
function push({ test: server }: Story, app: TestApp, changes: Record<string, string | undefined> = {}, headers = {}) {
  const body = { client_id: app.clientId, client_secret: app.secret, redirect_uri: app.redirectUri, ...changes }
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return server.fetch('/oauth/par', { method: 'POST', headers: { ...type, ...headers }, body: toForm(body) })
}

/** Pushes a request, which must succeed, and returns its request_uri. */
async function pushed(story: Story, app: TestApp, changes: Record<string, string | undefined> = {}): Promise<string> {
  const response = await push(story, app, changes)
  const body = await read(response)
  assert.equal(response.status, 201, JSON.stringify(body))
  return body.request_uri
}

const pathOf = (app: TestApp, requestUri: string, more = {}) =>
  `/oauth/authorize?${new URLSearchParams({ client_id: app.clientId, request_uri: requestUri, ...more })}`

/** Goes from a pushed request to the permission dialog. */
async function openPushed(story: Story, app: TestApp, changes = {}): Promise<Visitor> {
  const visitor = story.world.visitor()
  await visitor.open(pathOf(app, await pushed(story, app, changes)))
  await visitor.signIn('dana@example.com', PASSWORD)
  assert.ok(visitor.place.url.includes('/login/consent'), visitor.place.url)
  return visitor
}

onBothEngines((engine) => {
  test('a pushed request gets one code, however often and wherever its dialogs are posted at once', async () => {
    const databaseUrl = await freshUrl(engine)
    const story = await tellStory({ databaseUrl })
    const second = await testSite({ databaseUrl, clock: story.test.clock })
    const app = await story.world.makeApp()
    const path = pathOf(app, await pushed(story, app))
    const visitor = story.world.visitor()
    await visitor.open(path)
    await visitor.signIn('dana@example.com', PASSWORD)
    const dialogs = [visitor.place, await visitor.open(path)].map(({ forms, url }) => {
      assert.ok(url.includes('/login/consent'), url)
      return forms.find(({ action }) => action.includes('/oauth/consent'))!
    })
    const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
    const post = (n: number) =>
      [story.test, second][n % 2]!.fetch('/oauth/consent', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie },
        body: toForm({ ...dialogs[(n >> 1) % 2]!.fields, decision: 'allow' }),
      })
    const answers = await Promise.all(Array.from({ length: 24 }, (_, n) => post(n)))
    const codes = answers.map((answer) => /[?&]code=([^&]+)/.exec(answer.headers.get('location') ?? '')?.[1])
    assert.equal(new Set(codes.filter(Boolean)).size, 1)
    assert.equal(await countRows(databaseUrl, 'codes'), 1)
    assert.ok(answers.every(({ status }) => status < 500))

    story.test.clock.advance(3600)
    for (let n = 0; n < 4; n++) await post(n)
    await isErrorPage(await story.test.fetch(path), 400)
    assert.equal(await countRows(databaseUrl, 'codes'), 1)
  })

  test('the dialog of a pushed request gives no code after the lifetime of the wait', async () => {
    const databaseUrl = await freshUrl(engine)
    const story = await tellStory({ databaseUrl })
    const app = await story.world.makeApp()
    const visitor = await openPushed(story, app)
    story.test.clock.advance(story.test.site.config.requestLifetime)
    await visitor.allow()
    assert.equal(visitor.place.away, undefined)
    assert.equal(await countRows(databaseUrl, 'codes'), 0)
  })

  test('an app pushes its request, and the browser carries only the request_uri (RFC 9126 §2, §4)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp({ scopes: ['openid', 'profile', 'clients_read'] })
    const response = await push(story, app, { state: 'pushed', scope: 'openid clients_read', nonce: 'n-1', ...PKCE })
    assert.equal(response.status, 201)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const { request_uri: name, expires_in: lifetime, ...rest } = await read(response)
    assert.match(name, /^urn:ietf:params:oauth:request_uri:[0-9a-f]{64}$/)
    assert.deepEqual([lifetime, rest], [90, {}])

    const visitor = world.visitor()
    await visitor.open(pathOf(app, name))
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    const { code, state, iss } = visitor.answer()
    assert.deepEqual([state, iss], ['pushed', server.origin])
    assert.ok(visitor.place.away!.href.startsWith(app.redirectUri))
    assert.equal((await exchange(server, app, code!)).status, 400, 'the challenge that was pushed binds the exchange')
    const answer = await read(exchange(server, app, code!, { code_verifier: VERIFIER }))
    assert.equal(answer.scope, 'openid clients_read')
    assert.equal(decodeJwt(answer.id_token).nonce, 'n-1')
  })

  test('other parameters beside request_uri are ignored (RFC 9126 §4, RFC 9101 §6.3)', async () => {
    const story = await tellStory({ engine })
    const { world } = story
    const app = await world.makeApp({
      trusted: true,
      redirectUris: ['https://app.example/callback', 'https://app.example/2'],
    })
    const { visitor } = await connect(story, app)
    const name = await pushed(story, app, { state: 'pushed', ...PKCE })
    const beside = { state: 'beside', scope: 'unheard-of', response_type: 'token', response_mode: 'form_post' }
    const more = {
      ...beside,
      redirect_uri: 'https://app.example/2',
      prompt: 'none login',
      code_challenge: '',
      request: 'x',
    }
    await visitor.open(`${pathOf(app, name, more)}&redirect_uri=https%3A%2F%2Fevil.example%2F`)
    assert.ok(visitor.place.away!.href.startsWith('https://app.example/callback?code='))
    assert.equal(visitor.answer().state, 'pushed')
  })

  test('a pushed request is answered once; until then the page can be reloaded (RFC 9126 §4)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp()
    const name = await pushed(story, app)
    const visitor = world.visitor()
    for (let time = 0; time < 3; time++) await visitor.open(pathOf(app, name))
    isWaiting(await server.fetch(pathOf(app, name)), 'a program that fetches links in advance changes nothing')
    await visitor.signIn('dana@example.com', PASSWORD)
    const first = visitor.place
    const second = await visitor.open(pathOf(app, name))
    assert.notEqual(ticketOf(first), ticketOf(second))
    const answers = await Promise.all(
      [first, second, first, second].map((place) => answerDialog(story, place, visitor.cookies)),
    )
    assert.equal(answers.filter(hasCode).length, 1)
    const ended = await isErrorPage(await server.fetch(pathOf(app, name)))
    assert.match(ended, /answered already/)
    assert.match(ended, /has expired/, 'the app is not blamed')

    const refused = await pushed(story, app, { prompt: 'consent' })
    const tabs = [await visitor.open(pathOf(app, refused)), await visitor.open(pathOf(app, refused))]
    await visitor.deny()
    assert.equal(visitor.answer().error, 'access_denied')
    for (const tab of tabs) assert.equal(hasCode(await answerDialog(story, tab, visitor.cookies)), false)
    await isErrorPage(await server.fetch(pathOf(app, refused)))
  })

  test('a double click gives the same code again until the app uses it, and a pushed request never gives two', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const visitor = await openPushed(story, app, { state: 'twice' })
    const dialog = visitor.place
    await visitor.allow()
    const first = visitor.answer()
    assert.ok(first.code, 'an answer that the browser drops because of the second click')
    const again = async () => {
      const { headers } = await answerDialog(story, dialog, visitor.cookies)
      return visitor.open(headers.get('location')!)
    }
    await again()
    assert.deepEqual(visitor.answer(), first)
    assert.equal(first.state, 'twice')
    assert.equal((await exchange(story.test, app, first.code!)).status, 200)
    assert.equal((await again()).status, 410, 'the code was used, and the approval that was stored gives no second one')
    assert.ok(!visitor.place.html.includes('twice') && !visitor.place.html.includes('/oauth/authorize?'))
  })

  test('a request_uri expires after 90 seconds, and a request that began has the usual time', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp()
    const name = await pushed(story, app)
    server.clock.advance(89)
    const visitor = world.visitor()
    await visitor.open(pathOf(app, name))
    server.clock.advance(1)
    assert.match(await isErrorPage(await server.fetch(pathOf(app, name))), /more than 90 seconds ago/)
    const lifetimes = { tombstone: 3600, event: 1e9, request: 3600 }
    await server.site.store.sweep(server.clock.now() + 3000, lifetimes, 100)
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    assert.ok(visitor.answer().code)
    await server.site.store.sweep(server.clock.now() + 3601, lifetimes, 100)
    assert.match(await isErrorPage(await server.fetch(pathOf(app, name))), /No app with this client_id has pushed/)
  })

  test('a request_uri works only for the app that pushed it (RFC 9126 §2.2, §7.1)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const [app, other] = [await world.makeApp(), await world.makeApp({ trusted: true })]
    const name = await pushed(story, app)
    await isErrorPage(await server.fetch(pathOf(other, name)))
    await isErrorPage(await server.fetch(`/oauth/authorize?request_uri=${encodeURIComponent(name)}`))
    for (const guess of ['', 'x', '0'.repeat(64), name.slice(-64).toUpperCase(), `${name.slice(-64)} `, "' or 1=1 --"])
      await isErrorPage(await server.fetch(pathOf(app, `urn:ietf:params:oauth:request_uri:${guess}`)), 400, guess)
    await isErrorPage(await server.fetch(`${pathOf(app, name)}&client_id=${other.clientId}`))
    isWaiting(await server.fetch(pathOf(app, name)), 'and stays valid')
    await changeApp(story, app, { redirectUri: 'https://app.example/new', redirectUris: ['https://app.example/new'] })
    await isErrorPage(await server.fetch(pathOf(app, name)))
  })

  test('the app authenticates as at the token endpoint (RFC 9126 §2)', async () => {
    const story = await tellStory({ engine })
    const { world } = story
    const app = await world.makeApp()
    const header = { authorization: basic(app.clientId, app.secret) }
    const byHeader = await push(story, app, { client_secret: undefined, client_id: undefined }, header)
    assert.equal(byHeader.status, 201)
    for (const changes of [{ client_secret: undefined }, { client_secret: 'wrong' }, { client_id: 'nobody' }])
      await isOAuthError(await push(story, app, changes), 401, 'invalid_client')
    await isOAuthError(await push(story, app, {}, header), 400, 'invalid_request', 'two methods at once')

    const publicApp = await world.makeApp({ public: true })
    const alone = { client_secret: undefined }
    await isOAuthError(await push(story, publicApp, alone), 400, 'invalid_request', 'PKCE is required here as well')
    assert.equal((await push(story, publicApp, { ...alone, ...PKCE })).status, 201)
  })

  test('a push refuses everything that the authorization endpoint refuses (RFC 9126 §2.1, §2.3)', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const refused: [string, Record<string, string | undefined>][] = [
      ['invalid_request', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }],
      ['invalid_request', { redirect_uri: 'https://evil.example/' }],
      ['invalid_request', { redirect_uri: 'https://app.example/callback/' }],
      ['invalid_scope', { scope: 'unheard-of' }],
      ['unsupported_response_type', { response_type: 'token' }],
      ['invalid_request', { response_mode: 'fragment' }],
      ['invalid_request', { code_challenge: 'plain', code_challenge_method: 'plain' }],
      ['invalid_request', { prompt: 'none login' }],
      ['invalid_request', { max_age: '-1' }],
      ['invalid_request', { state: 's'.repeat(8193) }],
      ['request_not_supported', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
      [
        'invalid_request',
        {
          state: '🦄'.repeat(2000),
          nonce: '🦄'.repeat(500),
          login_hint: '🦄'.repeat(500),
          business_uid: '🦄'.repeat(500),
        },
      ],
    ]
    for (const [error, changes] of refused)
      await isOAuthError(await push(story, app, changes), 400, error, JSON.stringify(changes).slice(0, 100))
    const twice = await story.test.fetch('/oauth/par', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: basic(app.clientId, app.secret) },
      body: 'state=a&state=b',
    })
    await isOAuthError(twice, 400, 'invalid_request')
    const inUrl = await story.test.fetch(`/oauth/par?client_id=${app.clientId}`, { method: 'POST' })
    assert.match(await isOAuthError(inUrl, 400, 'invalid_request'), /in the URL/)
    for (const method of ['GET', 'PUT', 'DELETE'])
      assert.equal((await story.test.fetch('/oauth/par', { method })).status, 405, method)
  })

  test('pushed requests can be required of one app or of all apps (RFC 9126 §5, §6)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const strict = await world.makeApp({ protocol: { requirePushedRequests: true } })
    const answer = isSentBack(await server.fetch(authorizationPath(strict, { state: 's' })), strict.redirectUri)
    assert.deepEqual([answer.error, answer.state, answer.iss], ['invalid_request', 's', server.origin])
    isWaiting(await server.fetch(pathOf(strict, await pushed(story, strict))))
    const metadata = await read(server.fetch('/.well-known/oauth-authorization-server'))
    assert.equal(metadata.pushed_authorization_request_endpoint, `${server.origin}/oauth/par`)
    assert.equal(metadata.require_pushed_authorization_requests, false)

    const all = await tellStory({ engine, env: { BEHALF_REQUIRE_PAR: 'on' } })
    const app = await all.world.makeApp()
    const direct = isSentBack(await all.test.fetch(authorizationPath(app, { response_mode: 'query' })), app.redirectUri)
    assert.equal(direct.error, 'invalid_request')
    isWaiting(await all.test.fetch(pathOf(app, await pushed(all, app))))
    const required = await read(all.test.fetch('/.well-known/openid-configuration'))
    assert.equal(required.require_pushed_authorization_requests, true)
  })

  test('id_token_hint is compared with the person who is signed in when the browser arrives', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp({ trusted: true })
    const { code, visitor: dana } = await connect(story, app)
    const { id_token: hint } = await read(exchange(server, app, code))
    const { visitor: omar } = await connect(story, app, 'omar@example.com', { business_uid: story.bakery.uid })
    await dana.open(pathOf(app, await pushed(story, app, { id_token_hint: hint })))
    assert.ok(dana.answer().code)
    await omar.open(pathOf(app, await pushed(story, app, { id_token_hint: hint })))
    assert.ok(omar.place.url.includes('/login?'), 'the app never gets another person')
    await omar.open(
      pathOf(app, await pushed(story, app, { id_token_hint: hint, prompt: 'none', response_mode: 'form_post' })),
    )
    assert.equal(omar.place.forms[0]!.fields.error, 'login_required')
  })

  test('a redirect URI that is removed from the app after the push gets neither a code nor an error (RFC 9700 §4.1)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const [stays, goes] = ['https://app.example/callback', 'https://former.example/callback']
    const app = await world.makeApp({ trusted: true, redirectUri: stays, redirectUris: [stays, goes] })
    const { code, visitor: dana } = await connect(story, app)
    const { id_token: hint } = await read(exchange(server, app, code))
    const { visitor: omar } = await connect(story, app, 'omar@example.com', { business_uid: story.bakery.uid })
    const ways: [Visitor, Record<string, string>][] = [
      [dana, {}],
      [dana, { response_mode: 'form_post' }],
      [world.visitor(), { prompt: 'none' }],
      [omar, { prompt: 'none', id_token_hint: hint }],
      [omar, { prompt: 'none', id_token_hint: hint, response_mode: 'form_post' }],
      [omar, { prompt: 'none', claims: '{"id_token":{"sub":{"value":"somebody"}}}' }],
    ]
    const names: string[] = []
    for (const [, changes] of ways) names.push(await pushed(story, app, { redirect_uri: goes, ...changes }))
    await changeApp(story, app, { redirectUris: [stays] })
    for (const [index, [visitor, changes]] of ways.entries()) {
      const place = await visitor.open(pathOf(app, names[index]!))
      assert.deepEqual([place.status, place.away], [400, undefined], JSON.stringify(changes))
      assert.ok(!place.html.includes('former.example'))
    }
  })

  test('pushes are limited per app, or per address if the app is public (RFC 9126 §2.3)', async () => {
    const story = await tellStory({ engine, env: { BEHALF_ADDRESS_REQUESTS: '2' } })
    const { world } = story
    const publicApp = await world.makeApp({ public: true })
    const alone = { client_secret: undefined, ...PKCE }
    for (let count = 0; count < 2; count++) assert.equal((await push(story, publicApp, alone)).status, 201)
    await isOAuthError(await push(story, publicApp, alone), 429, 'temporarily_unavailable')
    const app = await world.makeApp()
    for (let count = 0; count < 40; count++) assert.equal((await push(story, app)).status, 201)
    await isOAuthError(await push(story, app), 429, 'temporarily_unavailable')
    assert.equal((await push(story, await world.makeApp())).status, 201, 'each app has its own limit')
  })
})
