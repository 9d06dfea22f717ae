import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startPlatformApi } from '../../examples/platform-api/platform-api.ts'
import { freePorts } from '../cli/behalf.ts'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { askToken, CLIENT_CREDENTIALS, makeResource } from '../parts/resources.ts'
import { onBothEngines } from '../parts/stories.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

onBothEngines((engine) => {
  test('the sample API accepts tokens for itself, and refuses tokens for another API', async () => {
    const server = await listeningSite(await databaseOf(engine))
    const world = await makeWorld(server)
    const bakery = await world.makeBusiness('Bakery')
    await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
    const port = await freePorts()
    const client = { id: 'c1', first_name: 'Maya', last_name: 'Stern', email: 'maya@example.com' }
    const settings = {
      port,
      host: '127.0.0.1',
      authorizationServer: server.origin,
      clients: { [bakery.uid]: [client] },
    }
    const api = await startPlatformApi(settings)
    after(() => api.stop())

    const app = await world.makeApp({ ...CLIENT_CREDENTIALS, trusted: true })
    const { identifier } = await makeResource(server, null, { identifier: 'https://other.example.com' })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app))
    await visitor.signIn('dana@example.com', PASSWORD)
    const tokenFor = async (parameters: Record<string, string>) => {
      await visitor.open(authorizationPath(app, parameters))
      return (await read(exchange(server, app, visitor.answer().code!))).access_token as string
    }
    const call = (token: string) =>
      fetch(`http://127.0.0.1:${port}/platform/v1/clients`, { headers: { authorization: `Bearer ${token}` } })

    const right = await call(await tokenFor({}))
    assert.deepEqual((await read(right)).data.clients, [client])
    const { access_token: alone } = await read(askToken(server, app, { grant_type: 'client_credentials' }))
    const refused: [string, string, number][] = [
      ['for another API', await tokenFor({ resource: identifier }), 403],
      ['for another API, without openid', await tokenFor({ resource: identifier, scope: 'clients_read' }), 401],
      ['own token of an app', alone, 401],
    ]
    for (const [what, token, status] of refused) assert.equal((await call(token)).status, status, what)
  })
})
