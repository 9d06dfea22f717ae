import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SETTINGS } from '../../src/domain/apps/settings.ts'
import { sweep } from '../../src/ops/sweep.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { newSigner } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { freshUrl } from '../store/engines.ts'
import { ask, CALLBACK, PKCE, type RegistrationAnswer, register, VERIFIER } from './registering.ts'

const ENV = {
  BEHALF_REGISTRATION: 'open',
  BEHALF_CLIENT_ID_METADATA_DOCUMENTS: 'on',
  BEHALF_OUTBOUND_PRIVATE: 'on',
}
const [ours, theirs] = [newSigner('ES256'), newSigner('ES256')]
const EIGHT_DAYS = 8 * 86_400
const SECRET = { token_endpoint_auth_method: 'client_secret_basic' }
const SIGNED = { token_endpoint_auth_method: 'private_key_jwt' }

interface Registered {
  app: TestApp
  path: string
  /** Replaces the registration, as the app does it. */
  put(changes?: Record<string, unknown>): Promise<RegistrationAnswer>
}

async function introduce({ test: server }: Story, details: Record<string, unknown> = {}): Promise<Registered> {
  const { body } = await register(server, { token_endpoint_auth_method: 'none', ...details })
  let token = body.registration_access_token
  const app = (await server.site.store.apps.findLiveByClientId(body.client_id))!
  return {
    app: { ...app, secret: body.client_secret ?? '' },
    path: `/platform/v1/apps/${app.codeName}`,
    async put(changes = {}) {
      const full = {
        client_name: 'Assistant',
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
        ...details,
      }
      const answer = await ask(server, 'PUT', body.registration_client_uri, {
        token,
        body: { ...full, client_id: body.client_id, ...changes },
      })
      token = answer.body.registration_access_token ?? token
      return answer
    },
  }
}

