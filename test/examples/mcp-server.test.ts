import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { auth, type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { startMcpServer } from '../../examples/mcp-server/mcp-server.ts'
import { freePorts } from '../cli/behalf.ts'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { makeResource } from '../parts/resources.ts'
import { secureServer } from '../parts/secure-server.ts'
import { makeFolder } from '../parts/server-process.ts'
import { onBothEngines } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
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
  const resource = await makeResource(server, null, {
    identifier: RESOURCE,
    scopes: ['clients_read', 'clients_create'],
  })
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
  /** An assistant that gets no refresh tokens. */
  const WITHOUT_REFRESH = { ...METADATA, grant_types: ['authorization_code'], scope: 'clients_read' }
  const documents = await secureServer((request, response) => {
    const document = request.url?.includes('without-refresh') ? WITHOUT_REFRESH : METADATA
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...document, client_id: `${documents.origin}${request.url}` }))
  })

  /** What an assistant stores, how often it registered, and where it was redirected. */
  function assistant(clientMetadataUrl?: string, clientMetadata: object = METADATA) {
    const memory: { information?: unknown; saved: number; tokens?: unknown; verifier?: string; sentTo?: URL } = {
      saved: 0,
    }
    const provider = {
      redirectUrl: METADATA.redirect_uris[0]!,
      clientMetadata,
      ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }),
      clientInformation: () => memory.information,
      saveClientInformation: (information: { client_id: string }) => {
        if (information.client_id !== (memory.information as typeof information | undefined)?.client_id) memory.saved++
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

  /** Runs the work with a connected client, as an assistant does. */
  async function withClient<T>(provider: OAuthClientProvider, work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ name: 'assistant', version: '1' })
    const transport = new StreamableHTTPClientTransport(new URL(RESOURCE), { authProvider: provider })
    try {
      await client.connect(transport as Parameters<Client['connect']>[0])
      return await work(client)
    } finally {
      await client.close()
    }
  }
  const listClients = (client: Client) => client.callTool({ name: 'list_clients', arguments: {} })
  const addClient = (client: Client) =>
    client.callTool({ name: 'add_client', arguments: { first_name: 'Ines', last_name: 'Prat' } })
  const isUnauthorized = (error: Error) => error instanceof UnauthorizedError

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

        const call = async () => JSON.stringify((await withClient(provider, listClients)).content)
        const clients = await call()
        assert.match(clients, /Maya/)
        assert.doesNotMatch(clients, /Noah/)

        const before = (memory.tokens as { refresh_token: string }).refresh_token
        assert.equal(await auth(provider, { serverUrl: RESOURCE }), 'AUTHORIZED', 'it refreshes automatically')
        assert.notEqual((memory.tokens as { refresh_token: string }).refresh_token, before)
        assert.match(await call(), /Maya/)
      })
    }

    test('mcp-remote registers itself and lists clients, also after a restart with another port (RFC 8252 §7.3)', async () => {
      const folder = makeFolder()
      const proxy = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js')
      const run = async (callbackPort: number) => {
        const client = new Client({ name: 'assistant', version: '1' })
        // Without a PATH, it finds no browser to open, and prints the link.
        const transport = new StdioClientTransport({
          command: process.execPath,
          args: [proxy, RESOURCE, String(callbackPort)],
          env: { MCP_REMOTE_CONFIG_DIR: folder, HOME: folder, PATH: '' },
          stderr: 'pipe',
        })
        let said = ''
        const visits: Promise<unknown>[] = []
        transport.stderr!.on('data', (piece) => {
          said += piece
          const link = /by visiting:\s+(\S+)\n/.exec(said)?.[1]
          if (link && visits.length === 0) visits.push(allow(new URL(link)))
        })
        try {
          await client.connect(transport as Parameters<Client['connect']>[0])
          assert.match(JSON.stringify((await listClients(client)).content), /Maya/)
        } catch (error) {
          throw new Error(said, { cause: error })
        } finally {
          await Promise.all(visits)
          await client.close()
        }
        const [link] = /\S+redirect_uri=\S+/.exec(said)!
        return new URL(link).searchParams
      }
      const allow = async ({ pathname, search }: URL) => {
        const visitor = world.visitor()
        await visitor.open(pathname + search)
        await visitor.signIn('dana@example.com', PASSWORD)
        await visitor.allow()
        await fetch(visitor.place.away!)
      }
      const ports = await freePorts()
      for (const each of [ports, ports + 100]) {
        const redirectUri = (await run(each)).get('redirect_uri')
        assert.equal(redirectUri, `http://localhost:${each}/oauth/callback`)
        for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
          if (/tokens\.json$/.test(file)) rmSync(join(folder, file))
      }
    })

    for (const [way, url] of [
      ['has a metadata document', `${documents.origin}/without-refresh/client.json`],
      ['registered itself', undefined],
    ] as const) {
      test(`asks for more after insufficient_scope without registering again, if it ${way} (RFC 6750 §3.1)`, async () => {
        const { memory, provider } = assistant(url, WITHOUT_REFRESH)
        const visitor = world.visitor()
        /** Opens the authorization URL that the client was redirected to, and returns the text of the permission dialog. */
        const openDialog = async () => {
          const { pathname, search } = memory.sentTo!
          let place = await visitor.open(pathname + search)
          if (place.url.includes('/login?')) place = await visitor.signIn('dana@example.com', PASSWORD)
          assert.match(place.url, /\/login\/consent/)
          return text(place.html)
        }
        const finish = (code: string) => auth(provider, { serverUrl: RESOURCE, authorizationCode: code })

        await assert.rejects(withClient(provider, listClients), isUnauthorized)
        assert.equal(memory.sentTo!.searchParams.get('scope'), 'clients_read', 'what it needs first')
        const clientId = memory.sentTo!.searchParams.get('client_id')
        assert.doesNotMatch(await openDialog(), /Add clients/)
        await visitor.allow()
        assert.equal(await finish(visitor.answer().code!), 'AUTHORIZED')
        const first = memory.tokens as { scope: string; refresh_token?: string }
        assert.deepEqual([first.scope, first.refresh_token], ['clients_read', undefined])
        await withClient(provider, listClients)

        await assert.rejects(withClient(provider, addClient), isUnauthorized)
        const { searchParams } = memory.sentTo!
        assert.deepEqual(
          [searchParams.get('scope'), searchParams.get('client_id')],
          ['clients_read clients_create', clientId],
        )
        assert.match(await openDialog(), /Add clients/, 'a person decides')
        await visitor.deny()
        assert.equal(visitor.answer().error, 'access_denied')
        await withClient(provider, listClients)

        await assert.rejects(withClient(provider, addClient), isUnauthorized)
        await openDialog()
        await visitor.allow()
        assert.equal(await finish(visitor.answer().code!), 'AUTHORIZED')
        assert.equal((memory.tokens as { scope: string }).scope, 'clients_read clients_create')
        assert.match(JSON.stringify(await withClient(provider, addClient)), /Ines/)
        assert.match(JSON.stringify(await withClient(provider, listClients)), /Ines/)
        assert.equal(memory.saved, 1, 'it registered once')
      })
    }

    test('a client with a refresh token refreshes first; then it starts over with the scopes it needs', async () => {
      const { memory, provider } = assistant()
      const visitor = world.visitor()
      const connect = async (scope: string) => {
        assert.equal(await auth(provider, { serverUrl: RESOURCE, scope }), 'REDIRECT')
        const place = await visitor.open(memory.sentTo!.pathname + memory.sentTo!.search)
        if (place.url.includes('/login?')) await visitor.signIn('dana@example.com', PASSWORD)
        await visitor.allow()
        await auth(provider, { serverUrl: RESOURCE, authorizationCode: visitor.answer().code! })
      }
      await connect('clients_read')
      await assert.rejects(withClient(provider, addClient), { code: 403 })
      memory.tokens = undefined
      await connect('clients_read clients_create')
      assert.match(JSON.stringify(await withClient(provider, addClient)), /Ines/)
      assert.equal(memory.saved, 1, 'it registered once')
    })

    test('the server refuses bodies that are too large or no JSON, and checks every call of a batch', async () => {
      const { memory, provider } = assistant()
      await auth(provider, { serverUrl: RESOURCE, scope: 'clients_read' })
      const visitor = world.visitor()
      await visitor.open(memory.sentTo!.pathname + memory.sentTo!.search)
      await visitor.signIn('dana@example.com', PASSWORD)
      await visitor.allow()
      await auth(provider, { serverUrl: RESOURCE, authorizationCode: visitor.answer().code! })
      const { access_token: token } = memory.tokens as { access_token: string }
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const statusOf = async (body: string) => (await fetch(RESOURCE, { method: 'POST', headers, body })).status
      assert.equal(await statusOf('{'), 400)
      assert.equal(await statusOf(JSON.stringify({ x: 'x'.repeat(1_100_000) })), 413)
      const call = (name: string) => ({ jsonrpc: '2.0', id: name, method: 'tools/call', params: { name } })
      assert.equal(await statusOf(JSON.stringify([call('list_clients'), call('add_client')])), 403)
    })

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
