import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isErrorPage, isOAuthError, isWaiting } from '../parts/answers.ts'
import { authorizationPath, basic, exchange } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story

  const ask = (clientId: string, redirectUri: string) =>
    server.fetch(`/oauth/authorize?${new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri })}`)

  /** Redirect URIs that are close to the registered one. A server that compares by meaning instead of by character sends codes to strangers. */
  const lookalikes: Record<string, string[]> = {
    'https://app.example/cb': [
      'https://app.example/cb/',
      'https://app.example/cb/evil',
      'https://app.example/cb/../evil',
      'https://app.example/cb/%2e%2e/evil',
      'https://app.example/cb/..%2fevil',
      'https://app.example/cb/%252e%252e%252fevil',
      'https://app.example/cb/..;/evil',
      'https://app.example/./cb',
      'https://app.example//cb',
      'https://app.example/CB',
      'https://app.example/c%62',
      'https://app.example/cb;x',
      'https://app.example/cb?',
      'https://app.example/cb?x=1',
      'https://app.example/cb?code=stolen',
      'https://app.example/cb&state=stolen',
      'https://app.example/cb#',
      'https://app.example/cb#fragment',
      'https://app.example/cb ',
      ' https://app.example/cb',
      'https://app.example/cb\n',
      'https://app.example/cb\t',
      'https://app.example',
      'https://app.example/',
      'https://APP.example/cb',
      'HTTPS://app.example/cb',
      'http://app.example/cb',
      'https://app.example:443/cb',
      'https://app.example:8443/cb',
      'https://app.example./cb',
      'https://www.app.example/cb',
      'https://app.example.evil.example/cb',
      'https://evil-app.example/cb',
      'https://appxexample/cb',
      'https://app.example@evil.example/cb',
      'https://app.example:x@evil.example/cb',
      'https://evil.example\\@app.example/cb',
      'https://evil.example#@app.example/cb',
      'https://app.example%2f@evil.example/cb',
      'https:app.example/cb',
      'https:/app.example/cb',
      'https:///app.example/cb',
      'https:\\\\app.example\\cb',
      '//app.example/cb',
      '/\\evil.example/cb',
      '/\t//evil.example/cb',
      '/cb',
      'app.example/cb',
      'https://app\u3002example/cb',
      'https://\u0430pp.example/cb',
      'https://xn--pp-6kc.example/cb',
      'https://*.example/cb',
      'javascript:alert(1)//https://app.example/cb',
      ' javascript:alert(1)',
      'java\tscript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'blob:https://app.example/cb',
      'file:///cb',
      'view-source:https://app.example/cb',
    ],
    'https://app.example/cb?tenant=7&a=b': [
      'https://app.example/cb',
      'https://app.example/cb?tenant=7',
      'https://app.example/cb?a=b&tenant=7',
      'https://app.example/cb?tenant=7&a=b&x=1',
      'https://app.example/cb?tenant=7&amp;a=b',
      'https://app.example/cb?tenant=8&a=b',
      'https://app.example/cb?tenant=7&a=%62',
    ],
    'http://127.0.0.1/cb': [
      'http://127.0.0.1/other',
      'http://127.0.0.1:8080/cb/',
      'http://127.0.0.1:8080/cb?x=1',
      'http://127.0.0.1:/cb',
      'http://127.0.0.1:99999/cb',
      'http://127.0.0.1:123456/cb',
      'http://127.0.0.1:80x/cb',
      'http://127.0.0.1:80@evil.example/cb',
      'http://127.0.0.1@evil.example/cb',
      'http://127.0.0.1.evil.example/cb',
      'http://127.0.0.1.nip.io:8080/cb',
      'http://127.0.0.2:8080/cb',
      'http://127.1:8080/cb',
      'http://2130706433:8080/cb',
      'http://0x7f000001:8080/cb',
      'http://0.0.0.0:8080/cb',
      'http://localhost:8080/cb',
      'http://localhost/cb',
      'http://[::1]:8080/cb',
      'http://[::ffff:127.0.0.1]:8080/cb',
      'https://127.0.0.1:8080/cb',
    ],
    'http://localhost:3000/cb': [
      'http://localhost:3001/other',
      'http://localhost:99999/cb',
      'http://localhost:80@evil.example/cb',
      'http://localhost.evil.example:3000/cb',
      'http://app.localhost:3000/cb',
      'https://localhost:3000/cb',
      'http://127.0.0.1:3000/cb',
      'http://[::1]:3000/cb',
    ],
    'http://app.localhost:3000/cb': [
      'http://localhost:3000/cb',
      'http://evil.app.localhost:3000/cb',
      'http://app.localhost.evil.example:3000/cb',
    ],
    'com.example.app:/cb': [
      'com.example.app://cb',
      'com.example.app:///cb',
      'com.example.app:/cb.evil',
      'com.example.app:/cb/evil',
      'com.example.app.evil:/cb',
      'COM.example.app:/cb',
      'com.example.app:cb',
    ],
  }

  test('the redirect URI must equal a registered one character by character, otherwise there is no redirect (RFC 9700 §2.1)', async () => {
    for (const [registered, others] of Object.entries(lookalikes)) {
      const app = await world.makeApp({ redirectUri: registered })
      isWaiting(await ask(app.clientId, registered), registered)
      for (const other of others) {
        const html = await isErrorPage(await ask(app.clientId, other), 400, `${registered} is not ${other}`)
        assert.ok(!/href="[^"]*evil/.test(html), 'and there is no redirect to it')
      }
    }
  })

  test('only the port of a loopback address may differ, and the code is bound to the port that was used (RFC 8252 §7.3, RFC 9700 §4.1.3)', async () => {
    const registered = [
      'http://127.0.0.1/cb',
      'http://[::1]:9/cb?x=1',
      'http://localhost:3000/cb',
      'http://app.localhost:3000/cb',
    ]
    const app = await world.makeApp({ redirectUri: registered[0]!, redirectUris: registered, trusted: true })
    const { visitor } = await connect(story, app, undefined, { redirect_uri: 'http://127.0.0.1:50505/cb' })
    for (const uri of [
      'http://127.0.0.1:50505/cb',
      'http://127.0.0.1:1/cb',
      'http://127.0.0.1/cb',
      'http://[::1]:65535/cb?x=1',
      'http://localhost:51004/cb',
      'http://localhost/cb',
      'http://app.localhost:51004/cb',
    ]) {
      await visitor.open(authorizationPath(app, { redirect_uri: uri }))
      assert.ok(visitor.place.away!.href.startsWith(new URL(uri).href), uri)
      const { code } = visitor.answer()
      assert.equal((await exchange(server, app, code!, { redirect_uri: 'http://127.0.0.1:2/cb' })).status, 400, uri)
      assert.equal((await exchange(server, app, code!, { redirect_uri: uri })).status, 200, uri)
    }
  })

  test('the response is appended to the registered query and changes nothing in it (RFC 6749 §3.1.2)', async () => {
    const shapes: [string, string][] = [
      ['https://app.example/cb', 'https://app.example/cb?code='],
      ['https://app.example/cb?', 'https://app.example/cb?code='],
      ['https://app.example/cb?a=1&b=%2F+%20', 'https://app.example/cb?a=1&b=%2F+%20&code='],
      ['https://app.example/cb?a=1&', 'https://app.example/cb?a=1&code='],
      ['https://app.example', 'https://app.example?code='],
      ['com.example.app:/cb', 'com.example.app:/cb?code='],
    ]
    for (const [redirectUri, start] of shapes) {
      const app = await world.makeApp({ redirectUri, trusted: true })
      const { visitor } = await connect(story, app)
      const { status, headers, away } = visitor.place
      const isWeb = redirectUri.startsWith('https:')
      const location = isWeb ? headers.get('location')! : away!.href
      assert.ok(location.startsWith(start), location)
      assert.match(location.slice(start.length), /^[0-9a-f]{64}&iss=http%3A%2F%2Flocalhost%3A7200$/)
      assert.equal(status, isWeb ? 303 : 200, 'a browser follows with GET, also after a POST (RFC 9700 §4.12)')
    }
  })

  test('redirect_uri may be omitted if the app has only one, and is then omitted at the exchange too (RFC 6749 §4.1.3)', async () => {
    const one = await world.makeApp({ trusted: true })
    const { visitor } = await connect(story, one)
    const open = () => visitor.open(`/oauth/authorize?client_id=${one.clientId}`)
    await open()
    assert.equal((await exchange(server, one, visitor.answer().code!, { redirect_uri: undefined })).status, 200)
    await open()
    assert.equal((await exchange(server, one, visitor.answer().code!)).status, 200, 'sending it is allowed')
    await open()
    assert.equal(
      (await exchange(server, one, visitor.answer().code!, { redirect_uri: 'https://other.example/' })).status,
      400,
    )

    const several = await world.makeApp({ redirectUris: ['https://app.example/callback', 'https://app.example/two'] })
    await isErrorPage(await server.fetch(`/oauth/authorize?client_id=${several.clientId}`))
    isWaiting(await ask(several.clientId, 'https://app.example/two'))
  })

  test('a scheme that the operator no longer allows is an error page, also for a request that waits', async () => {
    const app = await world.makeApp({ trusted: true, redirectUri: 'zed://cb', redirectUris: ['zed://cb'] })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app))
    await visitor.signIn('dana@example.com', PASSWORD)
    assert.ok(visitor.place.url.includes('/login/consent'), visitor.place.url)
    const { config } = server.site
    const redirectSchemes = config.redirectSchemes.filter((each) => each !== 'zed')
    Object.assign(server.site, { config: { ...config, redirectSchemes } })
    try {
      await isErrorPage(await ask(app.clientId, app.redirectUri))
      await visitor.allow()
      assert.deepEqual([visitor.place.status, visitor.place.away], [400, undefined])
      const pushed = { method: 'POST', headers: { authorization: basic(app.clientId, app.secret) } }
      const body = new URLSearchParams({ redirect_uri: app.redirectUri })
      await isOAuthError(await server.fetch('/oauth/par', { ...pushed, body }), 400, 'invalid_request')
    } finally {
      Object.assign(server.site, { config })
    }
  })
})
