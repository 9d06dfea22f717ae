import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isErrorPage, isSentBack, isWaiting } from '../parts/answers.ts'
import { authorizationPath, exchange } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp({ scopes: ['openid', 'profile', 'email', 'clients_read'] })
  const trusted = await world.makeApp({ trusted: true, scopes: ['openid', 'profile', 'email', 'clients_read'] })
  const { visitor: signedIn } = await connect(story, trusted)
  const proven = new URLSearchParams({ client_id: app.clientId, redirect_uri: app.redirectUri }).toString()

  const ask = (query: string) => server.fetch(`/oauth/authorize?${query}`)
  const post = (query: string, body: string) =>
    server.fetch(`/oauth/authorize${query && `?${query}`}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })

  test('a repeated client_id or redirect_uri shows an error page, in any order, in the query and in the body (RFC 6749 §3.1)', async () => {
    const evil = 'redirect_uri=https%3A%2F%2Fevil.example%2Fcallback'
    const wrong = `client_id=${trusted.clientId}`
    for (const query of [`${proven}&${evil}`, `${evil}&${proven}`, `${proven}&${wrong}`, `${wrong}&${proven}`]) {
      await isErrorPage(await ask(query), 400, query)
      await isErrorPage(await post('', query), 400, query)
    }
    for (const twice of [evil, wrong, `client_id=${app.clientId}`]) {
      await isErrorPage(await post(proven, twice), 400, twice)
      await isErrorPage(await post(twice, proven), 400, twice)
    }
  })

  test('any other repeated parameter redirects with invalid_request, in any order, in the query and in the body (RFC 6749 §3.1)', async () => {
    const pairs: [string, string, string][] = [
      ['response_type', 'code', 'token'],
      ['response_mode', 'query', 'fragment'],
      ['scope', 'openid', 'clients_read'],
      ['state', 'one', 'two'],
      ['nonce', 'one', 'two'],
      ['prompt', 'none', 'login'],
      ['max_age', '1', '2'],
      ['login_hint', 'a@example.com', 'b@example.com'],
      ['ui_locales', 'en', 'fr'],
      ['code_challenge', 'a'.repeat(43), 'b'.repeat(43)],
      ['business_uid', 'one', 'two'],
    ]
    for (const [name, one, other] of pairs) {
      const method = name === 'code_challenge' ? '&code_challenge_method=S256' : ''
      for (const [first, second] of [
        [one, other],
        [other, one],
        [one, one],
      ]) {
        const query = `${proven}${method}&${name}=${first}`
        const answers = [await ask(`${query}&${name}=${second}`), await post(query, `${name}=${second}`)]
        for (const answer of answers) {
          const { error, state, iss, code } = isSentBack(answer, app.redirectUri, name)
          assert.deepEqual([error, iss, code], ['invalid_request', server.origin, undefined], name)
          assert.equal(state, undefined, 'none of two states is returned')
        }
      }
    }
  })

  test('unknown parameters are ignored, even when repeated, and so are preferences that cannot be met (RFC 6749 §3.1)', async () => {
    const harmless = [
      'extra=foobar',
      'extra=1&extra=2',
      'lang=en',
      'lang=..%2F..%2Fetc%2Fpasswd',
      'ui_locales=..%2F..%2Fetc%2Fpasswd%20%20x%09y',
      'ui_locales=fr-CA%20tlh',
      'claims_locales=tlh',
      'acr_values=gold%20silver',
      'display=popup',
      'display=unheard-of',
      'registration=true&invite=WP-V-SCHD',
      'intent=%5B%22add_online_scheduling%22%5D',
      `claims=${encodeURIComponent('{"userinfo":{"__proto__":{"essential":true}}}')}`,
      '__proto__=x&constructor=y&toString=z',
      'code%5B%5D=a&state%5Bx%5D=b',
    ]
    for (const query of harmless) isWaiting(await ask(`${proven}&${query}`), query)
  })

  test('a parameter with an empty value counts as omitted (RFC 6749 §3.1)', async () => {
    const empty = ['response_type', 'response_mode', 'scope', 'state', 'nonce', 'prompt', 'max_age', 'login_hint']
    const more = ['ui_locales', 'code_challenge', 'business_uid', 'request', 'request_uri', 'id_token_hint', 'email']
    for (const name of [...empty, ...more]) {
      isWaiting(await ask(`${proven}&${name}=`), name)
      isWaiting(await ask(`${proven}&${name}`), name)
    }
    await isErrorPage(await ask(`client_id=&redirect_uri=${app.redirectUri}`))
    isWaiting(await ask(`client_id=${app.clientId}&redirect_uri=`), 'the only redirect URI')

    await signedIn.open(authorizationPath(trusted, { code_challenge: '', state: '' }))
    const { code, state } = signedIn.answer()
    assert.equal(state, undefined)
    assert.equal((await exchange(server, trusted, code!, { code_verifier: '' })).status, 200, 'no empty PKCE')
  })

  test('a request that is not valid text is refused before its parameters are read', async () => {
    const broken = ['%00', '%ff', '%ed%a0%80', '%c0%80', '%f5%80%80%80', '%', '%zz', '%u0041']
    for (const bytes of broken) {
      for (const name of ['state', 'scope', 'client_id', 'redirect_uri', 'unheard-of']) {
        await isErrorPage(await ask(`${proven}&${name}=${bytes}`), 400, `${name}=${bytes}`)
        await isErrorPage(await post('', `${proven}&${name}=x${bytes}`), 400, `${name}=${bytes}`)
      }
      await isErrorPage(await ask(`${proven}&${bytes}=x`), 400, bytes)
    }
    const tooMany = Array.from({ length: 300 }, (_, index) => `p${index}=1`).join('&')
    await isErrorPage(await ask(`${proven}&${tooMany}`), 400)
    await isErrorPage(await post('', `${proven}&state=${'x'.repeat(70_000)}`), 413)
  })

  test('an unknown client_id with any characters shows an error page', async () => {
    for (const id of [
      'unheard-of',
      '__proto__',
      'toString',
      "' or 1=1 --",
      'x'.repeat(5000),
      app.clientId.toUpperCase(),
    ]) {
      const query = new URLSearchParams({ client_id: id, redirect_uri: app.redirectUri })
      const html = await isErrorPage(await ask(query.toString()), 400, id)
      assert.ok(!html.includes(app.redirectUri))
    }
    await isErrorPage(await ask(`redirect_uri=${app.redirectUri}`))
    await isErrorPage(await ask(''))
  })

  test('pending requests are limited per address', async () => {
    const small = await tellStory({ env: { BEHALF_ADDRESS_REQUESTS: '5' } })
    const waiter = await small.world.makeApp()
    for (let count = 0; count < 5; count++) isWaiting(await small.test.fetch(authorizationPath(waiter)))
    const refused = await small.test.fetch(authorizationPath(waiter))
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    await isErrorPage(refused, 429)
    assert.equal((await small.test.fetch(authorizationPath(waiter, { prompt: 'none' }))).status, 303, 'nothing waits')

    const lifetimes = { tombstone: 3600, event: 86_400 }
    const later = small.test.clock.now() + 3600 + 86_400 + 1
    assert.equal(await small.test.site.store.sweep(later, { ...lifetimes, event: 1e9 }, 100), 5)
  })

  test('other methods get 405 with Allow (RFC 9110 §15.5.6)', async () => {
    for (const path of ['/oauth/authorize', '/app/oauth/authorize']) {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
        const response = await server.fetch(`${path}?${proven}`, { method })
        assert.equal(response.status, 405, `${method} ${path}`)
        assert.equal(response.headers.get('allow'), 'GET, POST')
        assert.equal(response.headers.get('set-cookie'), null)
      }
    }
  })

  test('no header, parameter or form field changes the method of a request', async () => {
    const headers = { 'x-http-method-override': 'POST', 'x-http-method': 'POST', 'x-method-override': 'POST' }
    const ask = (path: string) =>
      server.fetch(`${path}?_method=POST&method=POST&client_id=${app.clientId}`, { headers })
    for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/oauth/par'])
      assert.equal((await ask(path)).status, 405, path)
    // The address of a form leads to the current step, as for every GET.
    for (const path of ['/oauth/consent', '/login/switch']) assert.equal((await ask(path)).status, 303, path)
    const asGet = { 'x-http-method-override': 'GET', 'content-type': 'application/x-www-form-urlencoded' }
    const posted = await server.fetch('/oauth/logout?_method=GET', {
      method: 'POST',
      headers: { ...asGet, 'content-type': 'text/plain' },
      body: '_method=GET',
    })
    assert.equal(posted.status, 415, 'it is handled as the POST that it is')
  })
})
