import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { endApp } from '../../src/domain/apps/app.ts'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { sweep } from '../../src/ops/sweep.ts'
import { isErrorPage, isOAuthError, isWaiting } from '../parts/answers.ts'
import { authorizationPath, exchange, read, refresh, userinfo } from '../parts/app-calls.ts'
import { assertionOf, newSigner, tryAssertion } from '../parts/assertions.ts'
import { type DocumentServer, documentServer } from '../parts/document-server.ts'
import { makeResource } from '../parts/resources.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { partner } from '../platform/partner.ts'
import { newEvent } from '../store/things.ts'
import { ask, CALLBACK, PKCE, VERIFIER } from './registering.ts'

const ON = { BEHALF_CLIENT_ID_METADATA_DOCUMENTS: 'on', BEHALF_OUTBOUND_PRIVATE: 'on' }
const ELSEWHERE = 'https://elsewhere.example/cb'

interface DocumentStory extends Story {
  place: DocumentServer
  /** The app of these tests: the URL of its document, and its redirect URI. */
  app: TestApp
  /** What the document contains from now on, with these response headers. */
  publish(changes?: Record<string, unknown>, headers?: Record<string, string>): void
  arrive(parameters?: Record<string, string>): Promise<Response>
  count(): number
}

/** An assistant that publishes a client id metadata document. */
async function begin(
  engine: 'sqlite' | 'postgres',
  env: Record<string, string> = {},
  file = 'client.json',
): Promise<DocumentStory> {
  const story = await tellStory({ engine, env: { ...ON, ...env } })
  const place = await documentServer('')
  const clientId = `http://127.0.0.1:${place.port}/${file}`
  const app = { clientId, redirectUri: CALLBACK, origin: 'document', public: true, secret: '' } as TestApp
  const publish: DocumentStory['publish'] = (changes = {}, headers = {}) => {
    const document = { client_id: clientId, client_name: 'Assistant', redirect_uris: [CALLBACK], ...changes }
    place.answer = (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(document))
    }
  }
  publish()
  const arrive = (parameters = {}) => story.test.fetch(authorizationPath(app, { ...PKCE, ...parameters }))
  return { ...story, place, app, publish, arrive, count: () => place.asked.length }
}

const fails = (response: ServerResponse) => response.writeHead(503).end()

