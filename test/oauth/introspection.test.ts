import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenDigest } from '../../src/kit/digest.ts'
import type { Business } from '../../src/store/nouns/businesses.ts'
import type { Person } from '../../src/store/nouns/people.ts'
import type { Staff } from '../../src/store/nouns/staff.ts'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, basic, exchange, read, toForm } from '../parts/app-calls.ts'
import { countedStore } from '../parts/counted-store.ts'
import { askToken, CLIENT_CREDENTIALS, introspect, isInactive, makeResource } from '../parts/resources.ts'
import { connect, installs, onBothEngines, tellStory } from '../parts/stories.ts'
import { heldClock, testSite } from '../parts/test-site.ts'
import { makeWorld, type TestApp } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

const PATH = '/oauth/introspect'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const SCOPES = ['openid', 'profile', 'email', 'clients_read']

onBothEngines(async (engine) => {
  test('an app introspects its own token and gets its subject, lifetime and scopes (RFC 7662 §2.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world, bakery, dana } = story
    const app = await world.makeApp({ scopes: SCOPES, accessTokenLifetime: 600 })
    const { token } = await installs(story, app)
    const now = server.clock.now()
    const response = await introspect(server, app, token)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(response.headers.get('access-control-allow-origin'), null, 'only servers ask')
    assert.deepEqual(await read(response), {
      active: true,
      scope: SCOPES.join(' '),
      client_id: app.clientId,
      username: dana.email,
      token_type: 'bearer',
      exp: now + 600,
      iat: now,
      aud: server.origin,
      iss: server.origin,
      sub: dana.staffUid,
      type: 'staff',
      role: 'owner',
      roles: ['owner'],
      business_id: bakery.uid,
      business_uid: bakery.uid,
      business_name: bakery.name,
      directory_uid: world.directory.uid,
      app_code_name: app.codeName,
      auth_time: now,
    })
    server.clock.advance(600)
    await isInactive(await introspect(server, app, token), 'it has expired')
  })

  test('a resource server sees only tokens for itself (RFC 7662 §2.2, §4)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const other = await world.makeDirectory('Southwind')
    const orders = await makeResource(server, null, { identifier: 'https://orders.example.com' })
    const tools = await makeResource(server, world.directory.uid, { identifier: 'https://tools.example.com' })
    const platform = await makeResource(server, null, { identifier: server.origin })
    const part = await makeResource(server, world.directory.uid, { identifier: server.origin })
    const foreignPart = await makeResource(server, other.uid, { identifier: server.origin })
    const app = await world.makeApp({ ...CLIENT_CREDENTIALS, trusted: true, scopes: [...SCOPES, 'app/installs'] })
    const rival = await world.makeApp({ trusted: true })
    const everyone = { orders, tools, platform, part, foreignPart, app, rival }
    const { visitor } = await connect(story, app)
    const tokenFor = async (resource?: string) => {
      await visitor.open(authorizationPath(app, resource ? { resource } : {}))
      return (await read(exchange(server, app, visitor.answer().code!))).access_token as string
    }
    const alone = async (resource?: string) =>
      (await read(askToken(server, app, { grant_type: 'client_credentials', ...(resource ? { resource } : {}) })))
        .access_token as string
    const concerned: [token: string, who: (keyof typeof everyone)[], about: string][] = [
      [await tokenFor(), ['app', 'platform', 'part'], 'for the platform’s own API'],
      [await tokenFor(orders.identifier), ['app', 'orders'], 'for orders'],
      [await tokenFor(tools.identifier), ['app', 'tools'], 'for tools'],
      [await alone(), ['app', 'platform', 'part'], 'own token of the app'],
      [await alone(tools.identifier), ['app', 'tools'], 'own token of the app, for tools'],
      ['0'.repeat(64), [], 'unknown'],
    ]
    for (const [token, who, about] of concerned) {
      for (const [name, caller] of Object.entries(everyone)) {
        const response = await introspect(server, caller, token)
        if (who.some((each) => each === name)) assert.equal((await read(response)).active, true, `${name}, ${about}`)
        else await isInactive(response, `${name}, ${about}`)
      }
    }
    const about = await read(introspect(server, orders, concerned[1]![0]))
    assert.deepEqual([about.aud, about.app_code_name], [orders.identifier, app.codeName])
  })

  test('a token is inactive on every server as soon as anything on its chain ends (RFC 7662 §2.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const { store, config } = server.site
    const another =
      engine === 'postgres' ? await testSite({ databaseUrl: config.databaseUrl, clock: server.clock }) : server
    const at = server.clock.now()
    const api = await makeResource(server, null, { identifier: server.origin })
    const event = () => newEvent({ type: 'token.ended', at })
    interface Given {
      app: TestApp
      token: string
      business: Business
      person: Person & { staff: Staff[] }
    }
    const ends: Record<string, (given: Given) => Promise<boolean>> = {
      token: ({ token }) => store.accessTokens.end(tokenDigest(token), at, event()),
      chain: async ({ token }) => {
        const { chainUid } = (await store.accessTokens.findLive(tokenDigest(token), at))!
        return store.chains.end(chainUid, at, 'revoked', event())
      },
      install: async ({ app, business }) => {
        const { uid } = (await store.installs.findLive(app.uid, business.uid))!
        return store.installs.end(uid, at, 'disconnected', event())
      },
      app: ({ app }) => store.apps.end(app.uid, at, event()),
      membership: ({ person }) => store.staff.end(person.staff[0]!.uid, at, event()),
      person: ({ person }) => store.people.end(person.uid, at, event()),
      business: ({ business }) => store.businesses.end(business.uid, at, event()),
      directory: ({ business }) => store.directories.end(business.directoryUid, at, event()),
    }
    for (const [what, end] of Object.entries(ends)) {
      const directory = await world.makeDirectory()
      const business = await world.makeBusiness('Kiosk', directory)
      const person = await world.makePerson(`${what}@example.com`, 'Kim', [business])
      const app = await world.makeApp({
        directoryUid: directory.uid,
        accessTokenFormat: what.length % 2 === 0 ? 'jwt' : 'opaque',
      })
      const { token } = await installs(story, app, person.email)
      assert.equal((await read(introspect(another, api, token))).active, true, what)
      assert.equal(await end({ app, token, business, person }), true, what)
      await isInactive(await introspect(another, api, token), what)
    }
  })

  test('a live refresh token is active for its own app only (RFC 7662 §2.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const api = await makeResource(server, null, { identifier: server.origin })
    const app = await world.makeApp({
      trusted: true,
      scopes: SCOPES,
      protocol: { refresh: 'always', rotateRefreshTokens: true },
    })
    const rival = await world.makeApp()
    const { code } = await connect(story, app)
    const { refresh_token: first } = await read(exchange(server, app, code))
    const about = await read(introspect(server, app, first, { token_type_hint: 'refresh_token' }))
    assert.deepEqual(
      [about.active, about.token_type, about.aud, about.client_id, about.scope],
      [true, undefined, undefined, app.clientId, SCOPES.join(' ')],
    )
    assert.ok(about.sid && about.exp > server.clock.now())
    for (const caller of [api, rival]) await isInactive(await introspect(server, caller, first))
    const refresh = { grant_type: 'refresh_token', refresh_token: first }
    const { refresh_token: second } = await read(askToken(server, app, refresh))
    await isInactive(await introspect(server, app, first), 'used')
    assert.equal((await read(introspect(server, app, second))).active, true)
  })

  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp({ trusted: true, scopes: SCOPES })
  const { token, code } = await installs(story, app)

  test('the caller must authenticate (RFC 7662 §2.1)', async () => {
    const api = await makeResource(server, null, { identifier: 'https://proof.example.com' })
    const pub = await world.makeApp({ public: true })
    const post = (body: Record<string, string>, headers: Record<string, string> = {}) =>
      server.fetch(PATH, { method: 'POST', headers: { ...FORM, ...headers }, body: toForm({ token, ...body }) })
    const refused: [string, Promise<Response>, number, string][] = [
      ['no credentials', post({}), 401, 'invalid_client'],
      ['a public app', post({ client_id: pub.clientId }), 401, 'invalid_client'],
      ['an app without its secret', post({ client_id: app.clientId }), 401, 'invalid_client'],
      ['a wrong secret', introspect(server, { ...app, secret: 'x' }, token), 401, 'invalid_client'],
      ['a wrong secret of a resource', introspect(server, { ...api, secret: 'x' }, token), 401, 'invalid_client'],
      ['a resource without a secret', post({ client_id: api.clientId }), 401, 'invalid_client'],
      [
        'a resource that is not',
        introspect(server, { ...api, clientId: `rs_${'a'.repeat(16)}` }, token),
        401,
        'invalid_client',
      ],
      ['the access token itself', post({}, { authorization: `Bearer ${token}` }), 401, 'invalid_client'],
      [
        'two methods at once',
        post(
          { client_id: api.clientId, client_secret: api.secret },
          { authorization: basic(api.clientId, api.secret) },
        ),
        400,
        'invalid_request',
      ],
      [
        'a secret and an assertion',
        introspect(server, api, token, { client_assertion: 'a.b.c', client_assertion_type: 'x' }),
        400,
        'invalid_request',
      ],
    ]
    for (const [who, response, status, error] of refused) {
      const answer = await response
      if (who === 'no credentials' || who.startsWith('a wrong'))
        assert.match(answer.headers.get('www-authenticate')!, /^Basic/, who)
      await isOAuthError(answer, status, error, who)
    }
    const inBody = await post({ client_id: api.clientId, client_secret: api.secret })
    await isInactive(inBody, 'in the body as well')
    await server.site.refusals.flush()
    const noted = await server.site.store.events.list({ type: 'resource.refused' }, 5)
    assert.deepEqual(
      noted.map(({ subject }) => subject),
      [api.uid],
      'it is an audit event, if the client exists',
    )
  })

  test('a resource server that ended, or whose secret ended, is refused', async () => {
    const { site } = server
    const [first, second] = [
      await makeResource(server, null, { identifier: 'https://first.example.com' }),
      await makeResource(server, null, { identifier: 'https://second.example.com', introspection: false }),
    ]
    const at = server.clock.now()
    await isInactive(await introspect(server, first, token))
    await site.store.resources.end(first.uid, at, newEvent({ type: 'resource.ended', at }))
    await isOAuthError(await introspect(server, first, token), 401, 'invalid_client')
    for (const secret of ['x', second.uid]) {
      await isOAuthError(await introspect(server, { ...second, secret }, token), 401, 'invalid_client')
    }
  })

  test('anything that is not a live token of the caller gets the same answer without a reason (RFC 7662 §2.2)', async () => {
    const { code: fresh } = await connect(story, app)
    const { id_token: idToken } = await read(exchange(server, app, fresh))
    const strange: Record<string, string> = {
      'a code': code,
      'an ID token': idToken,
      'the secret of the app': app.secret,
      'a directory token': await world.makePlatformToken('directory'),
      'an internal token': await world.makePlatformToken('internal'),
      'one digit less': token.slice(0, -1),
      'one digit more': `${token}0`,
      'upper case': token.toUpperCase(),
      'a space behind it': `${token} `,
      'a dot behind it': `${token}.`,
      'no token at all': 'nonsense',
      'three dots': '...',
      'a very long one': 'a'.repeat(20_000),
      'a name that every object has': '__proto__',
      'letters of other scripts': 'токен…🙂',
    }
    for (const [what, presented] of Object.entries(strange))
      await isInactive(await introspect(server, app, presented), what)
  })

  test('token_type_hint is only a hint (RFC 7662 §2.1)', async () => {
    for (const hint of ['access_token', 'refresh_token', 'pai', 'nonsense', ''])
      assert.equal((await read(introspect(server, app, token, { token_type_hint: hint }))).active, true, hint)
  })

  test('a malformed request is refused as at the other endpoints', async () => {
    const headers = { ...FORM, authorization: basic(app.clientId, app.secret) }
    const post = (body: string, path = PATH) => server.fetch(path, { method: 'POST', headers, body })
    await isOAuthError(await post(''), 400, 'invalid_request', 'no token')
    await isOAuthError(await post(`token=${token}&token=${token}`), 400, 'invalid_request', 'twice')
    const hints = 'token_type_hint=access_token&token_type_hint=refresh_token'
    await isOAuthError(await post(`token=${token}&${hints}`), 400, 'invalid_request', 'two hints')
    await isOAuthError(await post('', `${PATH}?token=${token}`), 400, 'invalid_request', 'in the URL')
    assert.equal((await server.fetch(`${PATH}?token=${token}`)).status, 405)
    const json = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }
    const answer = await read(server.fetch(PATH, { ...json, body: JSON.stringify({ token }) }))
    assert.equal(answer.active, true)
  })

  test('the answer is plain JSON, which nothing accepts as an access token (RFC 9701 §5)', async () => {
    const headers = {
      ...FORM,
      authorization: basic(app.clientId, app.secret),
      accept: 'application/token-introspection+jwt',
    }
    const response = await server.fetch(PATH, { method: 'POST', headers, body: toForm({ token }) })
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal((await read(response)).active, true)
  })

  test('the answer contains no more about the person than the token may see (RFC 7662 §5)', async () => {
    const { visitor } = await connect(story, app)
    for (const [scope, username] of [
      ['openid', 'dana@example.com'],
      ['email', 'dana@example.com'],
      ['profile', undefined],
      ['clients_read', undefined],
    ] as const) {
      await visitor.open(authorizationPath(app, { scope }))
      const { access_token: narrow } = await read(exchange(server, app, visitor.answer().code!))
      const about = await read(introspect(server, app, narrow))
      assert.deepEqual([about.username, about.email, about.name, about.scope], [username, undefined, undefined, scope])
    }
  })

  test('introspection by an API counts as a use of the token, which people can see', async () => {
    const api = await makeResource(server, null, { identifier: server.origin })
    const { token: used } = await installs(story, await world.makeApp())
    const lastUsed = async () => {
      await server.site.lastUsed.flush()
      return server.site.store.accessTokens.findLastUsed(tokenDigest(used))
    }
    assert.equal(await lastUsed(), null)
    await introspect(server, api, used)
    assert.equal(await lastUsed(), server.clock.now())
  })
})

onBothEngines((engine) => {
  test('introspection makes two database queries for any token and writes nothing', async () => {
    const clock = heldClock()
    const { store, counted } = await countedStore(clock.now(), engine)
    const watched = await testSite({ clock, own: { store } })
    const small = await makeWorld(watched)
    const bakery = await small.makeBusiness('Bakery')
    await small.makePerson('dana@example.com', 'Dana Levi', [bakery])
    const caller = await small.makeApp({ ...CLIENT_CREDENTIALS, trusted: true })
    const api = await makeResource(watched, null, { identifier: watched.origin })
    const rival = await small.makeApp()
    const { access_token: alone } = await read(askToken(watched, caller, { grant_type: 'client_credentials' }))
    for (const each of [caller, api, rival]) {
      for (const presented of [alone, '0'.repeat(64), 'nonsense']) {
        counted()
        assert.equal((await introspect(watched, each, presented)).status, 200)
        assert.deepEqual(counted(), { reads: 2, writes: 0 })
      }
    }
  })
})
