import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { isErrorPage, isSentBack, isWaiting } from '../parts/answers.ts'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import type { Visitor } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp()
  const trusted = await world.makeApp({ trusted: true })
  const ONE = 'urn:behalf:acr:one-factor'
  const TWO = 'urn:behalf:acr:two-factor'

  const idTokenOf = async (visitor: Visitor, by = trusted) =>
    decodeJwt((await read(exchange(server, by, visitor.answer().code!))).id_token)
  const acr = (requested: unknown) => ({ claims: JSON.stringify({ id_token: { acr: requested } }) })

  test('the ID token says when and how the person authenticated (OpenID Connect Core §2, RFC 8176 §2)', async () => {
    const { visitor } = await connect(story, trusted)
    const signedInAt = server.clock.now()
    server.clock.advance(100)
    const ways: Record<string, string>[] = [
      {},
      { max_age: '1000' },
      { acr_values: `${TWO} ${ONE} unheard-of` },
      acr(null),
    ]
    for (const parameters of ways) {
      await visitor.open(authorizationPath(trusted, parameters))
      const { auth_time, amr, acr: reached } = await idTokenOf(visitor)
      assert.deepEqual({ auth_time, amr, acr: reached }, { auth_time: signedInAt, amr: ['pwd'], acr: ONE })
    }
  })

  test('acr_values is a preference; an essential acr that cannot be met is refused before the sign-in page (OpenID Connect Core §5.5.1.1)', async () => {
    const { visitor } = await connect(story, trusted)
    const ways = [TWO, 'unheard-of', '0', 'phr']
    for (const value of ways) {
      await visitor.open(authorizationPath(trusted, { acr_values: value }))
      assert.ok(visitor.answer().code)
      await visitor.open(authorizationPath(trusted, acr({ values: [value] })))
      assert.ok(visitor.answer().code, 'not essential')
      for (const who of [visitor, world.visitor()]) {
        for (const prompt of ['', 'none', 'login']) {
          const parameters = { ...acr({ essential: true, value }), prompt, state: 's' }
          await who.open(authorizationPath(trusted, parameters))
          const { error, state } = who.answer()
          assert.deepEqual([error, state], ['unmet_authentication_requirements', 's'])
        }
      }
    }
    for (const requested of [
      { essential: true },
      { essential: true, values: [TWO, ONE] },
      { essential: true, value: ONE },
    ]) {
      await visitor.open(authorizationPath(trusted, acr(requested)))
      assert.equal((await idTokenOf(visitor)).acr, ONE)
    }
    const { acr_values_supported: supported } = await read(server.fetch('/.well-known/openid-configuration'))
    assert.deepEqual(supported, [ONE])
  })

  test('max_age=0 asks for the password every time (OpenID Connect Core §3.1.2.1)', async () => {
    const { visitor } = await connect(story, trusted)
    await visitor.open(authorizationPath(trusted, { max_age: '0', prompt: 'none' }))
    assert.equal(visitor.answer().error, 'login_required')
    const place = await visitor.open(authorizationPath(trusted, { max_age: '0' }))
    assert.ok(place.url.includes('/login?'))
    server.clock.advance(5)
    await visitor.signIn('dana@example.com', PASSWORD)
    assert.equal((await idTokenOf(visitor)).auth_time, server.clock.now())
  })

  test('an app can have a default max_age, which the request overrides (OpenID Connect Registration §2)', async () => {
    const strict = await world.makeApp({ trusted: true, protocol: { defaultMaxAge: 60, requireAuthTime: true } })
    const { visitor } = await connect(story, strict)
    const signedInAt = server.clock.now()
    server.clock.advance(60)
    await visitor.open(authorizationPath(strict))
    assert.equal((await idTokenOf(visitor, strict)).auth_time, signedInAt)
    server.clock.advance(1)
    await visitor.open(authorizationPath(strict, { prompt: 'none' }))
    assert.equal(visitor.answer().error, 'login_required')
    await visitor.open(authorizationPath(strict, { max_age: '61', prompt: 'none' }))
    assert.ok(visitor.answer().code)
    const place = await visitor.open(authorizationPath(strict))
    assert.ok(place.url.includes('/login?'))
  })

  test('each prompt value works on its own and in combination (OpenID Connect Core §3.1.2.1)', async () => {
    const { visitor } = await connect(story, app)
    const steps: [string, string[]][] = [
      ['', []],
      ['login', ['/login', 'password']],
      ['consent', ['/login/consent']],
      ['select_account', ['/login', 'continue']],
      ['login consent', ['/login', 'password', '/login/consent']],
      ['consent login', ['/login', 'password', '/login/consent']],
      ['consent select_account', ['/login', 'continue', '/login/consent']],
      ['login select_account', ['/login', 'password']],
      ['login consent select_account', ['/login', 'password', '/login/consent']],
      ['  login   login ', ['/login', 'password']],
    ]
    for (const [prompt, expected] of steps) {
      const taken: string[] = []
      let place = await visitor.open(authorizationPath(app, { prompt, state: 's' }))
      while (!place.away) {
        taken.push(new URL(place.url).pathname)
        if (taken.at(-1) === '/login/consent') place = await visitor.allow()
        else if (place.html.includes('id="continue"')) {
          taken.push('continue')
          place = await visitor.submit({}, (form) => form.action.includes('/login/continue'))
        } else {
          taken.push('password')
          place = await visitor.signIn('dana@example.com', PASSWORD)
        }
      }
      assert.deepEqual(taken, expected, prompt)
      assert.ok(visitor.answer().code, prompt)
    }
    for (const prompt of ['none login', 'consent none', 'none select_account', 'create', 'login create', 'LOGIN']) {
      await visitor.open(authorizationPath(app, { prompt, state: 's' }))
      assert.deepEqual([visitor.answer().error, visitor.answer().state], ['invalid_request', 's'], prompt)
    }
  })

  test('prompt=consent shows the permission dialog for a trusted app too', async () => {
    const { visitor } = await connect(story, trusted)
    const place = await visitor.open(authorizationPath(trusted, { prompt: 'consent' }))
    assert.ok(place.url.includes('/login/consent'))
    await visitor.deny()
    assert.equal(visitor.answer().error, 'access_denied')
  })

  test('display, ui_locales, claims_locales and acr_values are preferences with limits on their length (OpenID Connect Core §3.1.2.1)', async () => {
    const ask = (name: string, value: string) => server.fetch(authorizationPath(app, { [name]: value }))
    for (const display of ['page', 'popup', 'touch', 'wap', 'hologram', '__proto__'])
      isWaiting(await ask('display', display))
    for (const name of ['ui_locales', 'claims_locales', 'acr_values']) {
      for (const value of ['../../etc/passwd', 'tlh  fr-CA', '<svg>', 'x'.repeat(1000)])
        isWaiting(await ask(name, value), name)
    }
    for (const name of ['display', 'acr_values']) {
      assert.equal(isSentBack(await ask(name, 'x'.repeat(1025)), app.redirectUri).error, 'invalid_request', name)
    }
    const { display_values_supported: supported } = await read(server.fetch('/.well-known/openid-configuration'))
    assert.deepEqual(supported, ['page', 'popup', 'touch', 'wap'])
  })

  test('a browser without JavaScript can complete every step', async () => {
    const { html: login } = await world.visitor().open(authorizationPath(app))
    for (const id of ['email', 'password', 'sign-in', 'cancel']) assert.match(login, new RegExp(`id="${id}"`))
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app))
    const { html: choice } = await visitor.signIn('omar@example.com', PASSWORD)
    for (const name of ['id="choose"', 'name="business"', 'id="switch"', 'id="cancel"'])
      assert.ok(choice.includes(name), name)
    const { html: dialog } = await visitor.chooseBusiness(story.bakery.uid)
    for (const id of ['allow', 'deny', 'change-business', 'switch', 'returns-to'])
      assert.ok(dialog.includes(`id="${id}"`), id)
    const { html: back } = await visitor.open(authorizationPath(app, { prompt: 'select_account' }))
    for (const id of ['continue', 'email', 'password', 'sign-in']) assert.match(back, new RegExp(`id="${id}"`))
    const { html: wrong } = await visitor.signIn('omar@example.com', 'not it')
    for (const id of ['problem', 'email', 'password', 'sign-in']) assert.match(wrong, new RegExp(`id="${id}"`))
    const { html: error } = await world.visitor().open('/oauth/authorize?client_id=unheard-of')
    assert.match(error, /id="reference"/)
    // The visitor runs no script. The only one there is adds a checkbox.
    for (const html of [login, choice, dialog, back, wrong, error])
      assert.ok(!/<script(?! src="\/assets\/show-password-)/.test(html))
  })

  test('an app that registered itself must send what the specification requires; apps of the platform may omit it (OpenID Connect Core §3.1.2.1)', async () => {
    const pkce = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' }
    for (const origin of ['registered', 'document'] as const) {
      const own = await world.makeApp({ origin })
      const all = { client_id: own.clientId, redirect_uri: own.redirectUri, response_type: 'code', state: 's', ...pkce }
      const ask = (without?: string) => {
        const sent = Object.entries(all).filter(([name]) => name !== without)
        return server.fetch(`/oauth/authorize?${new URLSearchParams(sent)}`)
      }
      isWaiting(await ask(), origin)
      await isErrorPage(await ask('redirect_uri'), 400, origin)
      const { error, state, error_description } = isSentBack(await ask('response_type'), own.redirectUri, origin)
      assert.deepEqual([error, state], ['invalid_request', 's'])
      assert.match(error_description!, /response_type/)
    }
    isWaiting(await server.fetch(`/oauth/authorize?client_id=${app.clientId}`))
  })
})
