import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuthError, isSentBack } from '../parts/answers.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { askToken, introspect, makeResource, payloadOf } from '../parts/resources.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import type { Engine } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

const ORDERS = 'https://orders.example.com/v1'
const TOOLS = 'https://tools.example.com/mcp'
const FORM = 'authorization_code'

/** The authorization URL with one resource parameter for each of these resources. */
function pathFor(app: TestApp, resources: readonly string[], more: Record<string, string> = {}): string {
  return `${authorizationPath(app, more)}${resources.map((each) => `&resource=${encodeURIComponent(each)}`).join('')}`
}

/** A story with two resources that its apps may name. */
async function tellOfResources(engine: Engine) {
  const story = await tellStory({ engine })
  const orders = await makeResource(story.test, null, { identifier: ORDERS })
  await makeResource(story.test, story.world.directory.uid, {
    identifier: TOOLS,
    scopes: ['payments_read', 'openid'],
    tokenFormat: 'jwt',
    tokenLifetime: 600,
  })
  return { story, orders }
}

const ask = (server: Story['test'], app: TestApp, code: string, resources: readonly string[] = []) => {
  const query = new URLSearchParams({ grant_type: FORM, code, redirect_uri: app.redirectUri })
  for (const each of resources) query.append('resource', each)
  return askToken(server, app, query.toString())
}

const both = (text: string): [string, string] => [text, text]

