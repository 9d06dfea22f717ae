import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolMode, PublicClientApplication } from '@azure/msal-node'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { secureServer } from '../parts/secure-server.ts'
import { onBothEngines } from '../parts/stories.ts'
import type { Engine } from '../parts/test-site.ts'
import type { Form } from '../parts/visitor.ts'
import { makeWorld, PASSWORD, type World } from '../parts/world.ts'

/** A server with an issuer of this path, behind a proxy with a certificate, because MSAL connects to https only. */
async function secureWorld(path: string, engine: Engine): Promise<{ world: World; issuer: string }> {
  let port = 0
  const proxy = await secureServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    const url = `http://127.0.0.1:${port}${request.url}`
    const answer = await fetch(url, { method: request.method!, headers, ...body })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(await answer.text())
  })
  const issuer = proxy.origin + path
  const server = await listeningSite({ BEHALF_ISSUER: issuer, ...(await databaseOf(engine)) })
  port = server.port
  const world = await makeWorld({ ...server, origin: proxy.origin })
  await world.makePerson('dana@example.com', 'Dana Levi', [await world.makeBusiness('Bread & Butter')])
  return { world, issuer }
}

/** Signs in twice with MSAL, on ports that it chooses, and refreshes in between. */
async function signInWithMsal({ world, issuer }: { world: World; issuer: string }): Promise<void> {
  const app = await world.makeApp({
    redirectUri: 'http://localhost',
    public: true,
    scopes: ['openid', 'profile', 'email', 'clients_read'],
  })
  const client = new PublicClientApplication({
    auth: { clientId: app.clientId, authority: issuer, knownAuthorities: [new URL(issuer).host] },
    system: { protocolMode: ProtocolMode.OIDC },
  })
  const ports: string[] = []
  const signIn = () =>
    client.acquireTokenInteractive({
      scopes: ['clients_read'],
      async openBrowser(link) {
        const visitor = world.visitor()
        const { pathname, search, searchParams } = new URL(link)
        ports.push(new URL(searchParams.get('redirect_uri')!).port)
        await visitor.open(pathname + search)
        await visitor.signIn('dana@example.com', PASSWORD)
        await visitor.allow()
        // MSAL asks for response_mode=form_post, so the page posts the answer to its port.
        const [{ action, fields }] = visitor.place.forms as [Form]
        assert.equal(new URL(action).port, ports.at(-1))
        await fetch(action, { method: 'POST', body: new URLSearchParams(fields) })
      },
    })
  const result = await signIn()
  assert.ok(result.accessToken && result.account)
  assert.ok(result.scopes.includes('clients_read'))
  const again = await client.acquireTokenSilent({
    account: result.account,
    scopes: ['clients_read'],
    forceRefresh: true,
  })
  assert.notEqual(again.accessToken, result.accessToken)
  await signIn()
  assert.equal(ports.length, 2)
  assert.ok(
    ports.every((each) => Number(each) > 1024),
    'never the registered port',
  )
}

onBothEngines(async (engine) => {
  const atRoot = await secureWorld('', engine)
  const belowPath = await secureWorld('/auth', engine)

  test('msal-node: sign-in on a free port of http://localhost, and a silent refresh (RFC 8252 §7.3)', () =>
    signInWithMsal(atRoot))

  test('msal-node: the same with an issuer that has a path', () => signInWithMsal(belowPath))
})
