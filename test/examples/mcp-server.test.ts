import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { auth, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { startMcpServer } from '../../examples/mcp-server/mcp-server.ts'
import { freePorts } from '../cli/behalf.ts'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { makeResource } from '../parts/resources.ts'
import { secureServer } from '../parts/secure-server.ts'
import { onBothEngines } from '../parts/stories.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const server = await listeningSite({
    BEHALF_REGISTRATION: 'open',
    BEHALF_CLIENT_ID_METADATA_DOCUMENTS: 'on',
    BEHALF_OUTBOUND_PRIVATE: 'on',
    ...(await databaseOf(engine)),
  })
  const world = await makeWorld(server)
  const bakery = await world.makeBusiness('Bread & Butter')
  const clinic = await world.makeBusiness('Harbour Clinic')
  await world.makePerson('dana@example.com', 'Dana Levi', [bakery])

  const port = await freePorts()
  const RESOURCE = `http://127.0.0.1:${port}/mcp`
  const resource = await makeResource(server, null, { identifier: RESOURCE, scopes: ['clients_read'] })
  const example = await startMcpServer({
    port,
    host: '127.0.0.1',
    resource: RESOURCE,
    authorizationServer: server.origin,
    clientId: resource.clientId,
    clientSecret: resource.secret,
    clients: {
      [bakery.uid]: [{ id: 'c1', first_name: 'Maya', last_name: 'Stern' }],
      [clinic.uid]: [{ id: 'c2', first_name: 'Noah', last_name: 'Katz' }],
    },
  })
  after(() => example.stop())

  const METADATA = {
    client_name: 'A helpful assistant',
    redirect_uris: ['http://127.0.0.1:51234/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  }
  const documents = await secureServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...METADATA, client_id: `${documents.origin}${request.url}` }))
  })

  /** What an assistant stores, and where it was redirected. */
  function assistant(clientMetadataUrl?: string) {
    const memory: { information?: unknown; tokens?: unknown; verifier?: string; sentTo?: URL } = {}
    const provider = {
      redirectUrl: METADATA.redirect_uris[0]!,
      clientMetadata: METADATA,
      ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }),
      clientInformation: () => memory.information,
      saveClientInformation: (information: unknown) => {
        memory.information = information
      },
      tokens: () => memory.tokens,
      saveTokens: (tokens: unknown) => {
        memory.tokens = tokens
      },
      redirectToAuthorization: (url: URL) => {
        memory.sentTo = url
      },
      saveCodeVerifier: (verifier: string) => {
        memory.verifier = verifier
      },
      codeVerifier: () => memory.verifier!,
    } as OAuthClientProvider
    return { memory, provider }
  }

  describe('the official client of the Model Context Protocol', () => {
    for (const [way, url] of [
      ['by its metadata document', `${documents.origin}/assistant/client.json`],
      ['by dynamic registration', undefined],
    ] as const) {
      test(`registers ${way}, is allowed by the person, and sees only this business`, async () => {
        const { memory, provider } = assistant(url)
        assert.equal(await auth(provider, { serverUrl: RESOURCE }), 'REDIRECT')
        const sentTo = memory.sentTo!
        assert.equal(sentTo.searchParams.get('resource'), RESOURCE)
        assert.equal(sentTo.searchParams.get('client_id') === url, url !== undefined)

        const visitor = world.visitor()
        await visitor.open(sentTo.pathname + sentTo.search)
        await visitor.signIn('dana@example.com', PASSWORD)
        assert.match(visitor.place.html, /127\.0\.0\.1/, 'the dialog shows where the browser goes')
        if (url) assert.match(visitor.place.html, /localhost/, 'the dialog shows whose document it is')
        await visitor.allow()
        const code = visitor.place.away!.searchParams.get('code')!
        assert.equal(await auth(provider, { serverUrl: RESOURCE, authorizationCode: code }), 'AUTHORIZED')

        const call = async () => {
          const client = new Client({ name: 'assistant', version: '1' })
          const transport = new StreamableHTTPClientTransport(new URL(RESOURCE), { authProvider: provider })
          await client.connect(transport as Parameters<Client['connect']>[0])
          const answer = await client.callTool({ name: 'list_clients', arguments: {} })
          await client.close()
          return JSON.stringify(answer.content)
        }
        const clients = await call()
        assert.match(clients, /Maya/)
        assert.doesNotMatch(clients, /Noah/)

        const before = (memory.tokens as { refresh_token: string }).refresh_token
        assert.equal(await auth(provider, { serverUrl: RESOURCE }), 'AUTHORIZED', 'it refreshes automatically')
        assert.notEqual((memory.tokens as { refresh_token: string }).refresh_token, before)
        assert.match(await call(), /Maya/)
      })
    }

    test('an assistant in a browser may come from any origin (Fetch §4.8)', async () => {
      const asked = ['authorization', 'content-type', 'mcp-protocol-version']
      const preflight = await fetch(RESOURCE, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://assistant.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': asked.join(','),
        },
      })
      assert.equal(preflight.status, 204)
      const allowed = preflight.headers.get('access-control-allow-headers')!.toLowerCase().split(', ')
      assert.ok(asked.every((name) => allowed.includes(name)))
      for (const response of [preflight, await fetch(RESOURCE, { method: 'POST' })]) {
        assert.equal(response.headers.get('access-control-allow-origin'), '*')
        assert.equal(response.headers.get('access-control-allow-credentials'), null)
      }
    })

    test('the server names its authorization server, and refuses tokens for another resource', async () => {
      const bare = await fetch(RESOURCE, { method: 'POST' })
      assert.equal(bare.status, 401)
      const said = bare.headers.get('www-authenticate')!
      assert.match(said, /scope="clients_read"/)
      const described = await fetch(/resource_metadata="([^"]+)"/.exec(said)![1]!)
      const metadata = (await described.json()) as Record<string, unknown>
      assert.deepEqual([metadata.resource, metadata.authorization_servers], [RESOURCE, [server.origin]])

      const app = await world.makeApp({
        trusted: true,
        redirectUri: 'http://127.0.0.1/callback',
        scopes: ['clients_read'],
      })
      const visitor = world.visitor()
      await visitor.open(`/oauth/authorize?client_id=${app.clientId}&response_type=code`)
      await visitor.signIn('dana@example.com', PASSWORD)
      const code = visitor.place.away!.searchParams.get('code')!
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: app.clientId,
        client_secret: app.secret,
        code,
      })
      const answer = await server.fetch('/oauth/token', { method: 'POST', body })
      const { access_token: token } = (await answer.json()) as { access_token: string }
      const refused = await fetch(RESOURCE, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
      assert.equal(refused.status, 401)
      assert.match(refused.headers.get('www-authenticate')!, /error="invalid_token"/)
    })
  })
})
