import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, importJWK, jwtVerify } from 'jose'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { connect, installs, onBothEngines, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines((engine) => {
  test('the founding document, from the authorization URL to userinfo', async () => {
    const story = await tellStory({ engine })
    const { test: server, world, bakery, dana } = story
    const app = await world.makeApp({ name: 'Ledger' })
    const visitor = world.visitor()

    const login = await visitor.open(authorizationPath(app, { state: 'xyz 123/ü&=#' }))
    assert.equal(login.status, 200)
    assert.match(login.html, /name="email"[^>]*/)
    assert.match(text(login.html), /Ledger/)

    const dialog = await visitor.signIn('dana@example.com', PASSWORD)
    assert.match(text(dialog.html), /Ledger/)
    assert.match(text(dialog.html), /Bread &amp; Butter/)
    assert.match(text(dialog.html), /app\.example/)

    await visitor.allow()
    assert.ok([302, 303].includes(visitor.place.status))
    assert.ok(visitor.place.away!.href.startsWith('https://app.example/callback?'))
    const { code, state, iss, ...rest } = visitor.answer()
    assert.deepEqual(rest, {})
    assert.equal(state, 'xyz 123/ü&=#')
    assert.equal(iss, server.origin)

    const response = await exchange(server, app, code!)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const answer = await read(response)
    assert.match(answer.access_token, /^[0-9a-f]{64}$/)
    assert.equal(answer.token_type, 'bearer')
    assert.equal(answer.expires_in, 631152000)
    assert.equal(answer.created_at, server.clock.now())
    assert.equal(answer.scope, 'openid profile email')

    const info = await userinfo(server, answer.access_token)
    assert.equal(info.status, 200)
    const claims = await read(info)
    assert.deepEqual(
      { ...claims, brand_theme: Object.keys(claims.brand_theme) },
      {
        sub: dana.staffUid,
        type: 'staff',
        role: 'owner',
        roles: ['owner'],
        email: 'dana@example.com',
        email_verified: false,
        name: 'Dana Levi',
        preferred_username: 'dana@example.com',
        business_id: bakery.uid,
        business_uid: bakery.uid,
        business_name: 'Bread & Butter',
        directory_uid: world.directory.uid,
        scope: 'openid profile email',
        brand_host: 'localhost',
        brand_theme: ['colors', 'locale', 'logo', 'name', 'powered_by'],
      },
    )

    const idToken = decodeJwt(answer.id_token)
    assert.equal(idToken.business_id, bakery.uid)
    assert.equal(idToken.business_uid, bakery.uid)
    assert.equal(idToken.sub, dana.staffUid)
    const { keys } = await read(server.fetch('/oauth/jwks'))
    await jwtVerify(answer.id_token, await importJWK(keys[0]), {
      issuer: server.origin,
      audience: app.clientId,
      algorithms: ['RS256'],
      currentDate: new Date(server.clock.now() * 1000),
    })
  })

  test('a trusted app gets its code without a dialog, but not without a sign-in', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp({ trusted: true })
    const visitor = world.visitor()
    const login = await visitor.open(authorizationPath(app))
    assert.ok(login.url.includes('/login'))
    await visitor.signIn('dana@example.com', PASSWORD)
    assert.equal((await exchange(server, app, visitor.answer().code!)).status, 200)
  })

  test('a person who allowed an app is asked again only if it requests more', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ scopes: ['openid', 'clients_read', 'clients_update'] })
    const { visitor } = await connect(story, app, undefined, { scope: 'openid clients_read' })
    await visitor.open(authorizationPath(app, { scope: 'clients_read' }))
    assert.ok(visitor.answer().code)
    const dialog = await visitor.open(authorizationPath(app, { scope: 'openid clients_update' }))
    assert.ok(dialog.url.includes('/login/consent'))
    const again = await visitor.open(authorizationPath(app, { scope: 'openid', prompt: 'consent' }))
    assert.ok(again.url.includes('/login/consent'))
  })

  test('a denial returns access_denied and the state', async () => {
    const { world } = await tellStory({ engine })
    const app = await world.makeApp({ redirectUri: 'https://app.example/cb?tenant=7' })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, { state: 's' }))
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.deny()
    const { error, state, iss, tenant, code } = visitor.answer()
    assert.deepEqual(
      { error, state, tenant, code, iss },
      { error: 'access_denied', state: 's', tenant: '7', code: undefined, iss: 'http://localhost:7200' },
    )
  })

  test('a person in several businesses chooses one, and the token is for that business', async () => {
    const story = await tellStory({ engine })
    const { test: server, world, garage, bakery } = story
    const app = await world.makeApp()
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app))
    const chooser = await visitor.signIn('omar@example.com', PASSWORD)
    assert.ok(chooser.url.includes('/login/business'))
    assert.match(text(chooser.html), /Bread &amp; Butter.*Garage/)
    const dialog = await visitor.chooseBusiness(garage.uid)
    assert.match(text(dialog.html), /Garage/)
    await visitor.allow()
    const { access_token: token } = await read(exchange(server, app, visitor.answer().code!))
    assert.equal((await read(userinfo(server, token))).business_uid, garage.uid)

    await visitor.open(authorizationPath(app, { business_uid: bakery.uid }))
    assert.ok(visitor.place.url.includes('/login/consent'), 'a requested business needs no choice')
    assert.match(text(visitor.place.html), /Bread &amp; Butter/)
    await visitor.open(authorizationPath(app, { business_uid: 'nobodysbusiness0' }))
    assert.ok(visitor.place.url.includes('/login/business'))
  })

  test('every form of authorization URL that existing apps send gives a code', async () => {
    const { world } = await tellStory({ engine })
    const app = await world.makeApp({ redirectUri: 'http://localhost:44444/callback' })
    const raw = `client_id=${app.clientId}&redirect_uri=http://localhost:44444/callback`
    const shapes = [
      `/app/oauth/authorize?${raw}`,
      `/oauth/authorize?response_type=code&${raw}&scope=openid&state=a`,
      `//app//oauth/authorize?${raw}`,
      `/app/oauth/authorize?response_type=code&client_id=${app.clientId}&lang=en&registration=true&intent=[%22add_online_scheduling%22]&redirect_uri=http%3A%2F%2Flocalhost%3A44444%2Fcallback&state=1&invite=WP-V-SCHD&email=dana@example.com`,
      `/oauth/authorize?client_id=${app.clientId}`,
    ]
    for (const shape of shapes) {
      const visitor = world.visitor()
      const place = await visitor.open(shape)
      assert.equal(place.status, 200, shape)
      if (shape.includes('email=')) assert.match(place.html, /value="dana@example\.com"/)
      await visitor.signIn('dana@example.com', PASSWORD)
      if (!visitor.place.away) await visitor.allow()
      assert.ok(visitor.answer().code, shape)
    }
  })

  test('POST to the authorization endpoint works like GET', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp()
    const response = await server.fetch('/oauth/authorize', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: app.clientId, redirect_uri: app.redirectUri, response_type: 'code' }),
    })
    assert.equal(response.status, 303)
    assert.match(response.headers.get('location')!, /^\/login\?ticket=[0-9a-f]{64}$/)
  })

  test('a request posted by another site is redirected, so that the browser sends the cookies it held back', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    const cookies = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
    const query = new URL(authorizationPath(app, { state: 'a b&c=ü' }), server.origin).search.slice(1)
    const post = (body: string, headers: Record<string, string>) =>
      server.fetch('/oauth/authorize', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body,
      })
    const crossSite = { 'sec-fetch-site': 'cross-site' }
    const kept = await post(`${query}&prompt=`, crossSite)
    assert.equal(kept.headers.get('set-cookie'), null, 'a new cookie would end what waits in this browser')
    const link = new URL(kept.headers.get('location')!, server.origin)
    assert.deepEqual([link.pathname, link.searchParams.get('client_id')], ['/oauth/authorize', app.clientId])
    assert.deepEqual([...link.searchParams.keys()], ['client_id', 'posted'], 'the posted values are not in the log')
    await visitor.open(link.pathname + link.search)
    assert.deepEqual([visitor.answer().error, visitor.answer().state], [undefined, 'a b&c=ü'])
    const resources = await post(`${query}&resource=a&resource=b`, crossSite)
    await visitor.open(resources.headers.get('location')!)
    assert.equal(visitor.answer().error, 'invalid_target')
    await visitor.open(`${authorizationPath(app)}&posted=its-own&posted=twice`)
    assert.ok(visitor.answer().code, 'an app may have a parameter of this name')

    const isAnswered = (response: Response) => response.headers.get('location')!.startsWith(app.redirectUri)
    assert.ok(isAnswered(await post(query, { ...crossSite, cookie: cookies })), 'no cookie was held back')
    assert.ok(isAnswered(await post(query, { 'sec-fetch-site': 'same-origin', cookie: cookies })))
    const follow = async (body: string) => {
      const sent = await post(body, crossSite)
      assert.equal(sent.headers.get('set-cookie'), null)
      await visitor.open(sent.headers.get('location')!)
      return visitor.place.away?.searchParams.get('error') ?? visitor.place.status
    }
    for (const twice of ['state=x', 'state=', 'nonce=a&nonce=', 'nonce=&nonce=a'])
      assert.equal(await follow(`${query}&${twice}`), 'invalid_request', twice)
    assert.equal(await follow(`${query}&redirect_uri=https%3A%2F%2Fevil.example`), 400)
    assert.equal(await follow(`${query}&unknown=1&unknown=2`), 303)
    assert.ok(visitor.answer().code, 'an unknown parameter may be repeated')
    const long = await post(`${query}&x=${'x'.repeat(8000)}`, crossSite)
    assert.deepEqual([long.status, long.headers.get('set-cookie')], [400, null])
  })

  test('logout=true and prompt=login ask for the password again, prompt=none never asks', async () => {
    const story = await tellStory({ engine })
    const { world } = story
    const app = await world.makeApp()
    const { visitor } = await connect(story, app)
    for (const parameters of [{ logout: 'true' }, { prompt: 'login' }, { max_age: '0' }] as Record<string, string>[]) {
      const place = await visitor.open(authorizationPath(app, parameters))
      assert.ok(place.url.includes('/login?'), JSON.stringify(parameters))
      await visitor.signIn('dana@example.com', PASSWORD)
      assert.ok(visitor.answer().code)
    }
    await visitor.open(authorizationPath(app, { prompt: 'none' }))
    assert.ok(visitor.answer().code)
    const stranger = world.visitor()
    await stranger.open(authorizationPath(app, { prompt: 'none', state: 'q' }))
    assert.equal(stranger.answer().error, 'login_required')
    assert.equal(stranger.answer().state, 'q')
    await visitor.open(authorizationPath(app, { prompt: 'none login' }))
    assert.equal(visitor.answer().error, 'invalid_request')
  })

  test('the install belongs to the business: it stays when another person signs in, and ends for all at once', async () => {
    const story = await tellStory({ engine })
    const { test: server, world, bakery } = story
    const app = await world.makeApp()
    const danas = await installs(story, app)
    const visitor = world.visitor()
    const { code } = await connect(story, app, 'omar@example.com', { business_uid: bakery.uid }, visitor)
    const omars = (await read(exchange(server, app, code))).access_token
    const install = await server.site.store.installs.findLive(app.uid, bakery.uid)
    const { newEvent } = await import('../store/things.ts')
    const event = newEvent({ type: 'install.ended', at: server.clock.now() })
    assert.equal(await server.site.store.installs.end(install!.uid, server.clock.now(), 'disconnected', event), true)
    assert.equal((await userinfo(server, danas.token)).status, 401)
    assert.equal((await userinfo(server, omars)).status, 401)
  })
})
