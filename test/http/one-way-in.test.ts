import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { openServer } from '../../src/server.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { openLine } from '../parts/line.ts'
import { listeningSite } from '../parts/listening-site.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

const server = await listeningSite()
const world = await makeWorld(server)
const bakery = await world.makeBusiness('Bäckerei „Zum 🥐“')
await world.makePerson('dana@example.com', 'דנה לוי', [bakery])
const app = await world.makeApp({ trusted: true })

const visitor = world.visitor()
await visitor.open(authorizationPath(app))
await visitor.signIn('dana@example.com', PASSWORD)
const { code } = visitor.answer()

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: FORM,
  body: `${new URLSearchParams({ client_id: app.clientId, client_secret: app.secret, ...fields })}`,
})
const mounted = openServer(server.site)

test('an endpoint answers equally on a connection, mounted in another server, and in every spelling of its path', async () => {
  const line = openLine(server.origin)
  const given = form({ grant_type: 'authorization_code', code: code!, redirect_uri: app.redirectUri })
  const { access_token: token } = (await (await line.ask('/oauth/token', given)).json()) as { access_token: string }
  const bearer = { headers: { authorization: `Bearer ${token}` } }
  const asked: [string, RequestInit][] = [
    ['/oauth/userinfo', bearer],
    ['/oauth/userinfo', {}],
    ['/oauth/userinfo', { ...bearer, method: 'POST' }],
    ['/oauth/introspect', form({ token })],
    ['/oauth/introspect', form({ token: 'nonsense' })],
    ['/oauth/token', form({ grant_type: 'authorization_code' })],
    ['/oauth/token', form({ grant_type: 'nonsense' })],
    ['/oauth/token', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }],
    ['/platform/v1/apps', {}],
    ['/oauth/register/%2e%2e%2f', { method: 'DELETE' }],
  ]
  for (const [path, init] of asked) {
    const there = await mounted.fetch(new Request(server.origin + path, init))
    const expected = await stableParts(there)
    for (const spelling of [path, `/${path}`, `${path}?unknown=1`])
      assert.deepEqual(
        await stableParts(await line.ask(spelling, init)),
        expected,
        `${init.method ?? 'GET'} ${spelling}`,
      )
  }
  const here = await line.ask('/oauth/userinfo', bearer)
  const text = await here.text()
  assert.equal(here.headers.get('content-length'), String(Buffer.byteLength(text)))
  assert.deepEqual([JSON.parse(text).business_name, JSON.parse(text).name], ['Bäckerei „Zum 🥐“', 'דנה לוי'])
  line.hangUp()
})

test('a server that mounts this one may have read the body before', async (t) => {
  const outer = new Hono()
  outer.use(async (c, next) => {
    await c.req.raw.clone().text()
    await next()
  })
  outer.mount('/', (request, env) => mounted.fetch(request, env), { replaceRequest: (request) => request })
  const outside = createServer(getRequestListener((request, env) => outer.fetch(request, env)))
  await once(outside.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    outside.closeAllConnections()
    outside.close()
  })
  const { port } = outside.address() as AddressInfo
  const asked = { ...form({ grant_type: 'nonsense' }), signal: AbortSignal.timeout(10_000) }
  const answer = await fetch(`http://127.0.0.1:${port}/oauth/token`, asked)
  assert.deepEqual([answer.status, ((await answer.json()) as { error: string }).error], [400, 'unsupported_grant_type'])
})

test('mounted, the server stops reading a body that is too large, and survives one that was used up', async () => {
  let pulls = 0
  const endless = new ReadableStream({
    async pull(controller) {
      pulls++
      await new Promise(setImmediate)
      controller.enqueue(new Uint8Array(16_384))
    },
  })
  const post = (body: ReadableStream | string) => ({ method: 'POST', headers: FORM, body, duplex: 'half' as const })
  const large = await mounted.fetch(new Request(`${server.origin}/oauth/token`, post(endless)))
  assert.equal(large.status, 413)
  const atAnswer = pulls
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.ok(pulls < atAnswer + 10, `${pulls} pulls, ${atAnswer} when the answer came`)

  const used = new Request(`${server.origin}/oauth/token`, post('grant_type=x'))
  await used.text()
  assert.equal((await mounted.fetch(used)).status, 400)
})

test('mounted, the answer to HEAD has no body (RFC 9110 §9.3.2)', async () => {
  const answer = await mounted.fetch(new Request(`${server.origin}/oauth/jwks`, { method: 'HEAD' }))
  assert.deepEqual([answer.status, await answer.text()], [200, ''])
})

