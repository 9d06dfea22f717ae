import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { createPlatformToken } from '../../src/domain/tokens/platform-token.ts'
import { sweep } from '../../src/ops/sweep.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { newSigner } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import type { TestSiteOptions } from '../parts/test-site.ts'
import { testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { ask, CALLBACK, PKCE, register, VERIFIER } from './registering.ts'

const open = (env: Record<string, string> = {}): TestSiteOptions => ({ env: { BEHALF_REGISTRATION: 'open', ...env } })

/** No outbound request succeeds, as on a server without DNS. */
const CUT_OFF = { own: { outbound: { resolve: async () => [] } } }

const UNUSABLE_URIS = [
  ...[
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
  ],
  ...['vbscript:x', 'file:///etc/passwd', 'blob:https://a.example/x', 'http://a.example/cb', `${CALLBACK}#x`],
  ...['https://me@a.example/cb', '//a.example/cb', 'https://*.example/cb', `${CALLBACK}?code=1`, 'myapp:/cb'],
]

const UNUSABLE_LINKS = [
  'javascript:alert(1)',
  'data:text/html,x',
  'http://a.example/',
  'https://a.example/'.padEnd(2001, 'x'),
  7,
]

onBothEngines(async (engine) => {
  const story = await tellStory({ engine, ...open({ BEHALF_ADDRESS_REGISTRATIONS: '1000000' }), ...CUT_OFF })
  const { test: server, world } = story

  test('an app registers itself, a person allows it, and it gets tokens for an hour (RFC 7591 §3)', async () => {
    const { status, headers, body } = await register(server, {
      scope: 'openid clients_read',
      logo_uri: 'https://a.example/l.png',
    })
    assert.equal(status, 201)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('access-control-allow-origin'), '*')
    assert.deepEqual(
      { ...body, client_id: '', client_secret: '', registration_access_token: '', registration_client_uri: '' },
      {
        client_name: 'Assistant',
        redirect_uris: [CALLBACK],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
        application_type: 'web',
        scope: 'openid clients_read',
        logo_uri: 'https://a.example/l.png',
        client_id: '',
        client_id_issued_at: server.clock.now(),
        client_secret: '',
        client_secret_expires_at: 0,
        registration_access_token: '',
        registration_client_uri: '',
      },
    )
    assert.equal(body.registration_client_uri, `${server.origin}/oauth/register/${body.client_id}`)
    const app = {
      ...(await server.site.store.apps.findLiveByClientId(body.client_id))!,
      secret: body.client_secret,
    } as TestApp
    assert.equal(app.origin, 'registered')
    const { code } = await connect(story, app, undefined, PKCE)
    const basic = Buffer.from(`${app.clientId}:${app.secret}`).toString('base64')
    const response = await server.fetch('/oauth/token', {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
      }),
    })
    const tokens = await read(response)
    assert.deepEqual([response.status, tokens.expires_in, typeof tokens.refresh_token], [200, 3600, 'string'])
    assert.ok(!('created_at' in tokens), 'its library may know only what the standards have')
    assert.equal((await userinfo(server, tokens.access_token)).status, 200)
    const [event] = await server.site.store.events.list({ appUid: app.uid, type: 'app.created' }, 1)
    assert.deepEqual([event!.actor, JSON.parse(event!.details!).origin], ['anonymous', 'registered'])
  })

  test('metadata cannot give an app more rights, and the response contains what was stored (RFC 7591 §3.2.1)', async () => {
    const { status, body } = await register(server, {
      trusted: true,
      skip_consent: true,
      is_first_party: true,
      client_id: 'chosen',
      client_secret: 'chosen',
      app_code_name: 'chosen',
      directory_uid: world.directory.uid,
      business_id: 'x',
      access_token_lifetime: 631_152_000,
      refresh_token_lifetime: 631_152_000,
      refresh_tokens: 'never',
      origin: 'platform',
      listing: { trusted: true },
      scope: 'openid staff_read unheard-of clients_read',
      grant_types: ['client_credentials', 'authorization_code', 'implicit'],
      response_types: ['code', 'token'],
      constructor: { prototype: { trusted: true } },
    })
    assert.equal(status, 201)
    const app = (await server.site.store.apps.findLiveByClientId(body.client_id))!
    const { trusted, directoryUid, origin, accessTokenLifetime, scopes, protocol, listing } = app
    assert.deepEqual(
      { trusted, directoryUid, origin, accessTokenLifetime, scopes, protocol, listing },
      {
        trusted: false,
        directoryUid: null,
        origin: 'registered',
        accessTokenLifetime: null,
        scopes: ['openid', 'clients_read'],
        protocol: { authMethod: 'client_secret_basic', grantTypes: ['authorization_code'] },
        listing: { application_type: 'web' },
      },
    )
    assert.match(app.clientId, /^[0-9a-f]{64}$/)
    const hidden = ['trusted', 'skip_consent', 'directory_uid', 'access_token_lifetime', 'constructor', 'origin']
    for (const name of hidden) assert.ok(!Object.hasOwn(body, name), name)
    assert.deepEqual(
      [body.scope, body.grant_types, body.response_types],
      ['openid clients_read', ['authorization_code'], ['code']],
    )
    const internal = await ask(server, 'PUT', `/platform/v1/apps/${app.codeName}`, {
      token: await world.makePlatformToken('internal'),
      body: { trusted: true },
    })
    assert.deepEqual([internal.status, internal.body.field], [422, 'trusted'])
  })

  test('an app that registers no scopes gets the default ones that are available to everyone', async () => {
    const { site } = server
    const { body } = await register(server, { token_endpoint_auth_method: 'none' })
    assert.equal(body.scope, 'openid profile email')
    const app = { ...(await site.store.apps.findLiveByClientId(body.client_id))!, secret: '' }
    const { code } = await connect(story, app, undefined, PKCE)
    const answer = await read(exchange(server, app, code, { client_secret: undefined, code_verifier: VERIFIER }))
    assert.equal(answer.scope, 'openid profile email')
  })

  test('registration is closed unless the operator opens it, and the metadata shows it (RFC 8414 §2)', async () => {
    const closed = await testSite({ engine })
    assert.equal((await register(closed)).body.error, 'access_denied')
    const metadata = await read(closed.fetch('/.well-known/oauth-authorization-server'))
    assert.ok(!('registration_endpoint' in metadata))
    const { registration_endpoint: endpoint } = await read(server.fetch('/.well-known/openid-configuration'))
    assert.equal(endpoint, `${server.origin}/oauth/register`)
  })

  test('with an initial access token only its holders register, on behalf of the partner that issued it (RFC 7591 §3)', async () => {
    const story = await tellStory({ engine, env: { BEHALF_REGISTRATION: 'token' } })
    const { test: server, world } = story
    const nobody = await register(server)
    assert.deepEqual([nobody.status, nobody.body.error], [401, 'invalid_token'])
    assert.equal(nobody.headers.get('www-authenticate'), 'Bearer realm="Behalf"')
    const foreign = [
      await world.makePlatformToken('internal'),
      await world.makePlatformToken('directory'),
      'x',
      'a'.repeat(64),
    ]
    for (const token of foreign) {
      const refused = await register(server, {}, token)
      assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_token'])
      assert.match(refused.headers.get('www-authenticate')!, /error="invalid_token"/)
    }
    const { token, row } = await createPlatformToken(
      { kind: 'registration', directoryUid: world.directory.uid, name: 'assistants' },
      operatorActor,
      server.site,
    )
    const { status, body } = await register(server, {}, token)
    assert.equal(status, 201)
    const app = (await server.site.store.apps.findLiveByClientId(body.client_id))!
    assert.equal(app.directoryUid, world.directory.uid)
    // The token is valid for nothing else.
    assert.equal((await ask(server, 'GET', '/platform/v1/apps', { token })).status, 403)
    assert.equal((await ask(server, 'GET', '/oauth/userinfo', { token })).status, 401)
    const [event] = await server.site.store.events.list({ appUid: app.uid }, 1)
    assert.equal(event!.actor, `registration:${row.uid}`)
    await server.site.store.platformTokens.end({ uid: row.uid }, server.clock.now(), { ...event!, uid: 'ended' })
    assert.equal((await register(server, {}, token)).status, 401)
  })

  test('apps that no business connected are swept, the oldest first when there are too many', async () => {
    const story = await tellStory({
      engine,
      ...open({ BEHALF_REGISTRATION_UNUSED_LIFETIME: '86400', BEHALF_REGISTRATION_UNUSED_MOST: '3' }),
    })
    const { test: server } = story
    const { clock, site } = server
    const used = (await register(server, { token_endpoint_auth_method: 'none' })).body
    const find = (each: { client_id: string }) => site.store.apps.findLiveByClientId(each.client_id)
    await connect(story, { ...(await find(used))!, secret: '' }, undefined, PKCE)
    const made = []
    for (let n = 0; n < 4; n++) {
      clock.advance(1)
      made.push((await register(server)).body)
    }
    await sweep(site)
    assert.deepEqual(
      (await Promise.all(made.map(find))).map(Boolean),
      [false, true, true, true],
      'the oldest was swept',
    )
    clock.advance(86_400)
    await sweep(site)
    assert.deepEqual((await Promise.all(made.map(find))).map(Boolean), [false, false, false, false])
    assert.ok(await find(used), 'a connected app stays')
    const [expired] = await site.store.events.list({ type: 'app.expired' }, 1)
    const late = { ...expired!, uid: 'late', appUid: (await find(used))!.uid }
    assert.equal(
      await site.store.unconfirmedApps.end(late.appUid, clock.now(), late),
      false,
      'connected in the meantime',
    )
    const gone = await ask(server, 'GET', made[3].registration_client_uri, { token: made[3].registration_access_token })
    assert.equal(gone.status, 401)
    assert.equal((await site.store.events.list({ type: 'app.expired' }, 10)).length, 4)
    clock.advance(7200)
    await sweep(site)
    assert.equal(await sweep(site), 0, 'nothing is left to be swept')
  })

  test('what cannot be used is left out and not shown, and the response contains what was kept (RFC 7591 §3.2.1)', async () => {
    const many = Array.from({ length: 30 }, (_, n) => `${CALLBACK}/${n}`)
    const links = ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'initiate_login_uri', 'logo_uri#fr']
    const cases: [sent: Record<string, unknown>, kept: Record<string, unknown>][] = [
      [{ redirect_uris: [...UNUSABLE_URIS, 7, null, CALLBACK, {}, CALLBACK] }, { redirect_uris: [CALLBACK] }],
      [{ redirect_uris: ['cursor://a.b/cb', 'myapp://cb'] }, { redirect_uris: ['cursor://a.b/cb'] }],
      [{ redirect_uris: many }, { redirect_uris: many.slice(0, 20) }],
      [{ redirect_uris: ['myapp:/cb', ...many] }, { redirect_uris: many.slice(0, 20) }],
      ...links.flatMap((name) =>
        UNUSABLE_LINKS.map((uri): (typeof cases)[0] => [{ [name]: uri }, { [name]: undefined }]),
      ),
      [{ post_logout_redirect_uris: ['javascript:x', CALLBACK, 7] }, { post_logout_redirect_uris: [CALLBACK] }],
      [{ post_logout_redirect_uris: ['javascript:x'] }, { post_logout_redirect_uris: [] }],
      ...['a'.repeat(101), 'Good\u202Edab', 7, ' '].map((name): (typeof cases)[0] => [
        { client_name: name },
        { client_name: 'assistant.example' },
      ]),
      [
        { 'client_name#fr': 'Bon\u200B', 'client_name#he': 'עוזר' },
        { 'client_name#fr': undefined, 'client_name#he': 'עוזר' },
      ],
      [{ contacts: 'me@a.example' }, { contacts: undefined }],
      [
        { contacts: Array.from({ length: 11 }, (_, n) => (n ? `${n}@a.example` : 7)) },
        { contacts: many.slice(1, 11).map((_, n) => `${n + 1}@a.example`) },
      ],
      [
        { software_id: 'a\nb', software_version: '1' },
        { software_id: undefined, software_version: '1' },
      ],
      [{ scope: 'mcp:tools openid staff_read' }, { scope: 'openid' }],
      [{ application_type: 'daemon' }, { application_type: 'web' }],
      [
        { application_type: 'web', redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb'] },
        { application_type: 'web', redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb'] },
      ],
      [
        { token_endpoint_auth_method: 'none', token_endpoint_auth_signing_alg: 'HS256' },
        { token_endpoint_auth_signing_alg: undefined },
      ],
    ]
    for (const [sent, kept] of cases) {
      const { status, body } = await register(server, sent)
      const about = JSON.stringify(sent).slice(0, 200)
      assert.equal(status, 201, `${about}: ${JSON.stringify(body)}`)
      for (const [name, value] of Object.entries(kept)) assert.deepEqual(body[name], value, about)
      const shown = await ask(server, 'GET', body.registration_client_uri, { token: body.registration_access_token })
      assert.deepEqual(shown.body.redirect_uris, body.redirect_uris, about)
    }
    const all = (await register(server)).body.scope
    for (const scope of ['mcp:tools', 'staff_read', ['openid'], 'a"b'])
      assert.equal((await register(server, { scope })).body.scope, all, 'no usable scope is like none')
    const languages = Array.from({ length: 50 }, (_, n) => String.fromCharCode(97 + (n % 26), 97 + n / 26))
    const translated = Object.fromEntries(
      languages.map((each) => [`policy_uri#${each}`, 'https://a.example/'.padEnd(1000, 'x')]),
    )
    const { status, body } = await register(server, translated)
    assert.equal(status, 201)
    assert.equal(Object.keys(body).filter((name) => name.startsWith('policy_uri#')).length, 16, 'as much as fits')
  })

  test('metadata that leaves nothing usable, or with a wrong key, algorithm or method, is refused with its name (RFC 7591 §3.2.2)', async () => {
    const key = newSigner('ES256')
    const jwt = { token_endpoint_auth_method: 'private_key_jwt' }
    const cases: [Record<string, unknown>, string, string?][] = [
      [{ redirect_uris: undefined }, 'redirect_uris', 'invalid_redirect_uri'],
      [{ redirect_uris: [] }, 'redirect_uris', 'invalid_redirect_uri'],
      [{ redirect_uris: CALLBACK }, 'redirect_uris', 'invalid_redirect_uri'],
      [{ redirect_uris: [1] }, 'redirect_uris', 'invalid_redirect_uri'],
      ...UNUSABLE_URIS.map((uri): [Record<string, unknown>, string, string] => [
        { redirect_uris: [uri] },
        'redirect_uris',
        'invalid_redirect_uri',
      ]),
      ...['jwks_uri', 'backchannel_logout_uri', 'sector_identifier_uri'].flatMap((name) =>
        UNUSABLE_LINKS.map((uri): [Record<string, unknown>, string] => [{ [name]: uri }, name]),
      ),
      [{ token_endpoint_auth_method: 'tls_client_auth' }, 'token_endpoint_auth_method'],
      [{ grant_types: ['implicit'] }, 'grant_types'],
      [{ grant_types: ['client_credentials'] }, 'grant_types'],
      [{ response_types: ['token'] }, 'response_types'],
      [{ response_types: ['code id_token'] }, 'response_types'],
      [{ id_token_signed_response_alg: 'none' }, 'id_token_signed_response_alg'],
      [{ id_token_signed_response_alg: 'HS256' }, 'id_token_signed_response_alg'],
      [{ userinfo_signed_response_alg: 'none' }, 'userinfo_signed_response_alg'],
      [{ subject_type: 'secret' }, 'subject_type'],
      [{ default_max_age: -1 }, 'default_max_age'],
      [{ require_auth_time: 'perhaps' }, 'require_auth_time'],
      [jwt, 'token_endpoint_auth_method'],
      [{ ...jwt, jwks: { keys: [key.privateJwk] } }, 'jwks'],
      [{ ...jwt, jwks: { keys: [] } }, 'jwks'],
      [{ ...jwt, jwks: { keys: [{ kty: 'oct', k: 'AAAA', kid: 'a' }] } }, 'jwks'],
      [{ ...jwt, jwks: { keys: [key.jwk, key.jwk] } }, 'jwks'],
      [{ ...jwt, jwks: { keys: Array.from({ length: 21 }, (_, n) => ({ ...key.jwk, kid: `k${n}` })) } }, 'jwks'],
      [{ ...jwt, jwks: { keys: [{ ...key.jwk, x5t: 'x'.repeat(17_000) }] } }, 'jwks'],
      [{ ...jwt, jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a' }] } }, 'jwks'],
      [{ ...jwt, jwks: 'https://a.example/keys' }, 'jwks'],
      [{ ...jwt, jwks: { keys: [key.jwk] }, jwks_uri: 'https://a.example/keys' }, 'jwks'],
      [
        { ...jwt, jwks: { keys: [key.jwk] }, token_endpoint_auth_signing_alg: 'HS256' },
        'token_endpoint_auth_signing_alg',
      ],
      [{ software_statement: 'a.b.c' }, 'software_statement', 'invalid_software_statement'],
    ]
    const before = (await server.site.store.apps.list(undefined, 100)).length
    for (const [changes, field, error = 'invalid_client_metadata'] of cases) {
      const { status, body } = await register(server, changes)
      const about = JSON.stringify(changes).slice(0, 200)
      assert.deepEqual([status, body.error, body.field], [400, error, field], `${about}: ${JSON.stringify(body)}`)
      assert.match(body.error_description, /^[\x20-\x21\x23-\x5B\x5D-\x7E]{10,}$/, about)
    }
    assert.equal((await server.site.store.apps.list(undefined, 100)).length, before)
    for (const body of ['[]', '"x"', '7', 'null', '{', '{"client_name":"a","client_name":"b"}']) {
      const refused = await ask(server, 'POST', '/oauth/register', { body })
      assert.equal(refused.status, 400, body)
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    assert.equal((await ask(server, 'POST', '/oauth/register', { body: 'redirect_uris=x', headers: form })).status, 415)
  })

  test('the metadata of every kind of app is stored and returned (OpenID Connect Registration §2)', async () => {
    const key = newSigner('RS256')
    const described = {
      'client_name#fr': 'Assistante',
      client_uri: 'https://assistant.example/',
      tos_uri: 'https://assistant.example/tos',
      policy_uri: 'https://assistant.example/policy',
      'policy_uri#fr': 'https://assistant.example/fr/policy',
      contacts: ['dev@assistant.example'],
      software_id: 'b1f2',
      software_version: '1.2',
      initiate_login_uri: 'https://assistant.example/login',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'RS256',
      jwks: { keys: [key.jwk] },
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'RS256',
      default_max_age: 3600,
      require_auth_time: true,
      subject_type: 'pairwise',
      post_logout_redirect_uris: ['https://assistant.example/bye'],
      backchannel_logout_uri: 'https://assistant.example/logout',
      backchannel_logout_session_required: true,
      require_pushed_authorization_requests: true,
    }
    const { status, body } = await register(server, {
      ...described,
      id_token_encrypted_response_alg: 'RSA-OAEP',
      request_uris: ['https://assistant.example/request'],
      request_object_signing_alg: 'RS256',
    })
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual({ ...body, ...described }, body)
    assert.ok(!('client_secret' in body), 'an app that signs needs no secret')
    for (const name of ['id_token_encrypted_response_alg', 'request_uris', 'request_object_signing_alg'])
      assert.ok(!(name in body), `${name} is not supported, so it is not returned`)
    const native = await register(server, {
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb', CALLBACK],
      application_type: 'native',
    })
    assert.deepEqual([native.status, native.body.application_type], [201, 'native'])
    assert.ok(!('client_secret' in native.body) && !('client_secret_expires_at' in native.body))
  })

  test('a sector document must list every redirect URI of the app (OpenID Connect Registration §5)', async () => {
    const server = await testSite({ engine, ...open({ BEHALF_OUTBOUND_PRIVATE: 'on' }) })
    const uris = [CALLBACK, 'https://other.example/cb']
    const place = await documentServer([...uris, 'https://third.example/cb'])
    const describe = { redirect_uris: uris, subject_type: 'pairwise' }
    const unnamed = await register(server, describe)
    assert.deepEqual([unnamed.status, unnamed.body.field], [400, 'sector_identifier_uri'])
    const named = { ...describe, sector_identifier_uri: place.url }
    const { status, body } = await register(server, named)
    assert.deepEqual([status, body.sector_identifier_uri], [201, place.url])
    for (const answer of [[CALLBACK], { uris }, 'not json', [], null]) {
      place.answer = answer
      const refused = await register(server, named)
      assert.deepEqual([refused.body.error, refused.body.field], ['invalid_client_metadata', 'sector_identifier_uri'])
    }
    const inside = await testSite({ engine, ...open() })
    const refused = await register(inside, { ...named, sector_identifier_uri: 'https://127.0.0.1/sector' })
    assert.equal(refused.body.field, 'sector_identifier_uri')
    assert.equal(
      refused.body.error_description,
      (await register(inside, { ...named, sector_identifier_uri: 'https://localhost/x' })).body.error_description,
    )
  })

  test('open registration is limited per address, and pages of other origins may use it', async () => {
    const server = await testSite({ engine, ...open({ BEHALF_ADDRESS_REGISTRATIONS: '2' }) })
    for (let n = 0; n < 2; n++) assert.equal((await register(server)).status, 201)
    const refused = await register(server)
    assert.deepEqual([refused.status, refused.body.error], [429, 'temporarily_unavailable'])
    assert.ok(refused.headers.get('retry-after'))
    const preflight = await server.fetch('/oauth/register', { method: 'OPTIONS' })
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'POST, OPTIONS')
    const token = (
      await createPlatformToken({ kind: 'registration', directoryUid: null, name: 'ours' }, operatorActor, server.site)
    ).token
    assert.equal((await register(server, {}, token)).status, 201, 'a registration with a token is not limited')
  })

  test('our pages never link the home page of an app that registered itself, and load nothing from elsewhere', async () => {
    const name = '<img src=x onerror=alert(1)>'
    const { body } = await register(server, {
      client_name: name,
      logo_uri: 'https://evil.example/logo.svg',
      client_uri: 'https://evil.example/',
      token_endpoint_auth_method: 'none',
    })
    const app = { ...(await server.site.store.apps.findLiveByClientId(body.client_id))!, secret: '' }
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, PKCE))
    const { html } = await visitor.signIn('dana@example.com', 'correct horse battery')
    assert.ok(!html.includes('evil.example') && !html.includes(name))
    assert.match(html, /Unverified app/)
    assert.match(html, /id="caution"[^>]*>[\s\S]*has not checked this app[\s\S]*assistant\.example/)
  })

  test('no malformed metadata causes a server error', async () => {
    const deep = '['.repeat(25_000) + ']'.repeat(25_000)
    const names = [
      'redirect_uris',
      'client_name',
      'client_name#fr',
      'scope',
      'jwks',
      'jwks_uri',
      'grant_types',
      'contacts',
    ]
    names.push('client_uri', 'software_id', 'application_type', 'default_max_age', '__proto__', 'constructor', 'x')
    const values = [
      deep,
      `{"keys":[{"kty":"EC","crv":"a","x":"b","y":"c","z":${deep}}]}`,
      '{}',
      '[null]',
      '1e999',
      'true',
    ]
    values.push('"\\u0000"', '"\\ud800"', '["\\u0000"]', '{"keys":[{"kty":"__proto__"}]}', '{"keys":{"length":1}}')
    for (const name of names) {
      for (const value of values) {
        const rest = name === 'redirect_uris' ? '' : `"redirect_uris":["${CALLBACK}"],`
        const body = `{"token_endpoint_auth_method":"private_key_jwt",${rest}"${name}":${value}}`
        const { status } = await ask(server, 'POST', '/oauth/register', { body })
        assert.ok(status < 500, `${name} ${value.slice(0, 60)} ${status}`)
      }
    }
  })

  test('the sign-in page and the permission dialog link the policy and the terms of the app (OpenID Connect Registration §2)', async () => {
    const linksFor = async (description: Record<string, unknown>) => {
      const { body } = await register(story.test, description)
      const app = { ...(await story.test.site.store.apps.findLiveByClientId(body.client_id))!, secret: '' }
      const visitor = story.world.visitor()
      const shown = () => /<p class="small" id="app-links">.*?<\/p>/s.exec(visitor.place.html)?.[0]
      await visitor.open(authorizationPath(app, PKCE))
      const atSignIn = shown()
      await visitor.signIn('dana@example.com', 'correct horse battery')
      assert.ok(visitor.place.html.includes('id="allow"'))
      assert.equal(shown(), atSignIn)
      return atSignIn
    }
    const links = await linksFor({
      policy_uri: 'https://a.example/privacy?a=1&b=2',
      tos_uri: 'https://a.example/terms',
    })
    assert.match(
      links!,
      /href="https:\/\/a\.example\/privacy\?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"/,
    )
    assert.match(links!, /href="https:\/\/a\.example\/terms"/)
    assert.equal(await linksFor({}), undefined)
  })
})
