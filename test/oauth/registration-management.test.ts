import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newToken } from '../../src/kit/id.ts'
import { authorizationPath, basic, exchange, exchangeForm, read, userinfo } from '../parts/app-calls.ts'
import { newSigner } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { ask, CALLBACK, PKCE, register, VERIFIER } from './registering.ts'

const OPEN = { BEHALF_REGISTRATION: 'open' }
const ELSEWHERE = 'https://elsewhere.example/cb'

onBothEngines((engine) => {
  test('only the holder of the registration access token reads the registration (RFC 7592 §2.1)', async () => {
    const { test: server, world } = await tellStory({ engine, env: OPEN })
    const mine = (await register(server, { client_name: 'Mine' })).body
    const theirs = (await register(server, { client_name: 'Theirs' })).body
    const { status, headers, body } = await ask(server, 'GET', mine.registration_client_uri, {
      token: mine.registration_access_token,
    })
    assert.deepEqual([status, headers.get('cache-control')], [200, 'no-store'])
    const { client_secret: secret, client_secret_expires_at: never, ...rest } = mine
    assert.ok(secret && never === 0)
    assert.deepEqual(body, rest, 'the secret is returned only once')
    const wrong = [
      undefined,
      newToken(server.clock.now()),
      theirs.registration_access_token,
      mine.client_secret,
      mine.registration_access_token.toUpperCase(),
      mine.registration_access_token.slice(0, 63),
      await world.makePlatformToken('internal'),
    ]
    const said = new Set<string>()
    for (const method of ['GET', 'PUT', 'DELETE']) {
      for (const token of wrong) {
        const refused = await ask(server, method, mine.registration_client_uri, token === undefined ? {} : { token })
        assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_token'], `${method} ${token}`)
        said.add(refused.body.error_description)
      }
      const nowhere = `/oauth/register/${'0'.repeat(64)}`
      const refused = await ask(server, method, nowhere, { token: mine.registration_access_token })
      assert.equal(refused.status, 401)
      said.add(refused.body.error_description)
    }
    assert.ok(said.size <= 2, [...said].join('; '))
    assert.equal((await ask(server, 'GET', '/oauth/userinfo', { token: mine.registration_access_token })).status, 401)
    assert.equal(
      (await ask(server, 'GET', mine.registration_client_uri, { token: mine.registration_access_token })).status,
      200,
    )
  })

  test('a change replaces all metadata, is validated like a registration, and rotates the access token (RFC 7592 §2.2)', async () => {
    const server = await testSite({ engine, env: OPEN })
    const made = (
      await register(server, {
        client_uri: 'https://assistant.example/',
        default_max_age: 60,
        scope: 'openid clients_read',
        subject_type: 'pairwise',
        require_pushed_authorization_requests: true,
      })
    ).body
    const token = made.registration_access_token
    const put = (body: unknown, by = token) => ask(server, 'PUT', made.registration_client_uri, { token: by, body })
    const bad: [Record<string, unknown>, string, string?][] = [
      [{ redirect_uris: [CALLBACK] }, 'client_id'],
      [{ client_id: 'other', redirect_uris: [CALLBACK] }, 'client_id'],
      [{ client_id: made.client_id, client_secret: 'chosen', redirect_uris: [CALLBACK] }, 'client_secret'],
      [{ client_id: made.client_id, client_secret: { toString: 1 }, redirect_uris: [CALLBACK] }, 'client_secret'],
      [{ client_id: made.client_id, client_secret: [made.client_secret], redirect_uris: [CALLBACK] }, 'client_secret'],
      [{ client_id: made.client_id }, 'redirect_uris', 'invalid_redirect_uri'],
      [{ client_id: made.client_id, redirect_uris: ['javascript:x'] }, 'redirect_uris', 'invalid_redirect_uri'],
      [
        { client_id: made.client_id, redirect_uris: [CALLBACK], software_statement: 'x' },
        'software_statement',
        'invalid_software_statement',
      ],
    ]
    for (const [body, field, error = 'invalid_client_metadata'] of bad) {
      const refused = await put(body)
      assert.deepEqual([refused.status, refused.body.error, refused.body.field], [400, error, field])
    }
    const { status, body } = await put({
      client_id: made.client_id,
      client_secret: made.client_secret,
      redirect_uris: [ELSEWHERE],
      scope: 'openid',
      trusted: true,
    })
    assert.equal(status, 200)
    const { registration_access_token: next, ...registered } = body
    assert.deepEqual(registered, {
      client_id: made.client_id,
      client_id_issued_at: made.client_id_issued_at,
      client_name: 'elsewhere.example',
      redirect_uris: [ELSEWHERE],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      scope: 'openid',
      registration_client_uri: made.registration_client_uri,
    })
    assert.equal((await server.site.store.apps.findLiveByClientId(made.client_id))!.trusted, false)
    assert.equal(
      (await put({ client_id: made.client_id, redirect_uris: [CALLBACK] })).status,
      401,
      'the old token has ended',
    )
    const again = await put({ client_id: made.client_id, redirect_uris: [CALLBACK] }, next)
    assert.equal(again.status, 200)
    const found = await server.site.store.apps.authenticate(made.client_id, '', server.clock.now())
    assert.ok(found, 'its secret stays valid')
    assert.equal((await server.site.store.appSecrets.listLive(found.app.uid, server.clock.now())).length, 1)
  })

  test('a change keeps what the platform set for the app', async () => {
    const story = await tellStory({ engine, env: OPEN })
    const { test: server, world } = story
    const made = (await register(server)).body
    const app = (await server.site.store.apps.findLiveByClientId(made.client_id))!
    const set = {
      access_token_lifetime: 300,
      access_token_format: 'jwt',
      require_pkce: true,
      refresh_tokens: 'never',
      rotate_refresh_tokens: true,
      refresh_token_lifetime: 3600,
      refresh_token_idle_lifetime: 600,
    }
    const path = `/platform/v1/apps/${app.codeName}`
    const internal = await world.makePlatformToken('internal')
    assert.equal((await ask(server, 'PUT', path, { token: internal, body: set })).status, 200)
    const { status, body } = await ask(server, 'PUT', made.registration_client_uri, {
      token: made.registration_access_token,
      body: {
        ...{ client_id: made.client_id, redirect_uris: [CALLBACK], client_name: 'Another name', scope: 'openid' },
        ...{ access_token_lifetime: null, refresh_tokens: 'always', require_pkce: false, default_max_age: 60 },
      },
    })
    assert.equal(status, 200)
    const now = (await server.site.store.apps.findLive(app.uid))!
    assert.deepEqual([now.name, now.scopes, now.protocol.defaultMaxAge], ['Another name', ['openid'], 60])
    const application = (await ask(server, 'GET', path, { token: internal })).body.data.application
    for (const [name, value] of Object.entries(set)) assert.equal(application[name], value, name)
    for (const name of ['require_pkce', 'refresh_tokens']) assert.equal(body[name], set[name as keyof typeof set], name)

    const holder: TestApp = { ...now, secret: made.client_secret }
    const { code } = await connect(story, holder, undefined, PKCE)
    const proof = { authorization: basic(made.client_id, made.client_secret) }
    const given = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER }
    const answer = await read(exchangeForm(server, given, proof))
    assert.deepEqual([answer.expires_in, answer.refresh_token], [300, undefined])
  })

  test('of two concurrent changes one succeeds', async () => {
    const server = await testSite({ engine, env: OPEN })
    const made = (await register(server)).body
    for (const name of [() => 'Assistant', (n: number) => `Name ${n}`]) {
      const answers = await Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          ask(server, 'PUT', made.registration_client_uri, {
            token: made.registration_access_token,
            body: { client_id: made.client_id, client_name: name(n), redirect_uris: [CALLBACK] },
          }),
        ),
      )
      const right = answers.filter(({ status }) => status === 200)
      assert.equal(right.length, 1)
      for (const { status } of answers) assert.ok([200, 401, 503].includes(status), String(status))
      const app = await server.site.store.apps.findLiveByClientId(made.client_id)
      assert.equal(app!.name, right[0]!.body.client_name)
      made.registration_access_token = right[0]!.body.registration_access_token
    }
  })

  test('an app that changes its authentication method gets the credentials it needs, and loses the others', async () => {
    const server = await testSite({ engine, env: OPEN })
    const made = (await register(server)).body
    let token = made.registration_access_token
    const put = async (changes: Record<string, unknown>) => {
      const body = { client_id: made.client_id, redirect_uris: [CALLBACK], ...changes }
      const answer = await ask(server, 'PUT', made.registration_client_uri, { token, body })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      token = answer.body.registration_access_token
      return answer.body
    }
    const live = async () => {
      const { uid } = (await server.site.store.apps.findLiveByClientId(made.client_id))!
      return (await server.site.store.appSecrets.listLive(uid, server.clock.now())).length
    }
    const signed = await put({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [newSigner('ES256').jwk] },
    })
    assert.deepEqual([await live(), 'client_secret' in signed], [0, false])
    const secret = await put({ token_endpoint_auth_method: 'client_secret_post' })
    assert.match(secret.client_secret, /^[0-9a-f]{64}$/)
    assert.notEqual(secret.client_secret, made.client_secret)
    assert.equal('jwks' in secret, false)
    await put({ token_endpoint_auth_method: 'none' })
    assert.deepEqual(
      [await live(), (await server.site.store.apps.findLiveByClientId(made.client_id))!.public],
      [0, true],
    )
  })

  test('a business that allowed the app is asked again after its redirect URIs change', async () => {
    const story = await tellStory({ engine, env: OPEN })
    const { test: server } = story
    const made = (await register(server, { token_endpoint_auth_method: 'none' })).body
    const find = async (redirectUri = CALLBACK) =>
      ({ ...(await server.site.store.apps.findLiveByClientId(made.client_id))!, secret: '', redirectUri }) as TestApp
    const { visitor } = await connect(story, await find(), undefined, PKCE)
    const goesOn = async (redirectUri?: string) =>
      (await visitor.open(authorizationPath(await find(redirectUri), PKCE))).away !== undefined
    assert.ok(await goesOn(), 'the permission is stored')
    const change = (token: string, redirectUris: string[]) =>
      ask(server, 'PUT', made.registration_client_uri, {
        token,
        body: {
          client_id: made.client_id,
          client_name: made.client_name,
          token_endpoint_auth_method: 'none',
          redirect_uris: redirectUris,
        },
      })
    const named = await change(made.registration_access_token, [CALLBACK])
    assert.ok(await goesOn(), 'nothing relevant changed')
    await change(named.body.registration_access_token, [CALLBACK, ELSEWHERE])
    assert.ok(!(await goesOn(ELSEWHERE)))
    assert.ok(!(await goesOn(CALLBACK)))
    assert.ok(visitor.place.url.includes('/login/consent'))
  })

  test('an app that deletes its registration ends with all its tokens (RFC 7592 §2.3)', async () => {
    const story = await tellStory({ engine, env: OPEN })
    const { test: server } = story
    const made = (await register(server, { token_endpoint_auth_method: 'none' })).body
    const app = { ...(await server.site.store.apps.findLiveByClientId(made.client_id))!, secret: '' } as TestApp
    const { code } = await connect(story, app, undefined, PKCE)
    const { code: waiting } = await connect(story, app, undefined, PKCE)
    const tokens = await read(exchange(server, app, code, { client_secret: undefined, code_verifier: VERIFIER }))
    assert.equal((await userinfo(server, tokens.access_token)).status, 200)
    const by = { token: made.registration_access_token }
    const ended = await ask(server, 'DELETE', made.registration_client_uri, by)
    assert.deepEqual([ended.status, ended.headers.get('cache-control')], [204, 'no-store'])
    assert.equal((await userinfo(server, tokens.access_token)).status, 401)
    const late = await exchange(server, app, waiting, { client_secret: undefined, code_verifier: VERIFIER })
    assert.equal(late.status, 401)
    for (const method of ['GET', 'PUT', 'DELETE'])
      assert.equal((await ask(server, method, made.registration_client_uri, by)).status, 401)
    const [event] = await server.site.store.events.list({ appUid: app.uid, type: 'app.ended' }, 1)
    assert.equal(event!.actor, `app:${app.uid}`)
  })

  test('neither the registration access token nor the secret is stored', async () => {
    const server = await testSite({ engine, env: OPEN })
    const made = (await register(server)).body
    const app = await server.site.store.apps.findLiveByClientId(made.client_id)
    const kept = JSON.stringify([app, await server.site.store.events.list({}, 100), server.logged])
    for (const secret of [made.client_secret, made.registration_access_token]) assert.ok(!kept.includes(secret))
  })
})

