import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { isSentBack } from '../parts/answers.ts'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp({ scopes: ['openid', 'profile', 'email', 'clients_read'] })
  const publicApp = await world.makeApp({ public: true })
  const trusted = await world.makeApp({ trusted: true, scopes: ['openid', 'profile', 'email', 'clients_read'] })
  const { visitor: signedIn } = await connect(story, trusted)

  /** Sends an authorization request with these parameters added. It is posted, because some values are too long for a URL. */
  const ask = (parameters: Record<string, string>, by = app) =>
    server.fetch('/oauth/authorize', {
      method: 'POST',
      body: new URLSearchParams({ client_id: by.clientId, redirect_uri: by.redirectUri, ...parameters }),
    })

  test('only the code flow exists, and unknown values are refused (RFC 9700 §2.1.2, RFC 6749 §4.1.2.1)', async () => {
    const refused: [string, string, string[]][] = [
      ['unsupported_response_type', 'response_type', ['token', 'id_token', 'code token', 'code ', 'CODE', 'none']],
      ['invalid_request', 'response_mode', ['query.jwt', 'FRAGMENT', 'FORM_POST', 'unheard-of']],
      ['request_not_supported', 'request', ['eyJhbGciOiJub25lIn0.e30.', 'x']],
      ['request_uri_not_supported', 'request_uri', ['https://evil.example/request.jwt', 'urn:x']],
      ['registration_not_supported', 'registration', ['{}', ' {"redirect_uris":["https://evil.example/"]}', '{']],
      ['invalid_request', 'prompt', ['unheard-of', 'none login', 'NONE']],
      ['invalid_request', 'max_age', ['-1', 'abc', '1e9', '1.5', '99999999999', ' 1']],
      ['invalid_request', 'nonce', ['n'.repeat(1025)]],
      ['invalid_request', 'login_hint', ['n'.repeat(1025)]],
    ]
    for (const [error, name, values] of refused) {
      for (const value of values) {
        const answer = isSentBack(await ask({ state: 's', [name]: value }), app.redirectUri, `${name}=${value}`)
        assert.deepEqual([answer.error, answer.state, answer.iss], [error, 's', server.origin], `${name}=${value}`)
        assert.deepEqual([answer.code, answer.access_token, answer.id_token], [undefined, undefined, undefined])
        assert.match(answer.error_description!, /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/)
      }
    }
  })

  test('a scope is granted as requested or refused, and never extended (RFC 6749 §3.3)', async () => {
    const refused = ['openid\tprofile', 'openid\u00A0profile', 'OPENID', 'opénid', 'openid "x"', 'a\\b']
    const foreign = ['unheard-of', 'payments_read', 'staff_read', 'constructor', '__proto__', 'openid staff_read', '*']
    for (const scope of [...refused, ...foreign]) {
      const answer = isSentBack(await ask({ scope, state: 's' }), app.redirectUri, scope)
      assert.deepEqual([answer.error, answer.state], ['invalid_scope', 's'], scope)
    }
    for (const [scope, shown] of [
      ['openid,email', 'openid,email'],
      ['https://api.example/a+b:c;d=e', 'https://api.example/a+b:c;d=e'],
      [`(!#$%&'*./@^{|}~)`, `(!#$%&'*./@^{|}~)`],
    ] as const) {
      const answer = isSentBack(await ask({ scope }), app.redirectUri, scope)
      assert.ok(answer.error_description!.includes(`The scope ${shown} does not exist.`), answer.error_description)
    }
    const granted: [string, string][] = [
      ['openid', 'openid'],
      ['profile openid', 'profile openid'],
      ['openid openid', 'openid'],
      ['clients_read', 'clients_read'],
      ['', 'openid profile email clients_read'],
    ]
    for (const [scope, expected] of granted) {
      await signedIn.open(authorizationPath(trusted, { scope }))
      const answer = await read(exchange(server, trusted, signedIn.answer().code!))
      assert.equal(answer.scope, expected)
      assert.equal('id_token' in answer, expected.includes('openid'))
    }
  })

  test('the state is returned unchanged, and cannot break the header or the URL (RFC 6749 §4.1.2)', async () => {
    const states = [
      'x'.repeat(64),
      'x'.repeat(384),
      'x'.repeat(2000),
      'a b+c%20d%2520e',
      'line\r\nSet-Cookie: x=y',
      '&code=stolen&iss=https://evil.example#code=stolen',
      '"><script>alert(1)</script>',
      'שלום, ünïcödé, 日本語, 🦄',
      '\u202Eevil\u200B',
      ' leading and trailing ',
      '{"json":[1,2]}',
      ';/?:@=&,$',
    ]
    for (const state of states) {
      await signedIn.open(authorizationPath(trusted, { state }))
      const answer = signedIn.answer()
      assert.equal(answer.state, state)
      assert.deepEqual(Object.keys(answer), ['code', 'state', 'iss'])
      assert.match(signedIn.place.headers.get('location')!, /^[\x21-\x7E]+$/)
      const refused = isSentBack(await ask({ state, scope: 'unheard-of' }), app.redirectUri)
      assert.equal(refused.state, state, 'also with an error')
    }
    const answer = isSentBack(await ask({ state: 'x'.repeat(8193) }), app.redirectUri)
    assert.deepEqual([answer.error, answer.state], ['invalid_request', undefined])
  })

  test('the nonce is returned unchanged in the ID token (OpenID Connect Core §3.1.2.1)', async () => {
    for (const nonce of ['n'.repeat(384), 'ü&=+%20"\\', '']) {
      await signedIn.open(authorizationPath(trusted, { nonce }))
      const { id_token: idToken } = await read(exchange(server, trusted, signedIn.answer().code!))
      assert.equal(decodeJwt(idToken).nonce, nonce || undefined)
    }
  })

  test('prompt=none shows no page and returns the error that says what is missing (OpenID Connect Core §3.1.2.6)', async () => {
    const { world } = story
    const untrusted = await world.makeApp()
    const stranger = world.visitor()
    await stranger.open(authorizationPath(untrusted, { prompt: 'none', state: 's' }))
    assert.deepEqual([stranger.answer().error, stranger.answer().state], ['login_required', 's'])
    await signedIn.open(authorizationPath(untrusted, { prompt: 'none' }))
    assert.equal(signedIn.answer().error, 'consent_required')
    const { visitor: omar } = await connect(story, trusted, 'omar@example.com', { business_uid: story.garage.uid })
    await omar.open(authorizationPath(trusted, { prompt: 'none' }))
    assert.equal(omar.answer().error, 'account_selection_required')
    await omar.open(authorizationPath(trusted, { prompt: 'none', business_uid: story.garage.uid }))
    assert.ok(omar.answer().code)
  })

  test('max_age counts from the time of the password, and auth_time contains that time (OpenID Connect Core §2, §3.1.2.1)', async () => {
    const { visitor } = await connect(story, trusted)
    const signedInAt = server.clock.now()
    server.clock.advance(600)
    await visitor.open(authorizationPath(trusted, { max_age: '601' }))
    const { id_token: idToken } = await read(exchange(server, trusted, visitor.answer().code!))
    assert.equal(decodeJwt(idToken).auth_time, signedInAt)
    const place = await visitor.open(authorizationPath(trusted, { max_age: '599' }))
    assert.ok(place.url.includes('/login?'))
    await visitor.signIn('dana@example.com', PASSWORD)
    const { id_token: later } = await read(exchange(server, trusted, visitor.answer().code!))
    assert.equal(decodeJwt(later).auth_time, server.clock.now())
  })

  test('a public app must use PKCE, and the error says so (RFC 9700 §2.1.1)', async () => {
    const answer = isSentBack(await ask({}, publicApp), publicApp.redirectUri)
    assert.equal(answer.error, 'invalid_request')
    assert.match(answer.error_description!, /PKCE/)
  })

  test('login_hint fills in the sign-in form, and does not reveal whether the account exists (OpenID Connect Core §3.1.2.1)', async () => {
    const page = async (hint: string) => {
      const visitor = world.visitor()
      const { html } = await visitor.open(authorizationPath(app, { login_hint: hint }))
      return html.replaceAll(/[0-9a-f]{64}|value="[\w-]{43}"/g, '')
    }
    const html = await page('"><svg onload=alert(1)>')
    assert.ok(!html.includes('<svg'), 'escaped')
    const [known, unknown] = [await page('dana@example.com'), await page('nobody@example.com')]
    assert.equal(known.replaceAll('dana@', 'nobody@'), unknown)
  })
})
