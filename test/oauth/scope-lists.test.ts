import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { App } from '../../src/store/nouns/apps.ts'
import { authorizationPath, basic, exchange, exchangeForm, read, refresh } from '../parts/app-calls.ts'
import { askToken, CLIENT_CREDENTIALS, introspect } from '../parts/resources.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { partner } from '../platform/partner.ts'
import { PKCE, register, VERIFIER } from './registering.ts'

/** How clients write the two scopes. Two SDKs of the Model Context Protocol send the first. */
const SPACED = [' openid clients_read', 'openid clients_read ', 'openid  clients_read', '   openid   clients_read  ']
const BLANK = ['', ' ', '    ']

test('the metadata lists only claims that an app can have with the catalogue of the operator (OpenID Connect Discovery §3)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scopes-'))
  after(() => rmSync(folder, { recursive: true }))
  const entry = (available_to: string, more = {}) => ({ available_to, description: { en: 'See something' }, ...more })
  const catalogue = {
    openid: entry('everyone'),
    profile: entry('internal'),
    contact: entry('registered', { claims: ['phone_number'] }),
  }
  writeFileSync(join(folder, 'scopes.json'), JSON.stringify(catalogue))
  const server = await testSite({ env: { BEHALF_SCOPES_FILE: join(folder, 'scopes.json') } })
  const metadata = await read(server.fetch('/.well-known/openid-configuration'))
  assert.deepEqual(metadata.scopes_supported, ['openid', 'contact'])
  const listed = (name: string) => metadata.claims_supported.includes(name)
  for (const name of ['sub', 'role', 'business_uid', 'name', 'email', 'email_verified', 'phone_number'])
    assert.ok(listed(name), name)
  for (const name of ['given_name', 'address', 'phone_number_verified', 'groups']) assert.ok(!listed(name), name)
})