onBothEngines((engine) => {
  test('a sector document that cannot be fetched locks no one out of a connected app whose own document is fine', async () => {
    const { test: server, world, app, publish, arrive } = await begin(engine)
    const sector = await documentServer([CALLBACK])
    publish({ subject_type: 'pairwise', sector_identifier_uri: sector.url })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, PKCE))
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    assert.ok(visitor.answer().code)
    sector.answer = (_: unknown, response: ServerResponse) => fails(response)
    server.clock.advance(3601)
    await isWaiting(await arrive())
    assert.equal(sector.asked.length, 1, 'fetched again only for other redirect URIs')
  })

  test('a resource of a partner with the address of a document keeps the app out of nothing, and gets no tokens', async () => {
    const story = await begin(engine)
    const { test: server, world, app } = story
    const token = await world.makePlatformToken('directory')
    const resource = { name: 'x', identifier: app.clientId }
    assert.equal((await ask(server, 'POST', '/platform/v1/resources', { token, body: resource })).status, 201)
    const other = await world.makeApp()
    await isWaiting(await server.fetch(authorizationPath(other, { resource: app.clientId })))
    await isWaiting(await story.arrive())
    const refused = await server.fetch(authorizationPath(other, { resource: app.clientId }))
    assert.match(refused.headers.get('location')!, /error=invalid_target/)
  })

  test('an unregistered app is read from its document and gets tokens for an hour', async () => {
    const story = await begin(engine)
    const { test: server, app, place } = story
    const { code } = await connect(story, app, undefined, PKCE)
    const proof = { client_secret: undefined, code_verifier: VERIFIER }
    const tokens = await read(exchange(server, app, code, proof))
    assert.deepEqual([tokens.expires_in, tokens.scope], [3600, 'openid profile email'])
    assert.equal((await userinfo(server, tokens.access_token)).status, 200)
    const again = await read(refresh(server, app, tokens.refresh_token))
    assert.ok(again.access_token && again.refresh_token !== tokens.refresh_token)
    for (const answer of [tokens, again]) assert.ok(!('created_at' in answer))
    const row = (await server.site.store.apps.findLiveByClientId(app.clientId))!
    assert.deepEqual([row.origin, row.trusted, row.directoryUid, row.public], ['document', false, null, true])
    assert.equal(story.count(), 1, 'it was fetched once')
    const [{ headers }] = place.asked as [(typeof place.asked)[0]]
    assert.deepEqual([headers.cookie, headers.authorization], [undefined, undefined])
    const second = await connect(story, app, 'omar@example.com', { ...PKCE, business_uid: story.bakery.uid })
    assert.ok(second.code, 'all installations of an app share one client id')
    assert.equal((await userinfo(server, again.access_token)).status, 200, 'and none ends the tokens of another')
  })

  test('no resource has the client_id of an app as its identifier, so that no token for it looks like an ID token (RFC 9068 §2.1)', async () => {
    const story = await begin(engine)
    const { test: server, world, app } = story
    const { call } = partner(server, await world.makePlatformToken('internal'))
    const body = { identifier: app.clientId, name: 'API', token_format: 'jwt', token_typ: 'JWT' }
    await isWaiting(await story.arrive())
    const late = await call('POST', '/platform/v1/resources', body)
    assert.deepEqual([late.status, late.body.field], [422, 'identifier'])
    assert.match(late.body.error, /client_id of an app/)

    const other = await begin(engine)
    await makeResource(other.test, null, { ...body, identifier: other.app.clientId, tokenTyp: 'JWT' })
    assert.match(await isErrorPage(await other.arrive()), /identifier of a resource/)
    assert.equal(await other.test.site.store.apps.findLiveByClientId(other.app.clientId), undefined)
  })

  test('the dialog shows the host of the document and warns about apps that run on the device', async () => {
    const story = await begin(engine)
    const { app, world } = story
    const local = 'http://127.0.0.1:4567/cb'
    story.publish({
      client_name: '<b>Claude</b>',
      redirect_uris: [
        CALLBACK,
        'http://127.0.0.1/cb',
        'http://localhost/cb',
        'com.example.app:/cb',
        'cursor://vendor.mcp/cb',
      ],
      logo_uri: 'https://localhost:1/evil.example/logo.png',
    })
    const open = async (redirectUri: string) => {
      const visitor = world.visitor()
      await visitor.open(authorizationPath({ ...app, redirectUri }, PKCE))
      const { html } = await visitor.signIn('dana@example.com', PASSWORD)
      assert.ok(!html.includes('<b>Claude') && !html.includes('evil.example'))
      const goesTo = /id="returns-to"><bdi translate="no">([^<]*)</.exec(html)?.[1]
      return { visitor, said: text(html), goesTo }
    }
    const { said, goesTo } = await open(CALLBACK)
    assert.equal(goesTo, 'assistant.example')
    assert.match(said, new RegExp(`Unverified app from 127\\.0\\.0\\.1:${new URL(app.clientId).port} `))
    assert.match(said, /Northwind has not checked this app.*assistant\.example/)
    for (const uri of [local, 'http://localhost/cb']) {
      const { visitor, said, goesTo } = await open(uri)
      assert.equal(goesTo, new URL(uri).host)
      assert.match(said, /any program on this device can pretend to be it/, uri)
      await visitor.allow()
      await visitor.open(authorizationPath({ ...app, redirectUri: uri }, PKCE))
      assert.ok(
        visitor.place.url.includes('/login/consent'),
        'a permission for an app on a device is not reused (RFC 8252 §8.6)',
      )
    }
    const onPhone = await open('com.example.app:/cb')
    assert.match(onPhone.said, /any program on this device can pretend to be it/)
    assert.equal(onPhone.goesTo, 'com.example.app')
    const inEditor = await open('cursor://vendor.mcp/cb')
    assert.match(inEditor.said, /any program on this device can pretend to be it/)
    assert.equal(inEditor.goesTo, 'cursor')
    await inEditor.visitor.allow()
    assert.match(inEditor.visitor.place.away!.href, /^cursor:\/\/vendor\.mcp\/cb\?code=/)
    await inEditor.visitor.open(authorizationPath({ ...app, redirectUri: 'cursor://vendor.mcp/cb' }, PKCE))
    assert.ok(inEditor.visitor.place.url.includes('/login/consent'))
  })

  test('a document is cached as long as its headers say, for a minute at least and a day at most', async () => {
    const story = await begin(engine)
    const { clock } = story.test
    const reads = async () => {
      const before = story.count()
      isWaiting(await story.arrive())
      return story.count() - before
    }
    const cases: [Record<string, string>, number][] = [
      [{ 'cache-control': 'max-age=600' }, 600],
      [{ 'cache-control': 'max-age=600', age: '500' }, 100],
      [{ 'cache-control': 'max-age=1' }, 60],
      [{ 'cache-control': 'no-store' }, 60],
      [{ 'cache-control': 'public, max-age=99999999' }, 86_400],
      [{ expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }, 60],
      [{}, 3600],
    ]
    assert.equal(await reads(), 1)
    clock.advance(3600)
    for (const [headers, lifetime] of cases) {
      story.publish({}, headers)
      assert.equal(await reads(), 1, JSON.stringify(headers))
      clock.advance(lifetime - 1)
      assert.equal(await reads(), 0, JSON.stringify(headers))
      clock.advance(1)
    }
  })

  test('the number of requests to one host is limited', async () => {
    const story = await begin(engine, { BEHALF_ADDRESS_REQUESTS: '1000' })
    const { clock } = story.test
    story.publish({}, { 'cache-control': 'max-age=60' })
    isWaiting(await story.arrive())
    clock.advance(60)
    await Promise.all(Array.from({ length: 10 }, () => story.arrive()))
    assert.equal(story.count(), 2, 'of ten at once one fetches')
    const base = story.app.clientId
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        story.test.fetch(authorizationPath({ ...story.app, clientId: `${base}?${n}` }, PKCE)),
      ),
    )
    assert.ok(answers.some(({ status }) => status === 429))
    assert.ok(story.count() <= 22, `${story.count()} questions`)
    isWaiting(await story.arrive(), 'a cached app still works')
  })

  test('an unreachable host keeps the cached document for a day; a changed document takes effect immediately', async () => {
    const story = await begin(engine)
    const { clock } = story.test
    isWaiting(await story.arrive())
    story.place.answer = (_: unknown, response: ServerResponse) => fails(response)
    clock.advance(3600)
    isWaiting(await story.arrive(), 'down')
    clock.advance(86_399)
    isWaiting(await story.arrive(), 'still down')
    clock.advance(1)
    await isErrorPage(await story.arrive())
    story.publish()
    clock.advance(60)
    isWaiting(await story.arrive(), 'back')
    clock.advance(3600)
    story.publish({ client_id: 'https://evil.example/client.json' })
    await isErrorPage(await story.arrive(), 400, 'says something else')
    await isErrorPage(await story.arrive(), 400, 'and is not fetched again')
    story.publish()
    clock.advance(60)
    isWaiting(await story.arrive(), 'reachable again')
  })

  test('a permission counts only for the redirect host that the dialog named, and its scopes too', async () => {
    const story = await begin(engine)
    const { app } = story
    story.publish({ redirect_uris: [CALLBACK, ELSEWHERE, `${CALLBACK}/two`] })
    const scopes = { scope: 'openid clients_read' }
    const { visitor } = await connect(story, app, undefined, { ...PKCE, ...scopes })
    const isAsked = async (redirectUri: string, parameters = {}) => {
      const path = authorizationPath({ ...app, redirectUri }, { ...PKCE, ...parameters })
      return (await visitor.open(path)).url.includes('/login/consent')
    }
    assert.equal(await isAsked(`${CALLBACK}/two`, scopes), false, 'another page of the host')
    assert.equal(await isAsked(ELSEWHERE, { scope: 'openid' }), true)
    assert.match(visitor.place.html, /id="returns-to"><bdi translate="no">elsewhere\.example</)
    await visitor.allow()
    assert.equal(await isAsked(ELSEWHERE, { scope: 'openid' }), false)
    assert.equal(await isAsked(ELSEWHERE, scopes), true, 'the other host was allowed more')
    assert.equal(await isAsked(CALLBACK, scopes), false, 'the first permission stays')
  })

  test('new redirect URIs or new keys require a new permission', async () => {
    const story = await begin(engine)
    const { app, test: server } = story
    const [first, second] = [newSigner('ES256'), newSigner('ES256')]
    const { visitor } = await connect(story, app, undefined, PKCE)
    const isRemembered = async (changes: Record<string, unknown>) => {
      story.publish(changes)
      server.clock.advance(3600)
      const isAway = (await visitor.open(authorizationPath(app, PKCE))).away !== undefined
      if (!isAway) await visitor.allow()
      return isAway
    }
    assert.ok(await isRemembered({}))
    assert.ok(await isRemembered({ client_uri: 'https://assistant.example/' }))
    assert.ok(!(await isRemembered({ redirect_uris: [CALLBACK, ELSEWHERE] })))
    assert.ok(await isRemembered({ redirect_uris: [CALLBACK] }), 'fewer redirect URIs need no new permission')
    const signs = (jwk: unknown) => ({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } })
    assert.ok(!(await isRemembered(signs(first.jwk))))
    assert.ok(await isRemembered(signs(first.jwk)))
    assert.ok(!(await isRemembered(signs(second.jwk))))
    assert.ok(!(await isRemembered({ ...signs(second.jwk), client_name: 'Another name' })))
    const events = await server.site.store.events.list({ type: 'app.changed' }, 10)
    assert.equal(events.length, 6)
  })

  test('an app authenticates only with the keys in its document', async () => {
    const story = await begin(engine)
    const { app, test: server } = story
    const [own, foreign] = [newSigner('ES256'), newSigner('ES256')]
    story.publish({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [own.jwk] } })
    await isOAuthError(await tryAssertion(server, assertionOf(app, server, own)), 400, 'invalid_grant')
    await isOAuthError(await tryAssertion(server, assertionOf(app, server, foreign)), 401, 'invalid_client')
    await isOAuthError(await exchange(server, app, 'x', { client_secret: undefined }), 401, 'invalid_client')
    assert.equal(story.count(), 1)
  })

  test('a document with a secret, or whose client_id is not its own URL, is refused and not stored', async () => {
    const { privateJwk } = newSigner('ES256')
    const signed = { token_endpoint_auth_method: 'private_key_jwt' }
    const cases: [(url: string) => Record<string, unknown> | string, RegExp][] = [
      [() => 'no json', /JSON object/],
      [() => '[]', /JSON object/],
      [() => 'null', /JSON object/],
      [() => ({ client_id: undefined }), /exactly the URL/],
      [(url) => ({ client_id: `${url}/` }), /exactly the URL/],
      [(url) => ({ client_id: url.toUpperCase() }), /exactly the URL/],
      [() => ({ client_secret: 'x' }), /client_secret/],
      [() => ({ client_secret_expires_at: 0 }), /client_secret_expires_at/],
      [() => ({ token_endpoint_auth_method: 'client_secret_basic' }), /none or private_key_jwt/],
      [() => ({ token_endpoint_auth_method: 'client_secret_jwt' }), /none or private_key_jwt/],
      [() => signed, /needs public keys/],
      [() => ({ ...signed, jwks: { keys: [privateJwk] } }), /private key/],
      [() => ({ redirect_uris: undefined }), /redirect_uris/],
      [() => ({ redirect_uris: ['javascript:alert(1)'] }), /cannot be used/],
      [() => ({ software_version: 'x'.repeat(10_241) }), /could not be read/],
    ]
    // Few requests per server, because the limit on documents would refuse more.
    while (cases.length > 0) {
      const story = await begin(engine)
      const { app, test: server } = story
      for (const [make, why] of cases.splice(0, 8)) {
        const document = make(app.clientId)
        if (typeof document === 'string') story.place.answer = document
        else story.publish(document)
        const html = await isErrorPage(await story.arrive(), 400, String(why))
        assert.match(text(html), why)
        const refused = await exchange(server, app, 'x', { client_secret: undefined, code_verifier: VERIFIER })
        assert.match(await isOAuthError(refused, 401, 'invalid_client'), why)
      }
      assert.equal(await server.site.store.apps.findLiveByClientId(app.clientId), undefined)
    }
  })

  test('a document for many servers is used without what it cannot have here', async () => {
    const story = await begin(engine)
    const { app, test: server } = story
    const document = {
      client_name: 'Cl\u200Baude',
      client_uri: 'http://assistant.example/',
      redirect_uris: ['myapp://cb', 7, ...Array.from({ length: 25 }, (_, n) => `https://assistant.example/${n}`)],
      post_logout_redirect_uris: ['javascript:alert(1)'],
      scope: 'mcp:tools',
      application_type: 'web',
      contacts: [null],
    }
    story.publish(document)
    const arrive = (redirectUri: string) => story.arrive({ redirect_uri: redirectUri })
    isWaiting(await arrive('https://assistant.example/0'))
    isWaiting(await arrive('https://assistant.example/19'))
    for (const uri of ['myapp://cb', 'https://assistant.example/20']) await isErrorPage(await arrive(uri), 400, uri)
    const stored = (await server.site.store.apps.findLiveByClientId(app.clientId))!
    assert.deepEqual(
      [stored.name, stored.listing],
      [new URL(app.clientId).host, { contacts: [], application_type: 'web' }],
    )
  })

  test('only the log says why a document cannot be read', async () => {
    const story = await begin(engine)
    const json = { 'content-type': 'application/json' }
    const answers: ((response: ServerResponse) => void)[] = [
      fails,
      (response) => response.writeHead(404, json).end('{}'),
      (response) => response.writeHead(302, { location: `${story.app.clientId}2` }).end(),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{}'),
      (response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('{}'),
      (response) => response.destroy(),
    ]
    const said = new Set<string>()
    for (const answer of answers) {
      story.place.answer = (_: unknown, response: ServerResponse) => answer(response)
      said.add(text(await isErrorPage(await story.arrive({ state: 'x' }))).replace(/Support code \w+/, ''))
    }
    assert.equal(said.size, 1)
    assert.ok(story.test.logged.some((line) => line.includes('The answer has status 404')))
  })

  test('an app that nobody connected is swept and can return; an app the operator ended cannot', async () => {
    const story = await begin(engine, { BEHALF_REGISTRATION_UNUSED_LIFETIME: '86400' })
    const { test: server, app } = story
    const { site, clock } = server
    isWaiting(await story.arrive())
    const first = (await site.store.apps.findLiveByClientId(app.clientId))!
    clock.advance(86_400)
    await sweep(site)
    assert.equal(await site.store.apps.findLive(first.uid), undefined)
    isWaiting(await story.arrive(), 'back')
    const second = (await site.store.apps.findLiveByClientId(app.clientId))!
    assert.notEqual(second.uid, first.uid)
    await connect(story, app, undefined, PKCE)
    clock.advance(2 * 86_400)
    await sweep(site)
    assert.equal((await site.store.apps.findLiveByClientId(app.clientId))!.uid, second.uid, 'a connected app stays')
    await site.store.apps.end(second.uid, clock.now(), newEvent({ type: 'app.ended', at: clock.now() }))
    assert.match(text(await isErrorPage(await story.arrive())), /ended by the platform/)
  })

  test('an app that the operator ended stays out, even if no business had connected it', async () => {
    const story = await begin(engine, { BEHALF_REGISTRATION_UNUSED_MOST: '3' })
    const { test: server, app, place } = story
    const { site, clock } = server
    isWaiting(await story.arrive())
    const { uid } = (await site.store.apps.findLiveByClientId(app.clientId))!
    assert.ok(await endApp((await site.store.apps.findLive(uid))!, operatorActor, site))
    const isOut = async (about: string) => {
      assert.match(text(await isErrorPage(await story.arrive(), 400, about)), /ended by the platform/, about)
      const refused = await exchange(server, app, 'x', { client_secret: undefined })
      await isOAuthError(refused, 401, 'invalid_client', about)
    }
    const asked = story.count()
    await isOut('at once')
    story.publish({ client_name: 'Another name', redirect_uris: [ELSEWHERE] })
    for (const seconds of [3600, 7200, 86_400, 8 * 86_400, 365 * 86_400]) {
      clock.advance(seconds)
      await sweep(site)
      await isOut(`${seconds} seconds later`)
    }
    assert.equal(story.count(), asked, 'its document is not even fetched')
    for (let n = 0; n < 6; n++) {
      const other = `http://127.0.0.1:${place.port}/${n}.json`
      place.answer = { client_id: other, redirect_uris: [CALLBACK] }
      await server.fetch(authorizationPath({ ...app, clientId: other }, PKCE))
      clock.advance(3700)
      await sweep(site)
    }
    story.publish()
    await isOut('after many other apps')
    assert.equal((await site.store.events.list({ appUid: uid, type: 'app.created' }, 9)).length, 1)
  })

  test('partners cannot change an app from a document, and the operator sees its URL in the list', async () => {
    const story = await begin(engine)
    const { test: server, app, world } = story
    isWaiting(await story.arrive())
    const { codeName } = (await server.site.store.apps.findLiveByClientId(app.clientId))!
    const token = await world.makePlatformToken('internal')
    const response = await server.fetch(`/platform/v1/apps/${codeName}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ trusted: true }),
    })
    assert.equal(response.status, 422)
  })
})

test('only a valid URL at an allowed host is fetched', async () => {
  const story = await begin('sqlite', { BEHALF_CLIENT_ID_METADATA_HOSTS: '127.0.0.1,*.good.example' })
  const { test: server, app, place } = story
  const base = `http://127.0.0.1:${place.port}`
  const wrong = [
    base,
    `${base}?x`,
    `${base}/a/../client.json`,
    `${base}/a/%2e%2e/client.json`,
    `${base}/./client.json`,
    `${base}/client.json#x`,
    `http://me@127.0.0.1:${place.port}/client.json`,
    `http://me:pw@127.0.0.1:${place.port}/client.json`,
    `HTTP://127.0.0.1:${place.port}/client.json`,
    `http://2130706433:${place.port}/client.json`,
    `http://127.1:${place.port}/client.json`,
    `http:\\\\127.0.0.1:${place.port}\\client.json`,
    'http://app.example/client.json',
    'https://EVIL.example/client.json',
    'https://evil.example:443/client.json',
    'https://evil.example/client.json',
    'https://good.example/client.json',
    'https://good.example.evil.example/client.json',
    'https://xgood.example/client.json',
    `https://${'a'.repeat(2000)}.example/client.json`,
  ]
  for (const clientId of wrong) {
    await isErrorPage(await server.fetch(authorizationPath({ ...app, clientId }, PKCE)), 400, clientId)
    const refused = await exchange(server, { ...app, clientId }, 'x', { client_secret: undefined })
    await isOAuthError(refused, 401, 'invalid_client', clientId)
  }
  assert.equal(place.asked.length, 0)
  isWaiting(await story.arrive())
})

test('private addresses are never fetched, and apps from documents are refused where the setting is off', async () => {
  const server = await testSite()
  const place = await documentServer('{}')
  const said = new Set<string>()
  const hosts = [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '10.0.0.1',
    '169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '100.100.100.200',
    '0.0.0.0',
  ]
  for (const host of hosts) {
    const clientId = `https://${host}:${place.port}/client.json`
    const query = new URLSearchParams({ client_id: clientId, response_type: 'code', redirect_uri: CALLBACK, ...PKCE })
    const html = await isErrorPage(await server.fetch(`/oauth/authorize?${query}`), 400, host)
    said.add(text(html).replace(/Support code \w+/, ''))
  }
  assert.deepEqual([place.asked.length, said.size], [0, 1])
  const http = `http://127.0.0.1:${place.port}/client.json`
  const html = await isErrorPage(await server.fetch(`/oauth/authorize?client_id=${encodeURIComponent(http)}`))
  assert.match(text(html), /use https/)
  assert.equal(place.asked.length, 0)
  const metadata = await read(server.fetch('/.well-known/oauth-authorization-server'))
  assert.equal(metadata.client_id_metadata_document_supported, true)
  const off = await testSite({
    env: { BEHALF_OUTBOUND_PRIVATE: 'on', BEHALF_CLIENT_ID_METADATA_DOCUMENTS: 'off' },
  })
  const refused = await off.fetch(`/oauth/authorize?client_id=${encodeURIComponent(http)}`)
  assert.match(text(await isErrorPage(refused)), /No app has this client_id/)
  assert.equal(
    (await read(off.fetch('/.well-known/oauth-authorization-server'))).client_id_metadata_document_supported,
    false,
  )
  assert.equal(place.asked.length, 0)
})