test('changes to registrations cause a limited number of requests for a sector document', async () => {
  const server = await testSite({ env: { ...OPEN, BEHALF_OUTBOUND_PRIVATE: 'on' } })
  const sector = await documentServer([CALLBACK])
  const [made, another] = [(await register(server)).body, (await register(server)).body]
  // Only a new URI makes the server fetch the document.
  let uris = 0
  const put = async (registration: typeof made) => {
    const answer = await ask(server, 'PUT', registration.registration_client_uri, {
      token: registration.registration_access_token,
      body: {
        client_id: registration.client_id,
        redirect_uris: [CALLBACK],
        sector_identifier_uri: `${sector.url}?${uris++}`,
      },
    })
    registration.registration_access_token =
      answer.body.registration_access_token ?? registration.registration_access_token
    return answer
  }
  for (let n = 0; n < 30; n++) assert.equal((await put(made)).status, 200)
  const refused = await put(made)
  assert.deepEqual([refused.status, refused.body.error], [429, 'temporarily_unavailable'])
  assert.ok(refused.headers.get('retry-after'))
  assert.equal(sector.asked.length, 30)
  assert.equal((await put(another)).status, 200, 'another registration has its own limit')
  const shown = await ask(server, 'GET', made.registration_client_uri, { token: made.registration_access_token })
  assert.equal(shown.status, 200)
})

test('pages of other origins may call the registration endpoints', async () => {
  const server = await testSite({ env: OPEN })
  const path = '/oauth/register/x'
  const preflight = await server.fetch(path, { method: 'OPTIONS' })
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, PUT, DELETE, OPTIONS')
  assert.equal((await server.fetch(path, { method: 'POST' })).status, 405)
  for (const odd of [
    '/oauth/register/%00',
    '/oauth/register/%ff',
    '/oauth/register/a%2Fb',
    `/oauth/register/${'a'.repeat(5000)}`,
  ]) {
    const { status } = await server.fetch(odd, { headers: { authorization: `Bearer ${'a'.repeat(64)}` } })
    assert.ok(status >= 400 && status < 500, `${odd.slice(0, 60)} ${status}`)
  }
})