onBothEngines(async (engine) => {
  const story = await tellStory({ engine, env: { BEHALF_REGISTRATION: 'open' } })
  const { test: server, world } = story
  const storedBy = async (clientId: string): Promise<App> =>
    (await server.site.store.apps.findLiveByClientId(clientId))!

  test('registration ignores superfluous spaces in scope (RFC 7591 §2)', async () => {
    for (const scope of SPACED) {
      const { status, body } = await register(server, { scope })
      assert.deepEqual([status, body.scope], [201, 'openid clients_read'], JSON.stringify(scope))
    }
    for (const scope of BLANK) {
      const { status, body } = await register(server, { scope })
      assert.deepEqual([status, body.scope], [201, 'openid profile email'], JSON.stringify(scope))
    }
    const { body } = await register(server, { scope: 'openid\tclients_read' })
    assert.equal(body.scope, 'openid profile email', 'a tab separates nothing, so the list cannot be used')
  })

  test('authorization requests and pushed ones ignore superfluous spaces in scope (RFC 6749 §3.3)', async () => {
    const app = await world.makeApp({ trusted: true, scopes: ['openid', 'profile', 'clients_read'] })
    const { visitor } = await connect(story, app)
    const scopeOf = async (parameters: Record<string, string>) => {
      await visitor.open(authorizationPath(app, parameters))
      return (await read(exchange(server, app, visitor.answer().code!))).scope
    }
    const push = async (scope: string) => {
      const body = { client_id: app.clientId, client_secret: app.secret, redirect_uri: app.redirectUri, scope }
      const pushed = await server.fetch('/oauth/par', { method: 'POST', body: new URLSearchParams(body) })
      return (await read(pushed)).request_uri as string
    }
    for (const scope of SPACED) {
      assert.equal(await scopeOf({ scope }), 'openid clients_read', JSON.stringify(scope))
      assert.equal(await scopeOf({ request_uri: await push(scope) }), 'openid clients_read', JSON.stringify(scope))
    }
    for (const scope of BLANK) {
      assert.equal(await scopeOf({ scope }), 'openid profile clients_read', 'as if it were absent')
      assert.equal(await scopeOf({ request_uri: await push(scope) }), 'openid profile clients_read')
    }
    const explicit = await world.makeApp({ protocol: { requireExplicitRequest: true } })
    const refused = await server.fetch(authorizationPath(explicit, { response_type: 'code', state: 's', scope: ' ' }))
    assert.match(refused.headers.get('location')!, /error=invalid_scope/, 'a blank scope is a missing one')
  })

  test('token requests ignore superfluous spaces in scope (RFC 6749 §4.4.2, §6)', async () => {
    const scopes = ['openid', 'clients_read', 'offline_access']
    const app = await world.makeApp({
      trusted: true,
      scopes,
      protocol: { refresh: 'always', rotateRefreshTokens: false },
    })
    const { code } = await connect(story, app)
    const { refresh_token: token } = await read(exchange(server, app, code))
    for (const scope of SPACED)
      assert.equal((await read(refresh(server, app, token, { scope }))).scope, 'openid clients_read')
    for (const scope of BLANK)
      assert.equal((await read(refresh(server, app, token, { scope }))).scope, scopes.join(' '))
    const machine = await world.makeApp(CLIENT_CREDENTIALS)
    for (const scope of [' app/installs', 'app/installs ', ' ', '  app/installs  app/installs']) {
      const answer = await read(askToken(server, machine, { grant_type: 'client_credentials', scope }))
      assert.equal(answer.scope, 'app/installs', JSON.stringify(scope))
    }
  })

  test('the management API ignores superfluous spaces in lists of scopes', async () => {
    const internal = partner(server, await world.makePlatformToken('internal'))
    const lists = [
      ...SPACED,
      ['openid ', ' clients_read'],
      ['openid clients_read'],
      { 0: ' openid', 1: 'clients_read ' },
    ]
    for (const scopes of lists) {
      for (const body of [{ scopes }, { demand_scopes: scopes }]) {
        const made = await internal.register(body)
        assert.equal(made.status, 201, JSON.stringify(made.body))
        const app = await storedBy(made.body.data.client_id)
        assert.deepEqual(app.scopes, ['openid', 'clients_read'], JSON.stringify(body))
      }
    }
    const identifiers = lists.slice(0, -1).map((scopes, index) => [`https://api${index}.example`, scopes] as const)
    for (const [identifier, scopes] of identifiers) {
      const made = await internal.call('POST', '/platform/v1/resources', { identifier, name: 'API', scopes })
      assert.deepEqual(made.body.data?.resource.scopes, ['openid', 'clients_read'], JSON.stringify(made.body))
    }
  })

  /** An app that registered itself with this scope. */
  async function selfRegistered(scope?: string): Promise<TestApp> {
    const { body } = await register(server, scope === undefined ? {} : { scope })
    return { ...(await storedBy(body.client_id)), secret: body.client_secret }
  }
  const tokensOf = async (app: TestApp, parameters = {}) => {
    const { code } = await connect(story, app, undefined, { ...PKCE, ...parameters })
    const form = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri, code_verifier: VERIFIER }
    return read(exchangeForm(server, form, { authorization: basic(app.clientId, app.secret) }))
  }
  const granted = async (app: TestApp, parameters = {}): Promise<string> => (await tokensOf(app, parameters)).scope

  test('the metadata lists the scopes that an app which registers itself can have, and it may ask for all of them (RFC 8414 §2)', async () => {
    const { scopes_supported: listed } = await read(server.fetch('/.well-known/oauth-authorization-server'))
    assert.ok(listed.includes('clients_read') && !listed.includes('staff_read'))
    const all = listed.join(' ')
    assert.equal(await granted(await selfRegistered(all), { scope: all }), all)
    assert.equal(await granted(await selfRegistered(), { scope: all }), all)
  })

  test('the registered scope is what a request without scope means, and no limit', async () => {
    assert.equal(await granted(await selfRegistered('clients_read')), 'clients_read')
    assert.equal(await granted(await selfRegistered()), 'openid profile email')
    assert.equal(await granted(await selfRegistered('elsewhere:read')), 'openid profile email')
    const app = await selfRegistered('openid')
    assert.equal(await granted(app), 'openid')
    const more = await world.visitor().open(authorizationPath(app, { ...PKCE, scope: 'openid clients_read' }))
    assert.ok(more.url.includes('/login'), 'a person decides')
    assert.equal(await granted(app, { scope: 'openid clients_read' }), 'openid clients_read')
    for (const scope of ['staff_read', 'unheard-of', 'openid staff_read']) {
      const answer = await server.fetch(authorizationPath(app, { ...PKCE, scope }))
      assert.match(answer.headers.get('location')!, /error=invalid_scope/, scope)
    }
  })

  test('a token with more than the registered scope works at userinfo, introspection and refresh', async () => {
    const app = await selfRegistered('openid')
    const scope = 'openid profile clients_read'
    const { access_token: token, refresh_token: next } = await tokensOf(app, { scope })
    const info = await server.fetch('/oauth/userinfo', { headers: { authorization: `Bearer ${token}` } })
    assert.equal((await read(info)).scope, scope)
    assert.equal((await read(introspect(server, app, token))).scope, scope)
    const form = { grant_type: 'refresh_token', refresh_token: next }
    const again = exchangeForm(server, form, { authorization: basic(app.clientId, app.secret) })
    assert.equal((await read(again)).scope, scope)
  })
})
