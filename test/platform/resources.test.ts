import assert from 'node:assert/strict'
import { test } from 'node:test'
import { introspect, isInactive } from '../parts/resources.ts'
import { onBothEngines } from '../parts/stories.ts'
import { type Engine, testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'
import { type Answer, type Partner, partner } from './partner.ts'

const RESOURCES = '/platform/v1/resources'
const API = 'https://api.example.com'

/** A partner, another partner and the platform. */
async function begin(engine?: Engine) {
  const server = await testSite(engine ? { engine } : {})
  const world = await makeWorld(server)
  const other = await world.makeDirectory('Southwind')
  const mine = partner(server, await world.makePlatformToken('directory'))
  const theirs = partner(server, await world.makePlatformToken('directory', other))
  const platform = partner(server, await world.makePlatformToken('internal'))
  return { server, world, other, mine, theirs, platform }
}

const register = (who: Partner, body: Record<string, unknown> = {}) =>
  who.call('POST', RESOURCES, { identifier: API, name: 'Orders API', ...body })

const isRefused = ({ status, body }: Answer, wanted: number, field: string | undefined, why: RegExp, about = '') => {
  assert.deepEqual([status, body.status, body.field], [wanted, 'Error', field], `${about}: ${JSON.stringify(body)}`)
  assert.match(body.error, why, about)
}

onBothEngines((engine) => {
  test('a partner registers an API and sees its secret once', async () => {
    const { server, world, mine } = await begin(engine)
    const made = await register(mine, {
      scopes: ['clients_read', 'payments_read'],
      token_format: 'jwt',
      token_lifetime: 600,
      token_claims: ['roles'],
      token_typ: 'JWT',
    })
    assert.equal(made.status, 201)
    const { client_secret: secret, ...shown } = made.body.data.resource
    assert.match(secret, /^[0-9a-f]{64}$/)
    assert.deepEqual(shown, {
      uid: shown.uid,
      identifier: API,
      name: 'Orders API',
      directory_uid: world.directory.uid,
      scopes: ['clients_read', 'payments_read'],
      token_format: 'jwt',
      token_lifetime: 600,
      token_claims: ['roles'],
      token_typ: 'JWT',
      introspection: true,
      client_id: `rs_${shown.uid}`,
      created_at: server.clock.now(),
    })
    const listed = await mine.call('GET', RESOURCES)
    assert.deepEqual(listed.body, { status: 'OK', data: { resources: [shown] } })
    await isInactive(await introspect(server, { clientId: shown.client_id, secret }, 'x'))
    const [event] = await server.site.store.events.list({ type: 'resource.created' }, 5)
    assert.equal(event!.subject, shown.uid)
    assert.ok(!event!.details!.includes(secret))
  })

  test('a change affects only the given fields; a new secret replaces the previous one', async () => {
    const { server, mine } = await begin(engine)
    const { resource } = (await register(mine, { scopes: 'clients_read' })).body.data
    const change = (body: Record<string, unknown>) => mine.call('PUT', `${RESOURCES}/${resource.uid}`, body)
    const asks = async (secret: string) =>
      (await introspect(server, { clientId: `rs_${resource.uid}`, secret }, 'x')).status
    const renamed = await change({ name: 'Invoices API', scopes: null, identifier: API })
    assert.equal(renamed.status, 200)
    assert.deepEqual(
      [renamed.body.data.resource.name, renamed.body.data.resource.scopes, renamed.body.data.resource.client_secret],
      ['Invoices API', null, undefined],
    )
    assert.equal(await asks(resource.client_secret), 200)
    const { client_secret: second } = (await change({ introspection: true })).body.data.resource
    assert.deepEqual([await asks(resource.client_secret), await asks(second)], [401, 200])
    const silent = (await change({ introspection: false })).body.data.resource
    assert.deepEqual([silent.introspection, silent.client_id], [false, null])
    assert.equal(await asks(second), 401)
    assert.equal((await change({ identifier: `${API}/` })).body.data.resource.identifier, API, 'the same one')
    isRefused(await change({ identifier: `${API}/v2` }), 422, 'identifier', /cannot be changed/)
    isRefused(await change({ token_lifetime: 59 }), 422, 'token_lifetime', /from 60 to 631152000/)
    isRefused(await change({ token_claims: ['roles', 'email'] }), 422, 'token_claims', /may have only username, roles/)
    isRefused(await change({ token_typ: 'jwt' }), 422, 'token_typ', /must be at\+jwt or JWT/)
    const events = await server.site.store.events.list({ type: 'resource.changed' }, 5)
    assert.equal(events.length, 3)
  })

  test('two concurrent changes both take effect, and an identifier is registered once', async () => {
    const { mine, theirs, platform, server } = await begin(engine)
    const { resource } = (await register(mine)).body.data
    const path = `${RESOURCES}/${resource.uid}`
    const answers = await Promise.all([
      mine.call('PUT', path, { name: 'A' }),
      mine.call('PUT', path, { token_lifetime: 60 }),
      platform.call('PUT', path, { scopes: ['clients_read'] }),
    ])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    const found = await server.site.store.resources.find(resource.uid)
    assert.deepEqual([found!.name, found!.tokenLifetime, found!.scopes], ['A', 60, ['clients_read']])
    const identifier = 'https://rush.example.com'
    const rush = await Promise.all([mine, theirs, platform, mine].map((who) => register(who, { identifier })))
    assert.deepEqual(rush.map(({ status }) => status).sort(), [201, 422, 422, 422])
    const refused = rush.find(({ status }) => status === 422)!
    isRefused(refused, 422, 'identifier', /already registered/)
  })

  test('a partner sees and changes only its own resources, and learns nothing of others', async () => {
    const { server, mine, theirs, platform, other } = await begin(engine)
    const { resource } = (await register(mine)).body.data
    const own = (await register(platform, { identifier: 'https://platform.example.com' })).body.data.resource
    const path = `${RESOURCES}/${resource.uid}`
    for (const [method, body] of [
      ['PUT', { name: 'X' }],
      ['DELETE', undefined],
    ] as const) {
      isRefused(await theirs.call(method, path, body), 404, undefined, /no such resource/, method)
      isRefused(await mine.call(method, `${RESOURCES}/${own.uid}`, body), 404, undefined, /no such resource/, method)
    }
    assert.deepEqual((await theirs.call('GET', RESOURCES)).body.data.resources, [])
    assert.equal((await platform.call('GET', RESOURCES)).body.data.resources.length, 2)
    const page = await platform.call('GET', `${RESOURCES}?page=2&per_page=1`)
    assert.equal(page.body.data.resources.length, 1)
    isRefused(await register(mine, { directory_uid: other.uid }), 422, 'directory_uid', /only its own resources/)
    const forThem = await register(platform, { identifier: 'https://south.example.com', directory_uid: other.uid })
    assert.equal(forThem.body.data.resource.directory_uid, other.uid)
    const ended = await mine.call('DELETE', path)
    assert.deepEqual([ended.status, ended.body.data.resource.ended_at], [200, server.clock.now()])
    assert.equal((await mine.call('DELETE', path)).status, 404)
    assert.equal((await register(mine)).status, 201, 'its identifier is free again')
    const at = server.clock.now()
    await server.site.store.directories.end(other.uid, at, newEvent({ type: 'directory.ended', at }))
    const nobody = await register(platform, { identifier: 'https://x.example.com', directory_uid: other.uid })
    isRefused(nobody, 422, 'directory_uid', /no such directory/)
    const left: { uid: string }[] = (await platform.call('GET', RESOURCES)).body.data.resources
    assert.ok(!left.some(({ uid }) => uid === forThem.body.data.resource.uid), 'it ended with its directory')
  })

  test('every directory may register the platform’s own API once, to serve a part of it', async () => {
    const { server, mine, theirs, platform } = await begin(engine)
    const identifier = server.origin
    for (const who of [mine, theirs, platform]) {
      assert.equal((await register(who, { identifier })).status, 201)
      for (const spelling of [identifier, `${identifier}/`])
        isRefused(await register(who, { identifier: spelling }), 422, 'identifier', /already registered/)
    }
    const [{ uid }] = (await mine.call('GET', RESOURCES)).body.data.resources
    const settings = {
      scopes: ['clients_read'],
      token_format: 'jwt',
      token_lifetime: 60,
      token_claims: [],
      token_typ: 'JWT',
    }
    for (const [field, value] of Object.entries(settings)) {
      const answer = await mine.call('PUT', `${RESOURCES}/${uid}`, { [field]: value })
      isRefused(answer, 422, field, /platform's own API/)
    }
  })
})

test('an invalid registration is refused with the name of the field', async () => {
  const { mine } = await begin()
  const wrong: [body: Record<string, unknown>, field: string, why: RegExp][] = [
    [{ identifier: undefined }, 'identifier', /missing/],
    [{ identifier: '' }, 'identifier', /missing/],
    [{ identifier: '/v1' }, 'identifier', /absolute URI/],
    [{ identifier: `${API}#x` }, 'identifier', /fragment/],
    [{ identifier: 'http://api.example.com' }, 'identifier', /https/],
    [{ identifier: 'https://API.example.com' }, 'identifier', /host/],
    [{ identifier: 'https://me@api.example.com' }, 'identifier', /user name/],
    [{ identifier: `https://${'a'.repeat(2100)}` }, 'identifier', /characters/],
    [{ identifier: 7 }, 'identifier', /must be a string/],
    [{ identifier: 'javascript:alert(1)' }, 'identifier', /use https/],
    [{ identifier: 'data:text/html,x' }, 'identifier', /use https/],
    [{ name: undefined }, 'name', /missing/],
    [{ name: '\u200B' }, 'name', /visible character/],
    [{ scopes: [] }, 'scopes', /empty/],
    [{ scopes: ['nonsense'] }, 'scopes', /does not exist/],
    [{ scopes: [1] }, 'scopes', /must be/],
    [{ scopes: {} }, 'scopes', /empty/],
    [{ scopes: { a: 'openid' } }, 'scopes', /must be a list/],
    [{ scopes: Array.from({ length: 101 }, () => 'openid') }, 'scopes', /at most 100/],
    [{ token_format: 'saml' }, 'token_format', /opaque or jwt/],
    [{ token_lifetime: '600' }, 'token_lifetime', /whole number/],
    [{ token_lifetime: 1.5 }, 'token_lifetime', /whole number/],
    [{ token_lifetime: 631_152_001 }, 'token_lifetime', /from 60/],
    [{ introspection: 'yes' }, 'introspection', /true or false/],
  ]
  for (const [body, field, why] of wrong)
    isRefused(await register(mine, body), 422, field, why, JSON.stringify(body).slice(0, 80))
  assert.deepEqual((await mine.call('GET', RESOURCES)).body.data.resources, [], 'and nothing was registered')
  isRefused(await mine.call('POST', RESOURCES, '[]'), 400, undefined, /must be an object/)
  for (const path of ['x', '__proto__', 'a'.repeat(16), encodeURIComponent('a/b')])
    isRefused(await mine.call('PUT', `${RESOURCES}/${path}`, {}), 404, undefined, /no such resource/, path)
})

test('identifiers of every usual kind can be registered, and are stored unchanged', async () => {
  const { mine } = await begin()
  for (const identifier of [
    'https://api.example.com/',
    'https://api.example.com:8443/v1?x=1',
    'http://localhost:3000/mcp',
    'urn:example:orders',
    'com.example.app:/api',
  ]) {
    const made = await register(mine, { identifier })
    assert.deepEqual([made.status, made.body.data?.resource.identifier], [201, identifier], JSON.stringify(made.body))
  }
})

test('a request without a token of the management API is refused', async () => {
  const { server, world } = await begin()
  for (const token of [undefined, 'a'.repeat(64)]) {
    const nobody = partner(server, token)
    for (const [method, path] of [
      ['GET', RESOURCES],
      ['POST', RESOURCES],
      ['PUT', `${RESOURCES}/x`],
      ['DELETE', `${RESOURCES}/x`],
    ])
      assert.equal(
        (await nobody.call(method!, path!, method === 'GET' ? undefined : {})).status,
        401,
        `${method} ${path}`,
      )
  }
  assert.ok(world)
})
