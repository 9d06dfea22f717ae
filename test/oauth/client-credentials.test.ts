import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenDigest } from '../../src/kit/digest.ts'
import { isOAuthError } from '../parts/answers.ts'
import { basic, read, toForm, userinfo } from '../parts/app-calls.ts'
import { askToken, CLIENT_CREDENTIALS, introspect, isInactive, makeResource, payloadOf } from '../parts/resources.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { newEvent } from '../store/things.ts'

const GRANT = { grant_type: 'client_credentials' }
const SERVICE = '/oauth/service/token'

onBothEngines((engine) => {
  test('client_credentials returns a token for an hour with the scopes an app may use for itself (RFC 6749 §4.4)', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const response = await askToken(server, app, GRANT)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const { access_token: token, ...rest } = await read(response)
    const now = server.clock.now()
    assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, created_at: now, scope: 'app/installs' })
    assert.match(token, /^[0-9a-f]{64}$/)
    assert.equal((await read(introspect(server, app, token))).sub, app.clientId)
    const [event] = await server.site.store.events.list({ appUid: app.uid, type: 'token.issued' }, 5)
    assert.equal(event!.actor, `app:${app.uid}`)
    server.clock.advance(3599)
    assert.equal((await read(introspect(server, app, token))).active, true)
    server.clock.advance(1)
    await isInactive(await introspect(server, app, token), 'it has expired')
  })

  test('an app’s own token ends with the app, with its directory, and when it is revoked', async () => {
    const { test: server, world } = await tellStory({ engine })
    const { store } = server.site
    const at = server.clock.now()
    const event = newEvent({ type: 'token.ended', at })
    const other = await world.makeDirectory('Southwind')
    const [ended, kept] = [
      await world.makeApp(CLIENT_CREDENTIALS),
      await world.makeApp({ ...CLIENT_CREDENTIALS, directoryUid: other.uid }),
    ]
    const api = await makeResource(server, null, { identifier: server.origin })
    const ask = async (app: typeof ended) => (await read(askToken(server, app, GRANT))).access_token as string
    const [first, second, third] = [await ask(ended), await ask(ended), await ask(kept)]
    assert.equal((await read(introspect(server, api, first))).active, true)
    assert.equal(await store.accessTokens.end(tokenDigest(first), at, event), true)
    assert.equal(
      await store.accessTokens.end(tokenDigest(first), at, { ...event, uid: `${event.uid}2` }),
      false,
      'once',
    )
    await isInactive(await introspect(server, api, first))
    assert.equal((await read(introspect(server, api, second))).active, true)
    await store.apps.end(ended.uid, at, newEvent({ type: 'app.ended', at }))
    await isInactive(await introspect(server, api, second))
    await isOAuthError(await askToken(server, ended, GRANT), 401, 'invalid_client')
    assert.equal((await read(introspect(server, api, third))).active, true)
    await store.directories.end(other.uid, at, newEvent({ type: 'directory.ended', at }))
    await isInactive(await introspect(server, api, third))
  })

  test('only the app itself can revoke its own token (RFC 7009 §2.1)', async () => {
    const { test: server, world } = await tellStory({ engine })
    const [app, rival] = [await world.makeApp(CLIENT_CREDENTIALS), await world.makeApp()]
    const { access_token: token } = await read(askToken(server, app, GRANT))
    const revoke = (by: typeof app) => {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basic(by.clientId, by.secret),
      }
      return server.fetch('/oauth/revoke', { method: 'POST', headers, body: toForm({ token }) })
    }
    assert.equal((await revoke(rival)).status, 200)
    assert.equal((await read(introspect(server, app, token))).active, true)
    assert.equal((await revoke(app)).status, 200)
    await isInactive(await introspect(server, app, token))
  })

  test('no token is stored if the app changes or ends during the request', async () => {
    const { test: server, world } = await tellStory({ engine })
    const { store } = server.site
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const at = server.clock.now()
    const row = { digest: 'x', scopes: [], createdAt: at, expiresAt: at + 60 }
    const event = newEvent({ type: 'token.issued', at })
    assert.equal(await store.accessTokens.addForApp(row, { ...app, scopes: ['openid'] }, event), false)
    assert.equal(await store.accessTokens.addForApp(row, { ...app, protocol: {} }, event), false)
    assert.equal(await store.accessTokens.findLive('x', at), undefined)
    assert.equal(await store.accessTokens.addForApp(row, app, event), true)
    assert.equal((await store.accessTokens.findLive('x', at))?.chain.clientId, app.clientId)
  })

  test('the sweep deletes expired tokens and keeps live ones', async () => {
    const { test: server, world } = await tellStory({ engine })
    const { store, config } = server.site
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const lasting = await makeResource(server, null, {
      identifier: 'https://api.example.com',
      tokenLifetime: 31_536_000,
    })
    const brief = await read(askToken(server, app, GRANT))
    const long = await read(askToken(server, app, { ...GRANT, resource: lasting.identifier }))
    const gone = await read(askToken(server, app, { ...GRANT, resource: lasting.identifier }))
    const at = server.clock.now()
    await store.accessTokens.end(tokenDigest(gone.access_token), at, newEvent({ type: 'token.ended', at }))
    const lifetimes = { tombstone: config.tombstoneLifetime, event: config.eventLifetime }
    const sweepAt = async (now: number) => {
      let swept = 0
      for (let more = -1; more !== 0; swept += more) more = await store.sweep(now, lifetimes, 100)
      return swept
    }
    await sweepAt(at + 60)
    assert.ok(await store.accessTokens.findLive(tokenDigest(brief.access_token), at + 60))
    assert.equal(await sweepAt(at + config.tombstoneLifetime), 0)
    assert.equal(await sweepAt(at + config.tombstoneLifetime + 1), 1, 'the one that was revoked')
    assert.equal(await sweepAt(at + config.tombstoneLifetime + 3601), 1, 'the one that expired')
    assert.ok(await store.accessTokens.findLive(tokenDigest(long.access_token), at + 3601))
  })

  test('the service token endpoint accepts the platform’s own parameter names and answers both kinds of clients', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const given = { service_id: app.clientId, service_secret: app.secret }
    const sent: [string, string][] = [
      ['application/json', JSON.stringify(given)],
      ['application/x-www-form-urlencoded', toForm(given)],
    ]
    const tokens = new Set<string>()
    for (const [type, body] of sent) {
      const response = await server.fetch(SERVICE, { method: 'POST', headers: { 'content-type': type }, body })
      assert.equal(response.status, 200, type)
      const answer = await read(response)
      const { access_token: token } = answer
      assert.deepEqual(answer, {
        success: true,
        access_token: token,
        token_type: 'Bearer',
        expires_in: 3600,
        created_at: new Date(server.clock.now() * 1000).toISOString(),
        data: { token, expires_in: 3600 },
      })
      assert.equal((await read(introspect(server, app, token))).scope, 'app/installs')
      tokens.add(token)
    }
    assert.equal(tokens.size, 2, 'each call issues another token, because none is stored')
  })

  test('client_credentials needs a confidential app that is registered for it (RFC 6749 §4.4)', async () => {
    const { test: server, world } = await tellStory({ engine })
    const usual = await world.makeApp({ scopes: CLIENT_CREDENTIALS.scopes! })
    const elsewhere = await world.makeApp({ ...CLIENT_CREDENTIALS, protocol: { grantTypes: ['authorization_code'] } })
    for (const app of [usual, elsewhere]) {
      const why = await isOAuthError(await askToken(server, app, GRANT), 400, 'unauthorized_client')
      assert.match(why, /grant_types/)
      const service = { service_id: app.clientId, service_secret: app.secret }
      await isOAuthError(await postService(service), 400, 'unauthorized_client')
    }
    const pub = await world.makeApp({ ...CLIENT_CREDENTIALS, public: true, accessTokenLifetime: null })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = toForm({ ...GRANT, client_id: pub.clientId })
    const refused = await server.fetch('/oauth/token', { method: 'POST', headers, body })
    assert.match(await isOAuthError(refused, 400, 'unauthorized_client'), /public app/)
    const wrong = await askToken(server, { ...usual, secret: elsewhere.secret }, GRANT)
    await isOAuthError(wrong, 401, 'invalid_client')

    function postService(parameters: Record<string, string>): Promise<Response> {
      return server.fetch(SERVICE, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
      })
    }
  })

  test('an app gets a scope for itself only if the catalogue allows it and the app registered it (RFC 6749 §3.3)', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const without = await world.makeApp({ ...CLIENT_CREDENTIALS, scopes: ['openid', 'clients_read'] })
    const refused: [typeof app, string, RegExp][] = [
      [app, 'openid', /for what a person allows/],
      [app, 'clients_read', /for what a person allows/],
      [app, 'app/installs clients_read', /clients_read is for what a person/],
      [app, 'email', /not registered/],
      [app, 'offline_access', /not registered/],
      [app, 'payments_read', /payments_read is not registered/],
      [app, 'nonsense', /does not exist/],
      [app, 'app/installs\tapp/installs', /separated by spaces/],
      [app, 'APP/INSTALLS', /does not exist/],
      [without, 'app/installs', /not registered for this app/],
    ]
    for (const [caller, scope, why] of refused) {
      assert.match(
        await isOAuthError(await askToken(server, caller, { ...GRANT, scope }), 400, 'invalid_scope', scope),
        why,
      )
    }
    const answer = await read(askToken(server, app, { ...GRANT, scope: 'app/installs' }))
    assert.deepEqual([answer.scope, answer.id_token, answer.refresh_token], ['app/installs', undefined, undefined])
    const bare = await read(askToken(server, without, GRANT))
    assert.equal(bare.scope, undefined, 'no scope by default: the token only identifies the app')
    const about = await read(introspect(server, without, bare.access_token))
    assert.deepEqual([about.active, about.scope], [true, undefined])
  })

  test('client_credentials may name a resource, which limits the scopes to those it accepts (RFC 8707 §2.2)', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const foreign = await world.makeDirectory('Southwind')
    const api = await makeResource(server, null, {
      identifier: 'https://api.example.com',
      tokenFormat: 'jwt',
      tokenLifetime: 300,
    })
    await makeResource(server, foreign.uid, { identifier: 'https://south.example.com' })
    const picky = await makeResource(server, null, { identifier: 'https://p.example.com', scopes: ['clients_read'] })
    const answer = await read(askToken(server, app, { ...GRANT, resource: api.identifier }))
    const { iat, exp, jti, ...claims } = payloadOf(answer.access_token)
    assert.deepEqual(claims, {
      iss: server.origin,
      aud: api.identifier,
      sub: app.clientId,
      client_id: app.clientId,
      scope: 'app/installs',
      type: 'app',
    })
    assert.equal(Number(exp) - Number(iat), 300)
    assert.match(String(jti), /^[0-9a-f]{64}$/)
    for (const resource of ['https://south.example.com', 'https://none.example.com', 'api.example.com'])
      await isOAuthError(await askToken(server, app, { ...GRANT, resource }), 400, 'invalid_target', resource)
    const two = `${toForm({ ...GRANT, resource: api.identifier })}&resource=${encodeURIComponent(picky.identifier)}`
    await isOAuthError(await askToken(server, app, two), 400, 'invalid_target')
    const useless = await askToken(server, app, { ...GRANT, resource: picky.identifier })
    await isOAuthError(useless, 400, 'invalid_scope')
    const own = await read(askToken(server, app, { ...GRANT, resource: server.origin }))
    assert.equal((await read(introspect(server, app, own.access_token))).aud, server.origin)
  })

  test('an app’s own token is refused where a person or a partner is required (RFC 6750 §3.1)', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const signed = await world.makeApp({ ...CLIENT_CREDENTIALS, accessTokenFormat: 'jwt' })
    for (const caller of [app, signed]) {
      const { access_token: token } = await read(askToken(server, caller, GRANT))
      const response = await userinfo(server, token)
      assert.match(response.headers.get('www-authenticate')!, /error="insufficient_scope"/)
      assert.match(await isOAuthError(response, 403, 'insufficient_scope'), /is for the app itself/)
      const headers = { authorization: `Bearer ${token}` }
      assert.equal((await server.fetch('/platform/v1/apps', { headers })).status, 401)
      const asCode = { grant_type: 'authorization_code', code: token, redirect_uri: caller.redirectUri }
      await isOAuthError(await askToken(server, caller, asCode), 400, 'invalid_grant')
      const asRefresh = { grant_type: 'refresh_token', refresh_token: token }
      await isOAuthError(await askToken(server, caller, asRefresh), 400, 'invalid_grant')
    }
  })

  test('errors of the service token endpoint use its own parameter names', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    const right = { service_id: app.clientId, service_secret: app.secret }
    const ask = (body: string, headers: Record<string, string> = {}, path = SERVICE) => {
      const all = { 'content-type': 'application/json', ...headers }
      return server.fetch(path, { method: 'POST', headers: all, body })
    }
    const wrong: [body: unknown, status: number, code: string, why: RegExp][] = [
      [{ ...right, service_secret: 'x' }, 401, 'invalid_client', /service_id or service_secret is wrong/],
      [{ ...right, service_id: 'x' }, 401, 'invalid_client', /service_id or service_secret is wrong/],
      [{ service_id: app.clientId }, 400, 'invalid_request', /service_secret is missing/],
      [{ client_id: app.clientId, client_secret: app.secret }, 400, 'invalid_request', /service_id is missing/],
      [{ ...right, service_id: 7 }, 400, 'invalid_request', /must be a string/],
      [[], 400, 'invalid_request', /must be an object/],
    ]
    for (const [body, status, code, why] of wrong)
      assert.match(await isOAuthError(await ask(JSON.stringify(body)), status, code, JSON.stringify(body)), why)
    for (const [body, query] of [
      ['', right],
      [JSON.stringify(right), right],
      [JSON.stringify(right), { service_secret: app.secret }],
    ] as const) {
      const response = await ask(body, {}, `${SERVICE}?${toForm(query)}`)
      assert.match(await isOAuthError(response, 400, 'invalid_request', 'not in the URL'), /is in the URL/)
    }
    await isOAuthError(await ask('{'), 400, 'invalid_request')
    await server.site.refusals.flush()
    const refusals = await server.site.store.events.list({ appUid: app.uid, type: 'app.refused' }, 5)
    assert.ok(refusals.length > 0, 'and is an audit event')
    assert.equal((await server.fetch(SERVICE)).status, 405)
  })
})
