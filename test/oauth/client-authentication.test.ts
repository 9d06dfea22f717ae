import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { isErrorPage, isOAuthError } from '../parts/answers.ts'
import {
  authorizationPath,
  basic,
  exchange,
  exchangeForm,
  read,
  refresh,
  toForm,
  userinfo,
} from '../parts/app-calls.ts'
import { countedStore } from '../parts/counted-store.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { makeFolder } from '../parts/server-process.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { heldClock, testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp({ trusted: true })
  const other = await world.makeApp({ trusted: true })
  const publicApp = await world.makeApp({ public: true })
  const { visitor } = await connect(story, app)

  async function form(): Promise<Record<string, string>> {
    await visitor.open(authorizationPath(app))
    return { grant_type: 'authorization_code', code: visitor.answer().code!, redirect_uri: app.redirectUri }
  }

  const inBody = { client_id: app.clientId, client_secret: app.secret }
  const header = (value: string) => ({ authorization: value })

  test('an app authenticates in the body or with HTTP Basic (RFC 6749 §2.3.1)', async () => {
    const rightful = header(basic(app.clientId, app.secret))
    assert.equal((await exchangeForm(server, { ...(await form()), ...inBody })).status, 200)
    assert.equal((await exchangeForm(server, await form(), rightful)).status, 200)
    assert.equal((await exchangeForm(server, { ...(await form()), client_id: app.clientId }, rightful)).status, 200)
    assert.equal((await exchangeForm(server, { ...(await form()), client_secret: '' }, rightful)).status, 200)
    const lowerCase = header(basic(app.clientId, app.secret).replace('Basic', 'basic'))
    assert.equal(
      (await exchangeForm(server, await form(), lowerCase)).status,
      200,
      'the scheme is case-insensitive (RFC 9110 §11.1)',
    )
    const json = { client_id: undefined, client_secret: undefined }
    const response = await server.fetch('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...rightful },
      body: JSON.stringify({ ...(await form()), ...json }),
    })
    assert.equal(response.status, 200)
  })

  test('two methods at once are refused, even if one of them is right (RFC 6749 §2.3)', async () => {
    const given = await form()
    const right = basic(app.clientId, app.secret)
    const wrong = basic(app.clientId, other.secret)
    for (const [authorization, secret] of [
      [right, app.secret],
      [right, other.secret],
      [wrong, app.secret],
    ] as const) {
      const body = { ...given, client_id: app.clientId, client_secret: secret }
      await isOAuthError(await exchangeForm(server, body, { authorization }), 400, 'invalid_request')
    }
    const foreign = { ...given, client_id: other.clientId }
    await isOAuthError(await exchangeForm(server, foreign, header(right)), 400, 'invalid_request', 'two names')
    assert.equal((await exchangeForm(server, given, header(right))).status, 200, 'the code is still valid')
  })

  test('one or more spaces follow the scheme, and a tab is no space (RFC 9110 §11.4)', async () => {
    const spaced = basic(app.clientId, app.secret).replace(' ', '    ')
    assert.equal((await exchangeForm(server, await form(), header(spaced))).status, 200)
    const tabbed = header(basic(app.clientId, app.secret).replace(' ', '\t'))
    await isOAuthError(await exchangeForm(server, await form(), tabbed), 401, 'invalid_client')
  })

  test('an Authorization header that authenticates no app is ignored if the body authenticates one', async () => {
    const others = [
      `Bearer ${'0'.repeat(64)}`,
      'Bearer',
      'bearer a.b.c',
      'DPoP x',
      'Token token="x"',
      'Digest a="b", c="d"',
    ]
    for (const authorization of others) {
      assert.equal((await exchangeForm(server, { ...(await form()), ...inBody }, { authorization })).status, 200)
      const wrong = { ...(await form()), client_id: app.clientId, client_secret: other.secret }
      const refused = await exchangeForm(server, wrong, { authorization })
      await isOAuthError(refused, 401, 'invalid_client', 'the body decides')
      // Without a secret, only a public app is authenticated.
      const nothing = await exchangeForm(server, { ...(await form()), client_id: app.clientId }, { authorization })
      await isOAuthError(nothing, 401, 'invalid_client')
      const ofPublic = { grant_type: 'authorization_code', code: 'x', client_id: publicApp.clientId }
      await isOAuthError(await exchangeForm(server, ofPublic, { authorization }), 400, 'invalid_grant', authorization)
    }
    for (const path of ['/oauth/revoke', '/oauth/introspect', '/oauth/par']) {
      const body = toForm({ ...inBody, token: 'x', redirect_uri: app.redirectUri })
      const headers = { authorization: 'Bearer x', 'content-type': 'application/x-www-form-urlencoded' }
      assert.ok((await server.fetch(path, { method: 'POST', headers, body })).ok, path)
    }
  })

  test('a header that a proxy joined from two, one of them Basic, is not ignored (RFC 6749 §2.3)', async () => {
    for (const authorization of [`Bearer x, ${basic(other.clientId, other.secret)}`, `Bearer x,${basic('a', 'b')}`]) {
      const body = { ...(await form()), ...inBody }
      await isOAuthError(await exchangeForm(server, body, { authorization }), 400, 'invalid_request', authorization)
    }
  })

  test('a public app may send its id in HTTP Basic with an empty password (RFC 6749 §2.3.1)', async () => {
    const wrongCode = { grant_type: 'authorization_code', code: 'x' }
    const authorization = basic(publicApp.clientId, '')
    await isOAuthError(await exchangeForm(server, wrongCode, { authorization }), 400, 'invalid_grant')
    const named = { ...wrongCode, client_id: publicApp.clientId }
    await isOAuthError(await exchangeForm(server, named, { authorization }), 400, 'invalid_grant')
    const withoutColon = `Basic ${btoa(publicApp.clientId)}`
    await isOAuthError(await exchangeForm(server, named, { authorization: withoutColon }), 400, 'invalid_grant')
    const foreign = { ...wrongCode, client_id: other.clientId }
    await isOAuthError(await exchangeForm(server, foreign, { authorization }), 400, 'invalid_request', 'two ids')
    const withSecret = { ...wrongCode, ...inBody }
    await isOAuthError(await exchangeForm(server, withSecret, { authorization }), 400, 'invalid_request', 'two methods')
    for (const id of [app.clientId, 'unheard-of']) {
      const refused = await exchangeForm(server, await form(), { authorization: basic(id, '') })
      assert.match(refused.headers.get('www-authenticate') ?? '', /^Basic realm=/, id)
      await isOAuthError(refused, 401, 'invalid_client', id)
    }
  })

  test('both parts of HTTP Basic are form-encoded before they are joined (RFC 6749 §2.3.1)', async () => {
    const odd = await world.makeApp({ clientId: 'a:b%+ c/ü=&', trusted: true })
    const { code } = await connect(story, odd)
    const given = { grant_type: 'authorization_code', code, redirect_uri: odd.redirectUri }
    const plainly = `Basic ${Buffer.from(`${odd.clientId}:${odd.secret}`).toString('base64')}`
    await isOAuthError(await exchangeForm(server, given, header(plainly)), 401, 'invalid_client')
    assert.equal((await exchangeForm(server, given, header(basic(odd.clientId, odd.secret)))).status, 200)
  })

  test('an Authorization header that is not Basic is refused with a Basic challenge (RFC 6749 §5.2)', async () => {
    const given = await form()
    const encode = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`
    const headers = {
      'no credentials': 'Basic',
      'not base64': 'Basic ***',
      'no colon': encode(app.clientId),
      'no secret': encode(`${app.clientId}:`),
      'no name': encode(`:${app.secret}`),
      'not form-encoded': encode(`${app.clientId}:%`),
      'not UTF-8 once decoded': encode(`${app.clientId}:%ff`),
      NUL: encode(`${app.clientId}%00:${app.secret}`),
      'bare NUL': encode(`\0${app.clientId}:${app.secret}`),
      'bytes of no text': encode(Buffer.from([0xff, 0xfe, 0x3a, 0x61])),
      'a line break': encode(`${app.clientId}\n:${app.secret}`),
      'more behind it': `${basic(app.clientId, app.secret)} x`,
      'another scheme': `Bearer ${app.secret}`,
      'an older scheme': `Token token="${app.secret}"`,
      'a wrong secret': basic(app.clientId, other.secret),
      'an app that does not exist': basic('unheard-of', app.secret),
      'upper case': basic(app.clientId, app.secret.toUpperCase()),
      'a shorter secret': basic(app.clientId, app.secret.slice(0, -1)),
      'a name that every object has': basic('__proto__', 'constructor'),
    }
    for (const [what, authorization] of Object.entries(headers)) {
      const response = await exchangeForm(server, given, { authorization })
      assert.match(response.headers.get('www-authenticate') ?? '', /^Basic realm=/, what)
      await isOAuthError(response, 401, 'invalid_client', what)
    }
    assert.equal((await exchangeForm(server, { ...given, ...inBody })).status, 200, 'the code is still valid')
  })

  test('an app with a secret must send it, and a public app must not send one (RFC 6749 §2.1, §3.2.1)', async () => {
    const given = await form()
    const secrets = [undefined, '', ' ', 'null', 'undefined', other.secret, `${app.secret} `, app.secret.toUpperCase()]
    for (const secret of secrets) {
      const body = { ...given, client_id: app.clientId, client_secret: secret }
      const response = await exchangeForm(server, body)
      assert.equal(response.headers.get('www-authenticate'), null, 'the request had no Authorization header')
      await isOAuthError(response, 401, 'invalid_client', String(secret))
    }
    await isOAuthError(await exchangeForm(server, { ...given, client_secret: app.secret }), 400, 'invalid_request')
    for (const secret of [app.secret, 'x']) {
      const body = { ...given, client_id: publicApp.clientId, client_secret: secret }
      await isOAuthError(await exchangeForm(server, body), 401, 'invalid_client')
      const inHeader = header(basic(publicApp.clientId, secret))
      await isOAuthError(await exchangeForm(server, given, inHeader), 401, 'invalid_client')
    }
    const alone = { ...given, client_id: publicApp.clientId }
    await isOAuthError(await exchangeForm(server, alone), 400, 'invalid_grant', 'public, but not its code')
    await isOAuthError(
      await exchangeForm(server, { ...alone, client_secret: '' }),
      400,
      'invalid_grant',
      'empty is absent',
    )
  })

  test('an unknown app and a wrong secret get the same answer', async () => {
    const given = await form()
    const ask = (id: string, secret: string) => exchangeForm(server, { ...given, client_id: id, client_secret: secret })
    const unknown = await isOAuthError(await ask('unheard-of', app.secret), 401, 'invalid_client')
    const wrong = await isOAuthError(await ask(app.clientId, other.secret), 401, 'invalid_client')
    assert.equal(unknown, wrong)
  })

  test('an unknown app causes the same database queries as a wrong secret', async () => {
    const clock = heldClock()
    const { store, counted } = await countedStore(clock.now(), engine)
    const small = await testSite({ clock, own: { store } })
    const elsewhere = await makeWorld(small)
    const known = await elsewhere.makeApp()
    const work = async (id: string) => {
      counted()
      await isOAuthError(
        await exchangeForm(small, { grant_type: 'x', client_id: id, client_secret: 'a'.repeat(64) }),
        401,
        'invalid_client',
      )
      return counted()
    }
    for (let times = 0; times < 12; times++) {
      const [wrong, unknown] = [await work(known.clientId), await work('b'.repeat(64))]
      assert.deepEqual(wrong, unknown)
      assert.deepEqual(unknown, { reads: 1, writes: 0 }, 'the audit is written later')
    }
  })

  test('a wrong secret is written to the audit log, at a limited rate', async () => {
    const victim = await world.makeApp()
    for (let times = 0; times < 30; times++)
      await exchangeForm(server, { grant_type: 'x', client_id: victim.clientId, client_secret: 'wrong' })
    await server.site.refusals.flush()
    const events = await server.site.store.events.list({ appUid: victim.uid, type: 'app.refused' }, 100)
    assert.equal(events.length, 10)
  })

  test('an app that is ended stops working immediately at every endpoint (RFC 6749 §5.2)', async () => {
    const app = await world.makeApp()
    const { code, visitor } = await connect(story, app)
    const { access_token: token } = await read(exchange(server, app, code))
    const at = server.clock.now()
    await server.site.store.apps.end(app.uid, at, newEvent({ type: 'app.ended', at }))
    await isOAuthError(await exchange(server, app, code), 401, 'invalid_client')
    assert.equal((await userinfo(server, token)).status, 401)
    await isErrorPage(await server.fetch(authorizationPath(app)))
    await visitor.open(authorizationPath(app))
    assert.equal(visitor.place.away, undefined)
  })

  test('an app or a secret that is ended on one server stops working immediately on the other', async () => {
    const databaseUrl = engine === 'postgres' ? await freshDatabase() : `sqlite:${join(makeFolder(), 'behalf.db')}`
    const story = await tellStory({ databaseUrl })
    const { site, clock } = story.test
    const second = await testSite({ databaseUrl, clock })
    const app = await story.world.makeApp({ trusted: true, protocol: { refresh: 'always' } })
    const { code } = await connect(story, app)
    const tokens = await read(exchange(second, app, code))
    const isKnown = async () =>
      (await read(exchangeForm(second, { grant_type: 'x', ...credentials }))).error !== 'invalid_client'
    const credentials = { client_id: app.clientId, client_secret: app.secret }
    const introspect = () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = toForm({ ...credentials, token: tokens.access_token })
      return second.fetch('/oauth/introspect', { method: 'POST', headers, body })
    }
    assert.ok(await isKnown())
    assert.equal((await read(introspect())).active, true)
    assert.equal((await userinfo(second, tokens.access_token)).status, 200)

    const event = newEvent({ type: 'app.ended', at: clock.now() })
    await site.store.apps.end(app.uid, clock.now(), event)
    assert.ok(!(await isKnown()))
    await isOAuthError(await refresh(second, app, tokens.refresh_token), 401, 'invalid_client')
    await isOAuthError(await introspect(), 401, 'invalid_client')
    assert.equal((await userinfo(second, tokens.access_token)).status, 401)
    await isErrorPage(await second.fetch(authorizationPath(app)))

    const other = await story.world.makeApp()
    Object.assign(credentials, { client_id: other.clientId, client_secret: other.secret })
    assert.ok(await isKnown())
    const [secret] = await site.store.appSecrets.listLive(other.uid, clock.now())
    await site.store.appSecrets.end(secret!.uid, clock.now(), newEvent({ type: 'app-secret.ended', at: clock.now() }))
    assert.ok(!(await isKnown()))
  })

  test('a client id or secret that no database can store is refused like a wrong one', async () => {
    for (const text of ['%00', 'a%00b', '%0a', '%F0%9F%A6%84', 'x'.repeat(6000)]) {
      const authorization = `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}`
      const response = await exchangeForm(server, 'grant_type=authorization_code&code=x', { authorization })
      await isOAuthError(response, 401, 'invalid_client', text.slice(0, 20))
    }
  })
})
