import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isErrorPage, isSentBack, isWaiting } from '../parts/answers.ts'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { rawJwt } from '../parts/assertions.ts'
import { changeApp, isConsent, openDialog } from '../parts/permission-dialog.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import type { Place } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp()
  const trusted = await world.makeApp({ trusted: true })
  const { visitor: signedIn } = await connect(story, trusted)
  const FORM = { response_mode: 'form_post' }

  /** Returns the fields that the page posts to the app. Fails if it is another page or posts elsewhere. */
  function posted(
    { status, html, headers, forms, away }: Place,
    redirectUri = app.redirectUri,
  ): Record<string, string> {
    assert.deepEqual([status, away, forms.length], [200, undefined, 1], html)
    assert.equal(forms[0]!.action, redirectUri)
    assert.match(html, /<form method="post" /)
    assert.equal(headers.get('cache-control'), 'no-store')
    const policy = headers.get('content-security-policy')!
    assert.match(
      policy,
      /^default-src 'none'; style-src 'self'; .*script-src 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    )
    assert.match(html, /<script src="\/assets\/send-on-[\w-]+\.js" defer><\/script>/)
    const markup = html.replaceAll(/="[^"]*"/g, '=""')
    assert.ok(!/<script(?![^>]*src)|\son\w+=|style=|<img|evil/.test(markup), 'no value becomes markup')
    return forms[0]!.fields
  }

  test('response_mode=form_post returns code, state and iss in a posted form', async () => {
    await signedIn.open(authorizationPath(trusted, { ...FORM, state: 'a state' }))
    const answer = posted(signedIn.place)
    assert.deepEqual(Object.keys(answer), ['code', 'state', 'iss'])
    assert.deepEqual([answer.state, answer.iss], ['a state', server.origin])
    assert.equal((await exchange(server, trusted, answer.code!)).status, 200)
    await signedIn.open(authorizationPath(trusted, { response_mode: 'query' }))
    assert.ok(signedIn.answer().code, 'query is the default')
  })

  test('every error uses the requested response mode, at every step', async () => {
    const stranger = world.visitor()
    const errors: [string, Record<string, string>][] = [
      ['invalid_scope', { scope: 'unheard-of' }],
      ['unsupported_response_type', { response_type: 'token' }],
      ['invalid_request', { code_challenge_method: 'S256' }],
      ['login_required', { prompt: 'none' }],
    ]
    for (const [error, parameters] of errors) {
      const answer = posted(await stranger.open(authorizationPath(app, { ...FORM, state: 's', ...parameters })))
      assert.deepEqual([answer.error, answer.state, answer.iss, answer.code], [error, 's', server.origin, undefined])
      assert.match(answer.error_description!, /\(reference [a-z0-9]{12}\)$/)
    }
    await stranger.open(authorizationPath(app, { ...FORM, state: 's' }))
    const cancelled = posted(await stranger.submit({ decision: 'deny' }, isConsent))
    assert.deepEqual(
      [cancelled.error, cancelled.state, cancelled.iss],
      ['access_denied', 's', server.origin],
      'cancelled',
    )

    const denier = await openDialog(story, app, { ...FORM, state: 's' })
    assert.equal(posted(await denier.deny()).error, 'access_denied')
    const allower = await openDialog(story, app, { ...FORM, state: 's' })
    assert.match(posted(await allower.allow()).code!, /^[0-9a-f]{64}$/)

    const shrinking = await world.makeApp({ scopes: ['openid', 'clients_read'] })
    const late = await openDialog(story, shrinking, FORM)
    await changeApp(story, shrinking, { scopes: ['openid'] })
    assert.equal(posted(await late.allow()).error, 'invalid_scope', 'an error found at the answer')
  })

  test('the error for a request object uses the response mode inside it, and nothing else from it (RFC 9101 §4)', async () => {
    const stranger = world.visitor()
    const unsigned = (claims: unknown) => rawJwt({ alg: 'none' }, claims, () => Buffer.alloc(0))
    const within = { ...FORM, state: 'another', redirect_uri: 'https://evil.example/cb', client_id: trusted.clientId }
    const open = (parameters: Record<string, string>) =>
      stranger.open(authorizationPath(app, { state: 's', ...parameters }))
    const answer = posted(await open({ request: unsigned(within) }))
    assert.deepEqual([answer.error, answer.state], ['request_not_supported', 's'])
    const stated = { request: unsigned(within), response_mode: 'query' }
    assert.equal(isSentBack(await server.fetch(authorizationPath(app, stated)), app.redirectUri).error, answer.error)
    const unusable = [
      unsigned({ response_mode: 'jwt' }),
      unsigned({ response_mode: ['form_post'] }),
      unsigned(null),
      unsigned([]),
    ]
    for (const request of [...unusable, unsigned('form_post'), 'x', '..', 'a.b.c', 'a.b.c.d.e', `${unsigned(FORM)}.`]) {
      const back = isSentBack(await server.fetch(authorizationPath(app, { request })), app.redirectUri, request)
      assert.equal(back.error, 'request_not_supported', request)
    }
    const native = await world.makeApp({ redirectUris: ['com.example.app:/cb'], redirectUri: 'com.example.app:/cb' })
    const toNative = await server.fetch(authorizationPath(native, { request: unsigned(FORM) }))
    assert.equal(isSentBack(toNative, native.redirectUri).error, 'request_not_supported', 'no form can be posted there')
  })

  test('an expired request that is started again keeps its response mode', async () => {
    const visitor = await openDialog(story, app, { ...FORM, prompt: 'consent' })
    const dialog = visitor.place
    await visitor.deny()
    await visitor.open(new URL(dialog.url).pathname + new URL(dialog.url).search)
    assert.match(visitor.place.html, /href="\/oauth\/authorize\?[^"]*response_mode=form_post/)
  })

  test('the values from the app are escaped in the form and arrive unchanged', async () => {
    const states = [
      '"><script>alert(1)</script>',
      "'><img src=x onerror=alert(1)>",
      '</form><form action="https://evil.example">',
      '&quot;&amp;&#34;',
      'שלום, 日本語, 🦄',
      ' a\tb ',
      'x'.repeat(8192),
    ]
    for (const state of states) {
      const query = authorizationPath(trusted, { ...FORM, state })
      const place =
        state.length > 1000 ? await signedIn.open(query.split('?')[0]!, postedBody(query)) : await signedIn.open(query)
      assert.equal(posted(place).state, state)
    }
    const redirectUri = "https://app.example/cb?a=\"><b>&c='d'"
    const quoted = await world.makeApp({ redirectUri, trusted: true })
    const place = await signedIn.open(authorizationPath(quoted, FORM))
    assert.ok(!place.html.includes('"><b>'))
    posted(place, redirectUri)
  })

  test('a value that a form cannot carry unchanged is refused, in the query', async () => {
    const answer = isSentBack(await server.fetch(authorizationPath(app, { ...FORM, state: 'a\nb' })), app.redirectUri)
    assert.deepEqual([answer.error, answer.state], ['invalid_request', 'a\nb'], 'browsers change line breaks in forms')
    const native = await world.makeApp({ redirectUri: 'com.example.app:/cb' })
    const refused = isSentBack(await server.fetch(authorizationPath(native, FORM)), 'com.example.app:/cb')
    assert.deepEqual(
      [refused.error, refused.code],
      ['invalid_request', undefined],
      'no browser posts to a private scheme',
    )
    for (const mode of ['fragment', 'form_post form_post', 'form_post.jwt', 'web_message', '__proto__']) {
      const unknown = isSentBack(
        await server.fetch(authorizationPath(app, { response_mode: mode })),
        app.redirectUri,
        mode,
      )
      assert.equal(unknown.error, 'invalid_request', mode)
    }
  })

  test('errors before client and redirect URI are verified are pages, in this mode too', async () => {
    await isErrorPage(await server.fetch(authorizationPath({ ...app, redirectUri: 'https://evil.example/' }, FORM)))
    await isErrorPage(await server.fetch(authorizationPath({ ...app, clientId: 'nobody' }, FORM)))
    isWaiting(await server.fetch(authorizationPath(app, FORM)))
  })

  test('after a password, the page that posts is reached by a redirect that carries nothing of the sign-in form (RFC 9700 §4.12)', async () => {
    const visitor = world.visitor()
    await visitor.open(authorizationPath(trusted, FORM))
    const place = await visitor.signIn('dana@example.com', PASSWORD)
    assert.deepEqual(Object.keys(posted(place)), ['code', 'iss'])
    assert.match(place.url, /\/oauth\/resume\?ticket=/, 'it is fetched by GET')
  })

  test('browsers cache the script of the page by its name, and the metadata lists both modes', async () => {
    await signedIn.open(authorizationPath(trusted, FORM))
    const path = /src="([^"]+\.js)"/.exec(signedIn.place.html)![1]!
    const script = await server.fetch(path)
    assert.equal(script.status, 200)
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.match(script.headers.get('cache-control')!, /immutable/)
    assert.equal((await server.fetch('/assets/send-on-older.js')).headers.get('cache-control'), 'no-store')
    assert.equal((await server.fetch('/assets/send-on.js')).status, 404)
    const metadata = await read(server.fetch('/.well-known/oauth-authorization-server'))
    assert.deepEqual(metadata.response_modes_supported, ['query', 'fragment', 'form_post'])
  })

  function postedBody(path: string): RequestInit {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { method: 'POST', headers, body: path.slice(path.indexOf('?') + 1) }
  }
})