onBothEngines((engine) => {
  test('keys that the platform set stay in use: the app cannot authenticate otherwise instead', async () => {
    const story = await tellStory({ engine, env: ENV })
    const token = await story.world.makePlatformToken('internal')
    for (const method of ['client_secret_basic', 'none']) {
      const { path, put, app } = await introduce(story, { ...SIGNED, jwks: { keys: [theirs.jwk] } })
      assert.equal((await ask(story.test, 'PUT', path, { token, body: { jwks: { keys: [ours.jwk] } } })).status, 200)
      const { status, body } = await put({ token_endpoint_auth_method: method, jwks: undefined })
      assert.deepEqual([status, body.client_secret], [200, undefined], method)
      assert.equal(body.token_endpoint_auth_method, 'private_key_jwt')
      const stored = (await story.test.site.store.apps.findLive(app.uid))!
      assert.deepEqual([stored.public, stored.protocol.jwks?.keys.length], [false, 1])
    }
  })

  test('an app that replaces its registration keeps every setting that the platform set', async () => {
    const story = await tellStory({ engine, env: ENV })
    const { test: server, world } = story
    const token = await world.makePlatformToken('internal')
    const keys = (...signers: (typeof ours)[]) => ({ keys: signers.map(({ jwk }) => jwk) })
    const elsewhere = 'https://elsewhere.example/cb'
    const [sector, another] = [await documentServer([CALLBACK]), await documentServer([CALLBACK])]
    /** For each setting: what the platform sends, what the app then sends, and other settings that the value needs. */
    const cases: Record<string, [platform: unknown, app: unknown, besides?: Record<string, unknown>, wire?: string]> = {
      client_name: ['Renamed', 'Northwind', {}, 'name'],
      redirect_uris: [CALLBACK, [elsewhere, CALLBACK], {}, 'redirect_uri'],
      scope: [['openid'], 'openid clients_read', {}, 'scopes'],
      token_endpoint_auth_method: ['client_secret_post', 'client_secret_basic', SECRET],
      token_endpoint_auth_signing_alg: ['ES256', 'RS256', { ...SIGNED, jwks: keys(ours) }],
      jwks: [keys(ours), keys(theirs), { ...SIGNED, jwks: keys(theirs) }],
      jwks_uri: [
        'https://a.example/k',
        'https://b.example/k',
        { ...SIGNED, jwks_uri: 'https://b.example/k' },
        'client_auth_jwks_uri',
      ],
      grant_types: [['authorization_code'], ['authorization_code', 'refresh_token']],
      id_token_signed_response_alg: ['ES256', 'RS256'],
      userinfo_signed_response_alg: ['ES256', 'RS256'],
      default_max_age: [60, 6000],
      require_auth_time: [true, false],
      subject_type: ['pairwise', 'public'],
      sector_identifier_uri: [sector.url, another.url],
      post_logout_redirect_uris: [[CALLBACK], [elsewhere]],
      backchannel_logout_uri: ['https://a.example/out', 'https://b.example/out'],
      backchannel_logout_session_required: [true, false],
      require_pushed_authorization_requests: [true, false],
    }
    const named = SETTINGS.flatMap(([, { column, names, setBy, isFixed }]) =>
      column !== null && !isFixed && setBy.includes('app') && setBy.includes('platform') ? [names.metadata!] : [],
    )
    assert.deepEqual(Object.keys(cases).sort(), named.sort(), 'every setting that both may set has a case')
    for (const [name, [sent, wanted, besides = {}, wire = name]] of Object.entries(cases)) {
      const { app, path, put } = await introduce(story, besides)
      const changed = await ask(server, 'PUT', path, { token, body: { [wire]: sent } })
      assert.equal(changed.status, 200, `${name}: ${JSON.stringify(changed.body)}`)
      const before = (await server.site.store.apps.findLive(app.uid))!
      const answer = await put({ [name]: wanted })
      assert.equal(answer.status, 200, `${name}: ${JSON.stringify(answer.body)}`)
      assert.ok(answer.body.locked_settings.includes(name), name)
      if (name === 'redirect_uris') continue
      const left = await put({ [name]: undefined })
      assert.equal(left.status, 200, `${name}: ${JSON.stringify(left.body)}`)
      const now = (await server.site.store.apps.findLive(app.uid))!
      assert.deepEqual(now, before, name)
    }
  })

  test('what an app may request stays within the scopes that the platform set', async () => {
    const story = await tellStory({ engine, env: ENV })
    const { test: server, world } = story
    const token = await world.makePlatformToken('internal')
    const { app, path, put } = await introduce(story)
    const proof = { client_secret: undefined, code_verifier: VERIFIER }
    const all = 'openid email clients_read'
    const { code, visitor } = await connect(story, app, undefined, { ...PKCE, scope: all })
    const { access_token: access } = await read(exchange(server, app, code, proof))
    const waiting = await connect(story, app, undefined, { ...PKCE, scope: all }, visitor)
    const scopesOf = async () => (await read(userinfo(server, access))).scope
    assert.equal(await scopesOf(), all)
    assert.equal((await ask(server, 'PUT', path, { token, body: { scopes: ['openid'] } })).status, 200)
    assert.equal(await scopesOf(), 'openid', 'its tokens lose the others')
    const late = await read(exchange(server, app, waiting.code, proof))
    assert.equal(late.error, 'invalid_grant')
    assert.equal((await put({ scope: all })).body.scope, 'openid')
    for (const scope of ['openid clients_read', 'openid email']) {
      await visitor.open(authorizationPath(app, { ...PKCE, scope }))
      assert.equal(visitor.answer().error, 'invalid_scope', scope)
      assert.match(visitor.answer().error_description!, /limited this app to the scopes that it has registered/)
    }
    const claims = JSON.stringify({ userinfo: { phone_number: null } })
    await visitor.open(authorizationPath(app, { ...PKCE, scope: 'openid', claims }))
    if (visitor.place.url.includes('/login/consent')) await visitor.allow()
    const narrow = await read(exchange(server, app, visitor.answer().code!, proof))
    assert.equal(narrow.scope, 'openid', 'nor does a claim widen it')
    assert.equal((await ask(server, 'PUT', path, { token, body: { locked_settings: null } })).status, 200)
    assert.equal((await put({ scope: all })).body.scope, all, 'until the platform unlocks the setting')
    assert.equal(await scopesOf(), all)
  })

  test('the platform can unlock settings one by one, and names only settings that the app could change', async () => {
    const story = await tellStory({ engine, env: ENV })
    const { test: server, world } = story
    const token = await world.makePlatformToken('internal')
    const { app, path, put } = await introduce(story)
    const set = (body: object) => ask(server, 'PUT', path, { token, body })
    const locked = async () => (await server.site.store.apps.findLive(app.uid))!.protocol.lockedSettings
    assert.equal((await put({ locked_settings: ['scope'] })).status, 200)
    assert.equal(await locked(), undefined, 'an app locks nothing itself')
    await set({ openid: true, name: 'Renamed', access_token_lifetime: 300, require_auth_time: null })
    assert.deepEqual(await locked(), ['client_name', 'scope'])
    const answer = (await set({ locked_settings: ['scope'] })).body
    assert.deepEqual(answer.application.locked_settings, ['scope'])
    assert.equal((await put({ client_name: 'Mine again' })).body.client_name, 'Mine again')
    for (const wrong of [['scopes'], ['access_token_lifetime'], ['client_id'], ['__proto__'], 'scope', [1]]) {
      const refused = await set({ locked_settings: wrong })
      assert.deepEqual([refused.status, refused.body.field], [422, 'locked_settings'], JSON.stringify(wrong))
    }
    const own = await world.makeApp()
    const refused = await ask(server, 'PUT', `/platform/v1/apps/${own.codeName}`, {
      token,
      body: { locked_settings: ['scope'] },
    })
    assert.equal(refused.status, 422)
    await ask(server, 'PUT', `/platform/v1/apps/${own.codeName}`, { token, body: { name: 'Another' } })
    assert.equal((await server.site.store.apps.findLive(own.uid))!.protocol.lockedSettings, undefined)
  })

  test('the audit says which locked settings an app tried to change', async () => {
    const story = await tellStory({ engine, env: ENV })
    const { test: server, world } = story
    const token = await world.makePlatformToken('internal')
    const { app, path, put } = await introduce(story)
    await ask(server, 'PUT', path, {
      token,
      body: { grant_types: ['authorization_code'], description: { text: 'Ours' } },
    })
    const lastEvent = async () => {
      const [event] = await server.site.store.events.list({ appUid: app.uid, type: 'app.changed' }, 1)
      return { actor: event!.actor, details: JSON.parse(event!.details!) }
    }
    await put({ grant_types: ['authorization_code'] })
    assert.equal((await lastEvent()).details.heldBack, undefined)
    await put({ grant_types: ['authorization_code', 'refresh_token'], client_name: 'Other' })
    const { actor, details } = await lastEvent()
    assert.equal(actor, `app:${app.uid}`)
    assert.deepEqual([details.changed, details.heldBack], [['name'], ['grant_types']])
    const { listing } = (await server.site.store.apps.findLive(app.uid))!
    assert.deepEqual(listing.description, { text: 'Ours' }, 'nor does it lose what only the platform sets')
  })

  test('a change of the platform holds when the app changes its registration at the same moment, at another server', async () => {
    const databaseUrl = await freshUrl(engine)
    const story = await tellStory({ engine, env: ENV, databaseUrl })
    const { test: server, world } = story
    const node = await testSite({ engine, env: ENV, databaseUrl, clock: server.clock })
    const token = await world.makePlatformToken('internal')
    for (let round = 0; round < 8; round++) {
      const { app, path, put } = await introduce(story)
      const [set] = await Promise.all([
        ask(node, 'PUT', path, { token, body: { scopes: ['openid'], require_pushed_authorization_requests: true } }),
        put({ scope: 'openid clients_read' }),
      ])
      assert.equal(set.status, 200)
      await put({ scope: 'openid clients_read' })
      const now = (await node.site.store.apps.findLive(app.uid))!
      assert.deepEqual([now.scopes, now.protocol.requirePushedRequests], [['openid'], true])
    }
  })

  test('an app with a metadata document keeps what the platform set when the document is read again', async () => {
    const story = await tellStory({ engine, env: ENV })
    const { test: server, world } = story
    const { site, clock } = server
    const token = await world.makePlatformToken('internal')
    const place = await documentServer('')
    const clientId = `http://127.0.0.1:${place.port}/client.json`
    const publish = (changes: object) => {
      place.answer = { client_id: clientId, client_name: 'Assistant', redirect_uris: [CALLBACK], ...changes }
    }
    const named = { clientId, redirectUri: CALLBACK, origin: 'document', public: true, secret: '' } as TestApp
    const arrive = (parameters: Record<string, string> = {}) =>
      server.fetch(authorizationPath(named, { ...PKCE, ...parameters }))
    const find = async () => (await site.store.apps.findLiveByClientId(clientId))!
    publish({ scope: 'openid email clients_read' })
    await arrive()
    const app = await find()
    const set = (body: object) => ask(server, 'PUT', `/platform/v1/apps/${app.codeName}`, { token, body })
    assert.equal((await set({ trusted: true })).status, 422)
    assert.equal((await set({ token_endpoint_auth_method: 'client_secret_post' })).status, 422)
    const narrowed = {
      name: 'Renamed',
      scopes: ['openid'],
      grant_types: ['authorization_code'],
      refresh_tokens: 'never',
      access_token_lifetime: 300,
    }
    assert.equal((await set(narrowed)).status, 200)
    const { protocol, ...limited } = await find()
    for (const time of ['an hour later', 'eight days later']) {
      publish({
        scope: 'openid email phone',
        client_name: time,
        client_uri: `https://assistant.example/${time.length}`,
      })
      clock.advance(time === 'an hour later' ? 3600 : EIGHT_DAYS)
      await sweep(site)
      await arrive()
      const { protocol: after, listing, ...now } = await find()
      assert.equal(listing.client_uri, `https://assistant.example/${time.length}`, 'the document was read')
      assert.deepEqual([{ ...now, listing: limited.listing }, after], [limited, protocol], time)
      const refused = new URL((await arrive({ scope: 'openid email' })).headers.get('location')!)
      assert.equal(refused.searchParams.get('error'), 'invalid_scope')
    }
    const [event] = await site.store.events.list({ appUid: app.uid, type: 'app.changed' }, 1)
    assert.deepEqual(JSON.parse(event!.details!).heldBack, ['client_name', 'scope'])
    await set({ locked_settings: null })
    clock.advance(3600)
    await arrive()
    assert.equal((await find()).name, 'eight days later')
  })
})