onBothEngines(async (engine) => {
  const shared = await tellOfResources(engine)

  /** A trusted app, and a signed-in person who allows it. */
  async function begin(details: Partial<TestApp> = {}, { story, orders } = shared) {
    const { test: server, world } = story
    const app = await world.makeApp({ trusted: true, scopes: ['openid', 'clients_read', 'payments_read'], ...details })
    const { visitor } = await connect(story, app)
    const codeFor = async (resources: readonly string[], more: Record<string, string> = {}) => {
      await visitor.open(pathFor(app, resources, more))
      return visitor.answer().code!
    }
    return { story, server, world, app, orders, visitor, codeFor }
  }

  test('a token is issued for the resource that was granted (RFC 8707 §2, §2.2)', async () => {
    const { server, app, codeFor } = await begin()
    const one = await read(ask(server, app, await codeFor([TOOLS])))
    const claims = payloadOf(one.access_token)
    assert.deepEqual(
      [claims.aud, claims.scope, one.scope, one.expires_in],
      [TOOLS, ...both('openid payments_read'), 600],
    )
    const plain = await read(ask(server, app, await codeFor([ORDERS]), [ORDERS]))
    assert.match(plain.access_token, /^[0-9a-f]{64}$/)
    assert.equal(plain.scope, 'openid clients_read payments_read')
    const none = await read(ask(server, app, await codeFor([])))
    assert.equal((await userinfo(server, none.access_token)).status, 200)
  })

  test('the token request may only narrow the granted resources (RFC 8707 §2.2)', async () => {
    const { server, app, codeFor } = await begin()
    const refused: [granted: string[], asked: string[], why: RegExp][] = [
      [[ORDERS], [TOOLS], /not one that was granted. These were granted: https:\/\/orders/],
      [[], [ORDERS], /named none/],
      [[ORDERS], [`${ORDERS}/`], /not one that was granted/],
      [[ORDERS], [ORDERS.toUpperCase()], /not one that was granted/],
      [[ORDERS], [server.origin], /not one that was granted/],
      [[ORDERS, TOOLS], [], /send one of them, https:\/\/orders.* or https:\/\/tools/],
      [[ORDERS, TOOLS], [ORDERS, TOOLS], /for one resource/],
    ]
    for (const [granted, asked, why] of refused) {
      const code = await codeFor(granted)
      const about = `${granted} → ${asked}`
      assert.match(await isOAuthError(await ask(server, app, code, asked), 400, 'invalid_target', about), why, about)
      const right = granted[0] ?? server.origin
      assert.equal((await ask(server, app, code, [right])).status, 200, `${about}: the code is still valid`)
    }
    const code = await codeFor([ORDERS, TOOLS])
    const { access_token: jwt } = await read(ask(server, app, code, [TOOLS]))
    assert.equal(payloadOf(jwt).aud, TOOLS)
  })

  test('a refresh keeps the granted resources, and names one of them per request (RFC 8707 §2.2)', async () => {
    const { server, app, codeFor } = await begin({ protocol: { refresh: 'always' } })
    const first = await read(ask(server, app, await codeFor([ORDERS, TOOLS]), [ORDERS]))
    assert.ok(first.refresh_token, JSON.stringify(first))
    const again = (resource: string | undefined, token: string) =>
      askToken(server, app, { grant_type: 'refresh_token', refresh_token: token, ...(resource ? { resource } : {}) })
    await isOAuthError(await again(undefined, first.refresh_token), 400, 'invalid_target')
    await isOAuthError(await again('https://other.example', first.refresh_token), 400, 'invalid_target')
    const second = await read(again(TOOLS, first.refresh_token))
    assert.equal(payloadOf(second.access_token).aud, TOOLS)
    assert.equal(second.scope, 'openid payments_read')
    const third = await read(again(ORDERS, second.refresh_token ?? first.refresh_token))
    assert.equal(third.scope, 'openid clients_read payments_read', 'narrowed for one, and whole for the other')
  })

  test('no token is issued for a resource that has ended, or whose directory has ended', async () => {
    const { server, world, app, orders, codeFor, story } = await begin({}, await tellOfResources(engine))
    const { store } = server.site
    const [first, second] = [await codeFor([ORDERS]), await codeFor([TOOLS])]
    const at = server.clock.now()
    await store.resources.end(orders.uid, at, newEvent({ type: 'resource.ended', at }))
    await isOAuthError(await ask(server, app, first), 400, 'invalid_target')
    assert.equal((await ask(server, app, second)).status, 200)
    const mine = await world.makeApp({ directoryUid: null, trusted: true })
    const other = await world.makeDirectory('Southwind')
    await makeResource(server, other.uid, { identifier: 'https://south.example.com' })
    const { visitor } = await connect(story, mine)
    await visitor.open(pathFor(mine, ['https://south.example.com']))
    assert.equal(visitor.answer().error, 'invalid_target', 'an app of the platform names what the platform registered')
    await store.directories.end(other.uid, at, newEvent({ type: 'directory.ended', at }))
    assert.equal(await store.resources.findLive('https://south.example.com'), undefined)
  })

  test('a resource that cannot be requested returns invalid_target with the reason (RFC 8707 §2)', async () => {
    const { server, world, app } = await begin()
    const foreign = await world.makeDirectory('Southwind')
    await makeResource(server, foreign.uid, { identifier: 'https://south.example.com' })
    const wrong: [resource: string, why: RegExp][] = [
      ['/v1', /absolute URI.*not an absolute URI/],
      ['orders.example.com', /absolute URI/],
      [`${ORDERS}#part`, /fragment/],
      ['https://me@orders.example.com', /user name/],
      ['https://unknown.example.com', /https:\/\/unknown.example.com is not registered/],
      ['https://south.example.com', /not registered by the platform or by the directory of this app/],
      [`${ORDERS}/`, /letter for letter/],
      [ORDERS.replace('v1', 'V1'), /letter for letter/],
      [`https://${'a'.repeat(2001)}.example`, /longer than 2000/],
      ['https://x.example/"><script>', /characters/],
    ]
    for (const [resource, why] of wrong) {
      const answer = isSentBack(await server.fetch(pathFor(app, [ORDERS, resource])), app.redirectUri, resource)
      assert.equal(answer.error, 'invalid_target', resource)
      assert.match(answer.error_description!, why, resource)
    }
    const many = Array.from({ length: 6 }, (_, index) => `https://api${index}.example.com`)
    const answer = isSentBack(await server.fetch(pathFor(app, many)), app.redirectUri)
    assert.match(answer.error_description!, /more than 5 resources/)
  })

  test('a resource that accepts none of the requested scopes returns invalid_scope before the sign-in', async () => {
    const { server, app, visitor } = await begin()
    const response = await server.fetch(pathFor(app, [TOOLS], { scope: 'clients_read' }))
    const answer = isSentBack(response, app.redirectUri)
    assert.equal(answer.error, 'invalid_scope')
    assert.match(answer.error_description!, /accepts only payments_read openid/)
    await visitor.open(pathFor(app, [TOOLS, TOOLS, ''], { scope: 'payments_read' }))
    assert.ok(visitor.answer().code, 'the same one twice is one, and an empty one is none')
  })

  test('an ID token is issued for what was approved, independent of the resource (OpenID Connect Core §3.1.3.3)', async () => {
    const { server, world, app, codeFor } = await begin()
    await makeResource(server, world.directory.uid, {
      identifier: 'https://pay.example.com',
      scopes: ['payments_read'],
    })
    const answer = await read(ask(server, app, await codeFor(['https://pay.example.com'])))
    assert.equal(answer.scope, 'payments_read')
    assert.equal(payloadOf(answer.id_token).aud, app.clientId)
  })

  test('userinfo accepts a token for another resource only for claims about the person, and only with openid (RFC 9068 §4)', async () => {
    const { server, app, codeFor } = await begin()
    const tokens = await read(exchange(server, app, await codeFor([ORDERS])))
    const claims = await read(userinfo(server, tokens.access_token))
    assert.deepEqual(
      [claims.email, claims.scope],
      ['dana@example.com', 'openid'],
      'scopes of the other resource are not returned',
    )
    const narrow = await read(exchange(server, app, await codeFor([ORDERS], { scope: 'clients_read' })))
    const refused = await userinfo(server, narrow.access_token)
    assert.match(refused.headers.get('www-authenticate')!, /error="invalid_token"/)
    assert.match(await isOAuthError(refused, 401, 'invalid_token'), /made for another resource/)
  })

  test('the issuer as resource means the platform’s own API, registered or not', async () => {
    const { server, app, codeFor } = await begin()
    for (const asked of [[], [server.origin]]) {
      const { access_token: token } = await read(ask(server, app, await codeFor([server.origin]), asked))
      const claims = await read(userinfo(server, token))
      assert.equal(claims.scope, 'openid clients_read payments_read')
    }
    const { access_token: either } = await read(
      ask(server, app, await codeFor([server.origin, ORDERS]), [server.origin]),
    )
    assert.equal((await userinfo(server, either)).status, 200)
  })

  test('spellings of one identifier are one resource, and tokens have the registered spelling (RFC 3986 §6.2.3)', async () => {
    const { server, world, app, codeFor } = await begin({ protocol: { refresh: 'always' } })
    const registered = ['https://slashed.example.com/', 'https://bare.example.com']
    for (const identifier of registered) {
      const resource = await makeResource(server, world.directory.uid, { identifier, tokenFormat: 'jwt' })
      const bare = identifier.replace(/\/$/, '')
      const spellings = [
        bare,
        `${bare}/`,
        `${bare}:443`,
        `${bare.replace('https://', 'HTTPS://').replace('example', 'Example')}/`,
      ]
      for (const spelling of spellings) {
        const { access_token: token } = await read(ask(server, app, await codeFor([spelling])))
        assert.equal(payloadOf(token).aud, identifier, spelling)
        assert.equal((await read(introspect(server, resource, token))).aud, identifier, spelling)
        const again = await read(ask(server, app, await codeFor([bare, ORDERS]), [spelling, bare]))
        assert.equal(payloadOf(again.access_token).aud, identifier, spelling)
        const refreshing = { grant_type: 'refresh_token', refresh_token: again.refresh_token, resource: spelling }
        assert.equal(payloadOf((await read(askToken(server, app, refreshing))).access_token).aud, identifier)
        await assert.rejects(
          makeResource(server, null, { identifier: identifier === bare ? `${bare}/` : bare }),
          /already registered/,
        )
      }
      await isOAuthError(await ask(server, app, await codeFor([bare]), [`${bare}//`]), 400, 'invalid_target')
    }
    const { access_token: own } = await read(ask(server, app, await codeFor([`${server.origin}/`])))
    assert.equal((await userinfo(server, own)).status, 200, 'the slash of the issuer')
  })

  test('a resource that is registered again with another spelling introspects its earlier tokens', async () => {
    const { server, world, app, codeFor } = await begin()
    const first = await makeResource(server, world.directory.uid, { identifier: 'https://again.example.com' })
    const { access_token: token } = await read(ask(server, app, await codeFor([first.identifier])))
    const at = server.clock.now()
    await server.site.store.resources.end(first.uid, at, newEvent({ type: 'resource.ended', at }))
    const second = await makeResource(server, world.directory.uid, { identifier: 'https://again.example.com/' })
    assert.equal((await read(introspect(server, second, token))).active, true)
  })

  test('a pending request keeps its resources, also when it is started again', async () => {
    const { server, world, app, story } = await begin()
    const visitor = world.visitor()
    await visitor.open(pathFor(app, [ORDERS, TOOLS]))
    const row = await server.site.store.events.list({ appUid: app.uid }, 1)
    assert.ok(row.length > 0)
    const { code } = await connect(story, app, undefined, { resource: TOOLS }, visitor)
    assert.equal(payloadOf((await read(ask(server, app, code))).access_token).aud, TOOLS)
  })
})