test('a body that is refused unread, or is too large, ends the connection', async () => {
  const refused = await send('POST /oauth/userinfo HTTP/1.1', 'Content-Type: text/plain', 'Content-Length: 60000')
  assert.match(refused, /^HTTP\/1\.1 401 .*\r\nconnection: close\r\n/is)
  const large = await send(
    'POST /oauth/introspect HTTP/1.1',
    `Content-Type: ${FORM['content-type']}`,
    'Content-Length: 9999999',
  )
  assert.match(large, /^HTTP\/1\.1 413 .*\r\nconnection: close\r\n/is)
})

test('a Host header that is not a host is refused at every path (RFC 9112 §3.2)', async () => {
  const paths = ['/.well-known/openid-configuration', '/oauth/jwks', '/platform/v1/apps', '/login', '/nothing']
  for (const path of paths) {
    for (const host of ['a b', 'a/b', 'a@b', 'a?b', 'a\\b']) {
      const answer = await send(`GET ${path} HTTP/1.1`, 'Connection: close', `Host: ${host}`)
      assert.match(answer, /^HTTP\/1\.1 400 /, `${path} ${host}`)
    }
    const usual = await send(`GET ${path} HTTP/1.1`, 'Connection: close', 'Host: [::1]:7200')
    assert.doesNotMatch(usual, /^HTTP\/1\.1 400 /, path)
  }
})

test('a client that disconnects half-way leaves nothing behind, and no error in the log', async () => {
  const before = server.logged.length
  const socket = connect(server.port, '127.0.0.1')
  const request = `POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM['content-type']}\r\nContent-Length: 500\r\n\r\ngrant_type=auth`
  // On a busy machine the connection may take a while.
  await new Promise((resolve) => socket.write(request, resolve))
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  for (let tries = 0; tries < 100 && server.logged.length === before; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  const said = server.logged.slice(before).map((line) => JSON.parse(line))
  assert.deepEqual(
    said.filter(({ msg }) => msg !== 'answered').map(({ level, check }) => [level, check]),
    [['info', 'body.broken-off']],
  )
})

test('an unknown path is refused as JSON below the paths of programs, and as a page elsewhere', async () => {
  const at = async (path: string) => {
    const answer = await mounted.fetch(new Request(server.origin + path))
    assert.equal(answer.status, 404, path)
    assert.equal(answer.headers.get('cache-control'), 'no-store', path)
    return { type: answer.headers.get('content-type')!, text: await answer.text() }
  }
  for (const path of ['/oauth', '/oauth/nothing', '/oauth/token/', '/.well-known/nothing'])
    assert.equal(JSON.parse((await at(path)).text).error, 'invalid_request', path)
  for (const path of ['/platform', '/platform/v1/nothing', '/platform/v1/apps/a/b/c', '/v3', '/v3/Users'])
    assert.equal(JSON.parse((await at(path)).text).status, 'Error', path)
  for (const path of ['/nothing', '/oauthx', '/login/', '/v30', '/assets/nothing'])
    assert.match((await at(path)).type, /^text\/html/, path)
})

test('the declaration of an endpoint determines the answers to HEAD, OPTIONS and other methods', async () => {
  const allowed = async (path: string, method: string) => {
    const answer = await mounted.fetch(new Request(server.origin + path, { method }))
    return [answer.status, answer.headers.get('allow') ?? answer.headers.get('access-control-allow-methods')]
  }
  assert.deepEqual(await allowed('/oauth/jwks', 'HEAD'), [200, null])
  assert.deepEqual(await allowed('/oauth/authorize', 'HEAD'), [405, 'GET, POST'])
  assert.deepEqual(await allowed('/app/oauth/authorize', 'PUT'), [405, 'GET, POST'])
  assert.deepEqual(await allowed('/oauth/authorize', 'OPTIONS'), [405, 'GET, POST'])
  assert.deepEqual(await allowed('/oauth/token', 'OPTIONS'), [204, 'POST, OPTIONS'])
  assert.deepEqual(await allowed('/oauth/token', 'GET'), [405, 'POST, OPTIONS'])
  assert.deepEqual(await allowed('/platform/v1/apps', 'PATCH'), [405, 'POST, GET'])
})

/** The parts of a response that are equal every time. */
async function stableParts(answer: Response) {
  const { reference: _, ...body } = (await answer.json()) as Record<string, unknown>
  const headers = [...answer.headers].filter(([name]) => !/^(date|connection|keep-alive|content-length)$/.test(name))
  return { status: answer.status, headers: Object.fromEntries(headers), body }
}

/** Sends the head of a request without a body, with a Host header if it has none. Returns what came back until the server closed the connection. */
function send(...lines: string[]): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(server.port, '127.0.0.1')
    socket.on('data', (piece) => {
      received += piece
    })
    socket.on('close', () => resolve(received))
    socket.on('error', () => {})
    const host = lines.some((line) => line.startsWith('Host:')) ? [] : ['Host: x']
    socket.write(`${[...lines, ...host].join('\r\n')}\r\n\r\n`)
  })
}
