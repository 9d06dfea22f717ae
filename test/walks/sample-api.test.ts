import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startPlatformApi } from '../../examples/platform-api/platform-api.ts'
import { freePorts } from '../cli/behalf.ts'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { databaseOf, type ListeningSite, listeningSite } from '../parts/listening-site.ts'
import { askToken, CLIENT_CREDENTIALS, makeResource } from '../parts/resources.ts'
import { onBothEngines } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { makeWorld, PASSWORD, type TestApp } from '../parts/world.ts'

const CLIENTS = Array.from({ length: 30 }, (_, index) => ({
  id: `c${index}`,
  first_name: 'Maya',
  last_name: `Stern ${index}`,
  email: `maya${index}@example.com`,
}))

onBothEngines(async (engine) => {
  const server = await listeningSite(await databaseOf(engine))
  const world = await makeWorld(server)
  const bakery = await world.makeBusiness('Bakery')
  await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
  const port = await freePorts()
  const url = `http://127.0.0.1:${port}/platform/v1/clients`
  const clients = { [bakery.uid]: CLIENTS }
  const api = await startPlatformApi({ port, host: '127.0.0.1', authorizationServer: server.origin, clients })
  after(() => api.stop())

  const call = (token: string, query = '', init: RequestInit = {}) =>
    fetch(url + query, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })
  const idsOf = async (response: Promise<Response>) =>
    (await read(response)).data.clients.map(({ id }: { id: string }) => id)
  const ids = CLIENTS.map(({ id }) => id)

  test('an app that was registered with a name, a redirect URI and trusted only can call the sample API after the flow', async () => {
    for (const trusted of [true, false]) {
      const app = await registerApp(server, await world.makePlatformToken('directory'), trusted)
      const visitor = world.visitor()
      await visitor.open(authorizationPath(app, { state: 's' }))
      const shown = await visitor.signIn('dana@example.com', PASSWORD)
      if (!trusted) {
        assert.match(text(shown.html), /See the clients of the business/, 'the dialog says so')
        await visitor.allow()
      }
      const answer = await read(exchange(server, app, visitor.answer().code!))
      assert.deepEqual([answer.scope, answer.expires_in], ['openid profile email clients_read', 631152000])
      assert.deepEqual(await idsOf(call(answer.access_token)), ids.slice(0, 25))
    }
  })

  test('the sample API has pages, answers POST like GET, and lets pages of any origin read its answers', async () => {
    const app = await world.makeApp({ trusted: true, scopes: ['openid', 'clients_read'] })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app))
    await visitor.signIn('dana@example.com', PASSWORD)
    const { access_token: token } = await read(exchange(server, app, visitor.answer().code!))

    const posted = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    for (const init of [{}, { method: 'POST' }, posted]) {
      assert.deepEqual(await idsOf(call(token, '', init)), ids.slice(0, 25), '25 by default')
      assert.deepEqual(await idsOf(call(token, '?page=2', init)), ids.slice(25))
      assert.deepEqual(await idsOf(call(token, '?page=3&per_page=4', init)), ids.slice(8, 12))
      assert.deepEqual(await idsOf(call(token, '?per_page=100', init)), ids)
      assert.deepEqual(await idsOf(call(token, '?page=9', init)), [])
    }
    for (const query of ['?page=0', '?page=x', '?per_page=101', '?per_page=-1', '?page=1.5', '?page=99999999999'])
      assert.equal((await call(token, query)).status, 400, query)
    const put = await call(token, '', { method: 'PUT' })
    assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, HEAD, POST, OPTIONS'])

    const asked = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
    const headers = { ...asked, 'access-control-request-headers': 'authorization,baggage' }
    const preflight = await fetch(url, { method: 'OPTIONS', headers })
    assert.deepEqual(
      ['origin', 'methods', 'headers'].map((name) => preflight.headers.get(`access-control-allow-${name}`)),
      ['*', 'GET, HEAD, POST', 'Authorization, Content-Type, *'],
    )
    for (const answer of [await call(token), await fetch(url), await call(token, '?page=0')]) {
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      assert.equal(answer.headers.get('access-control-expose-headers'), 'WWW-Authenticate, Retry-After')
    }
  })

  test('the sample API accepts tokens for itself, and refuses tokens for another API', async () => {
    const app = await world.makeApp({ ...CLIENT_CREDENTIALS, trusted: true })
    const { identifier } = await makeResource(server, null, { identifier: 'https://other.example.com' })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app))
    await visitor.signIn('dana@example.com', PASSWORD)
    const tokenFor = async (parameters: Record<string, string>) => {
      await visitor.open(authorizationPath(app, parameters))
      return (await read(exchange(server, app, visitor.answer().code!))).access_token as string
    }
    assert.equal((await call(await tokenFor({}))).status, 200)
    const { access_token: alone } = await read(askToken(server, app, { grant_type: 'client_credentials' }))
    const refused: [string, string, number][] = [
      ['for another API', await tokenFor({ resource: identifier }), 403],
      ['for another API, without openid', await tokenFor({ resource: identifier, scope: 'clients_read' }), 401],
      ['own token of an app', alone, 401],
    ]
    for (const [what, token, status] of refused) assert.equal((await call(token)).status, status, what)
  })
})

/** Registers an app as the guide of the founding document does. */
async function registerApp(server: ListeningSite, token: string, trusted: boolean): Promise<TestApp> {
  const response = await server.fetch('/platform/v1/apps', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'My first app', redirect_uri: 'https://app.example/callback', trusted }),
  })
  const { client_id: clientId, client_secret: secret } = (await read(response)).data
  return { ...(await server.site.store.apps.findLiveByClientId(clientId))!, secret }
}
