import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { authorizationPath, read } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const WELL_KNOWN = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']

  /** Every header by which a request can name the host it came to. None of them may change the issuer. */
  const disguises: Record<string, string>[] = [
    { host: 'evil.example' },
    { host: 'localhost:7200@evil.example' },
    { host: 'evil.example:7200' },
    { host: '[::1]' },
    { host: '' },
    { host: 'a b' },
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-original-url': 'https://evil.example/oauth/authorize', 'x-rewrite-url': '/x' },
    { 'x-http-method-override': 'DELETE' },
  ]

  test('no request header changes the issuer, the metadata, redirects or pages (OpenID Connect Discovery §4.3)', async () => {
    const app = await world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    const plain = await (await server.fetch(WELL_KNOWN[0]!)).text()
    for (const headers of disguises) {
      const about = JSON.stringify(headers)
      for (const path of WELL_KNOWN) assert.equal(await (await server.fetch(path, { headers })).text(), plain, about)
      const login = await server.fetch(authorizationPath(app), { headers })
      assert.match(login.headers.get('location')!, /^\/login\?ticket=/, about)
      assert.ok(!(await (await server.fetch('/nothing', { headers })).text()).includes('evil.example'), about)
      const page = await server.fetch('/login', { headers })
      assert.ok(!(await page.text()).includes('evil.example'), about)
      await visitor.open(authorizationPath(app), { headers })
      assert.equal(visitor.answer().iss, server.origin, about)
      assert.equal(visitor.place.away!.origin, 'https://app.example', about)
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code: visitor.answer().code!,
        client_id: app.clientId,
        client_secret: app.secret,
        redirect_uri: app.redirectUri,
      })
      const { id_token: idToken } = await read(server.fetch('/oauth/token', { method: 'POST', headers, body }))
      assert.equal(decodeJwt(idToken).iss, server.origin, about)
    }
  })

  test('every authorization response contains iss once, errors included (RFC 9207 §2)', async () => {
    const app = await world.makeApp()
    const visitor = world.visitor()
    const iss = () => visitor.place.away!.searchParams.getAll('iss')
    await visitor.open(authorizationPath(app, { prompt: 'none' }))
    assert.deepEqual(iss(), [server.origin])
    await visitor.open(authorizationPath(app, { scope: 'unheard-of' }))
    assert.deepEqual(iss(), [server.origin])
    await visitor.open(authorizationPath(app))
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.deny()
    assert.deepEqual([iss(), visitor.answer().error], [[server.origin], 'access_denied'])
    await visitor.open(authorizationPath(app))
    await visitor.allow()
    assert.deepEqual(iss(), [server.origin])
    assert.ok(visitor.answer().code)
  })

  test('another spelling of a path is the same endpoint or a 404', async () => {
    const spellings = [
      '/oauth/token/',
      '/oauth/%74oken',
      '/oauth/token;x',
      '/oauth/token%00',
      '/OAUTH/TOKEN',
      '/oauth\\token',
    ]
    for (const path of [...spellings, '/oauth/x/../token', '/oauth/token.json', '/oauth/./token', '//oauth//token']) {
      const response = await server.fetch(path, { method: 'POST' })
      assert.ok(
        response.status === 404 || (await read(response)).error === 'invalid_request',
        `${path}: ${response.status}`,
      )
    }
  })
})
