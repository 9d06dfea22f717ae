import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { digest } from '../../src/kit/digest.ts'
import { onBothEngines } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { APPS, partner, REDIRECT_URI } from './partner.ts'

onBothEngines((engine) => {
  async function setUp() {
    const site = await testSite({ engine })
    const world = await makeWorld(site)
    const directory = partner(site, await world.makePlatformToken('directory'))
    const internal = partner(site, await world.makePlatformToken('internal'))
    return { ...site, test: site, world, directory, internal, store: site.site.store }
  }

  describe('registering an app', async () => {
    const { world, directory, internal, store, test: server, logged } = await setUp()

    test('returns exactly the documented members, with id and secret of 64 lowercase hex digits', async () => {
      const { status, headers, body } = await directory.register({ trusted: 'true' })
      assert.equal(status, 201)
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.deepEqual(Object.keys(body), ['status', 'data'])
      assert.equal(body.status, 'OK')
      const { client_id, client_secret, app_id, ...rest } = body.data
      assert.match(client_id, /^[0-9a-f]{64}$/)
      assert.match(client_secret, /^[0-9a-f]{64}$/)
      assert.notEqual(client_id, client_secret)
      assert.match(app_id, /^[a-z0-9]{16}$/)
      assert.deepEqual(rest, {
        app_code_name: 'myfirstapp',
        name: 'My first app',
        access_token_format: 'opaque',
        client_auth_jwks_uri: null,
      })
    })

    test('stores only the digest of the secret, which is in no other response, nor in the log or the audit events', async () => {
      const { body } = await directory.register({ name: 'Secretive' })
      const { client_id, client_secret, app_id } = body.data
      const found = await store.apps.authenticate(client_id, digest(client_secret), server.clock.now())
      assert.equal(found?.isSecretRight, true)
      const answers = [
        await directory.show('secretive'),
        await directory.call('GET', `${APPS}?per_page=100`),
        await directory.change('secretive', { name: 'Still secretive', client_secret }),
        await store.apps.findLive(app_id),
        await store.events.list({ appUid: app_id }, 100),
        logged,
      ]
      for (const answer of answers) {
        assert.ok(!JSON.stringify(answer).includes(client_secret))
        assert.ok(!JSON.stringify(answer).includes(digest(client_secret)))
      }
    })

    test('writes one audit event with the actor and the reference', async () => {
      const { body } = await directory.register({ name: 'Audited' })
      const [event, ...others] = await store.events.list({ appUid: body.data.app_id }, 10)
      assert.deepEqual(others, [])
      assert.equal(event!.type, 'app.created')
      assert.equal(event!.actor, `directory:${world.directory.uid}`)
      assert.equal(event!.directoryUid, world.directory.uid)
      assert.match(event!.reference!, /^[a-z0-9]{12}$/)
      const own = await internal.register({ name: 'Ours' })
      const [ours] = await store.events.list({ appUid: own.body.data.app_id }, 10)
      assert.match(ours!.actor, /^internal:[a-z0-9]{16}$/)
      assert.equal(ours!.directoryUid, null)
    })

    test('registers the default scopes if none are given, and accepts scopes in every shape that clients send', async () => {
      const scopesOf = async (body: Record<string, unknown>) => {
        const { status, body: answer } = await directory.register({ name: 'Scoped', ...body })
        assert.equal(status, 201, JSON.stringify(answer))
        return (await store.apps.findLive(answer.data.app_id))!.scopes
      }
      const defaults = ['openid', 'profile', 'email', 'clients_read']
      assert.deepEqual(await scopesOf({}), defaults)
      for (const none of [[], '', ' ', [' '], {}]) assert.deepEqual(await scopesOf({ scopes: none }), defaults)
      assert.deepEqual(await scopesOf({ scopes: ['openid', 'clients_read', 'openid'] }), ['openid', 'clients_read'])
      assert.deepEqual(await scopesOf({ scopes: { 0: 'openid', 1: 'business/clients' } }), [
        'openid',
        'business/clients',
      ])
      assert.deepEqual(await scopesOf({ scopes: 'openid email' }), ['openid', 'email'])
      assert.deepEqual(await scopesOf({ demand_scopes: { 0: 'clients_read' } }), ['clients_read'])
      assert.deepEqual(await scopesOf({ scopes: ['email'], demand_scopes: ['clients_read'] }), [
        'email',
        'clients_read',
      ])
      assert.deepEqual(await scopesOf({ scopes: ['email'], openid: true }), ['email', 'openid'])
      assert.deepEqual(await scopesOf({ openid: 'false' }), ['profile', 'email', 'clients_read'])
    })

    test('accepts trusted as text or boolean, and defaults to false', async () => {
      for (const [trusted, expected] of [
        ['true', true],
        [true, true],
        ['false', false],
        [false, false],
        [undefined, false],
        [null, false],
      ] as const) {
        const { body } = await directory.register({ trusted })
        assert.equal((await store.apps.findLive(body.data.app_id))!.trusted, expected, `${trusted}`)
      }
    })

    test('stores redirect URIs unchanged, the landing page first, each once', async () => {
      const odd = 'https://app.example/cb?b=2&a=%7E1&b=2'
      const uris = [odd, REDIRECT_URI, 'http://127.0.0.1/cb', 'com.example.app:/callback', odd]
      for (const oauth_redirect_uris of [uris, Object.fromEntries(uris.entries())]) {
        const { body } = await directory.register({ oauth_redirect_uris })
        const app = await store.apps.findLive(body.data.app_id)
        assert.deepEqual(app!.redirectUris, [REDIRECT_URI, odd, 'http://127.0.0.1/cb', 'com.example.app:/callback'])
        assert.equal(app!.redirectUri, REDIRECT_URI)
      }
      const single = await directory.register({ oauth_redirect_uris: odd })
      assert.deepEqual((await store.apps.findLive(single.body.data.app_id))!.redirectUris, [REDIRECT_URI, odd])
    })

    test('registers a public app without a secret', async () => {
      for (const body of [{ public: true }, { public: 'true' }, { token_endpoint_auth_method: 'none' }]) {
        const { status, body: answer } = await directory.register(body)
        assert.equal(status, 201)
        assert.equal(answer.data.client_secret, null)
        const app = await store.apps.findLive(answer.data.app_id)
        assert.equal(app!.public, true)
        const guess = await store.apps.authenticate(app!.clientId, digest(''), server.clock.now())
        assert.equal(guess!.isSecretRight, false)
      }
      const kept = await directory.register({ token_endpoint_auth_method: 'client_secret_basic' })
      assert.match(kept.body.data.client_secret, /^[0-9a-f]{64}$/)
    })

    test('accepts token format, token lifetime and jwks_uri', async () => {
      const { body } = await directory.register({
        access_token_format: 'jwt',
        access_token_lifetime: '7200',
        client_auth_jwks_uri: 'https://app.example/jwks.json',
      })
      assert.equal(body.data.access_token_format, 'jwt')
      assert.equal(body.data.client_auth_jwks_uri, 'https://app.example/jwks.json')
      assert.equal((await store.apps.findLive(body.data.app_id))!.accessTokenLifetime, 7200)
      const local = await directory.register({ client_auth_jwks_uri: 'http://localhost:9/jwks' })
      assert.equal(local.status, 201)
    })

    test('accepts a form as well', async () => {
      const form = new URLSearchParams({
        name: 'Formal',
        redirect_uri: REDIRECT_URI,
        trusted: 'true',
        scopes: 'openid email',
      })
      const { status, body } = await directory.call('POST', APPS, form.toString(), {
        'content-type': 'application/x-www-form-urlencoded',
      })
      assert.equal(status, 201)
      const app = await store.apps.findLive(body.data.app_id)
      assert.deepEqual([app!.name, app!.trusted, app!.scopes], ['Formal', true, ['openid', 'email']])
    })

    test('stores the description of the app and returns it unchanged', async () => {
      const listing = {
        app_type: { 0: 'payments' },
        url_params: ['business_uid', 'language'],
        open_in_new_tab: 'false',
        description: { logo: 'https://app.example/logo.png', short_description: 'Short', text: 'Two\nlines, עברית' },
        menu_items: [{ title: 'Open', route: '/open', nested: { deep: [1, null, true] } }],
        privacy_policy_link: 'https://app.example/privacy',
        contact_support_link: 'mailto:help@app.example',
      }
      const { body } = await directory.register({ name: 'Described', ...listing })
      const { application } = (await directory.show(body.data.app_code_name)).body.data
      for (const [name, value] of Object.entries(listing)) assert.deepEqual(application[name], value)
    })

    test('makes the token’s directory the owner; an internal token may name another owner', async () => {
      const other = await world.makeDirectory('Other')
      const ownerOf = async (answer: { body: { data: { app_id: string } } }) =>
        (await store.apps.findLive(answer.body.data.app_id))!.directoryUid
      assert.equal(await ownerOf(await directory.register()), world.directory.uid)
      assert.equal(await ownerOf(await directory.register({ directory_uid: world.directory.uid })), world.directory.uid)
      assert.equal(await ownerOf(await internal.register()), null)
      assert.equal(await ownerOf(await internal.register({ directory_uid: other.uid })), other.uid)
      const foreign = await directory.register({ directory_uid: other.uid })
      const unknown = await directory.register({ directory_uid: 'zzzzzzzzzzzzzzzz' })
      assert.equal(foreign.status, 422)
      assert.equal(foreign.body.field, 'directory_uid')
      assert.deepEqual({ ...foreign.body, reference: '' }, { ...unknown.body, reference: '' })
      const nowhere = await internal.register({ directory_uid: 'zzzzzzzzzzzzzzzz' })
      assert.deepEqual([nowhere.status, nowhere.body.field], [422, 'directory_uid'])
    })

    test('lets only the platform register internal scopes', async () => {
      const refused = await directory.register({ scopes: ['staff_read'] })
      assert.deepEqual([refused.status, refused.body.field], [422, 'scopes'])
      assert.equal((await internal.register({ scopes: ['staff_read'] })).status, 201)
    })

    test('refuses or ignores members that a body may not set, and returns what was stored', async () => {
      const { status, body } = await directory.register({
        name: 'Assigned',
        uid: 'chosen',
        clientId: 'chosen',
        codeName: 'chosen',
        directoryUid: 'chosen',
        directory_id: 12,
        skip_consent: true,
        is_first_party: true,
        created_at: 1,
        createdAt: 1,
        ended_at: 1,
        listing: { trusted: true },
        accessTokenFormat: 'jwt',
        constructor: { prototype: { trusted: true } },
      })
      assert.equal(status, 201)
      const app = await store.apps.findLive(body.data.app_id)
      assert.deepEqual(app, {
        uid: body.data.app_id,
        codeName: 'assigned',
        clientId: body.data.client_id,
        directoryUid: world.directory.uid,
        businessUid: null,
        name: 'Assigned',
        redirectUri: REDIRECT_URI,
        redirectUris: [REDIRECT_URI],
        trusted: false,
        public: false,
        scopes: ['openid', 'profile', 'email', 'clients_read'],
        accessTokenFormat: 'opaque',
        accessTokenLifetime: null,
        jwksUri: null,
        listing: {},
        protocol: {},
        origin: 'platform',
        createdAt: server.clock.now(),
        endedAt: null,
      })
      for (const field of ['client_id', 'client_secret', 'app_id']) {
        const refused = await directory.register({ [field]: 'a'.repeat(64) })
        assert.deepEqual([refused.status, refused.body.field], [422, field])
      }
    })

    test('accepts a double slash in the path, and answers other methods with 405', async () => {
      assert.equal((await directory.call('GET', '//platform/v1//apps')).status, 200)
      const { status, headers, body } = await directory.call('DELETE', APPS)
      assert.equal(status, 405)
      assert.equal(headers.get('allow'), 'POST, GET')
      assert.equal(body.status, 'Error')
    })
  })

  test('shows an uploaded logo on the permission dialog', async () => {
    const server = await testSite({ engine })
    const world = await makeWorld(server)
    const token = await world.makePlatformToken('directory')
    const logo =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const { body } = await partner(server, token).register({ description: { logo } })
    const visitor = world.visitor()
    const login = await visitor.open(`/app/oauth/authorize?client_id=${body.data.client_id}`)
    const path = /src="(\/assets\/logo\/app\/[^"]+)"/.exec(login.html)?.[1]
    assert.ok(path, 'the logo is on the page')
    const picture = await server.fetch(path.replaceAll('&amp;', '&'))
    assert.equal(picture.headers.get('content-type'), 'image/png')
  })
})
