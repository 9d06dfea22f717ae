import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { listeningSite } from '../parts/listening-site.ts'
import { makeWorld } from '../parts/world.ts'

const server = await listeningSite()
const world = await makeWorld(server)
const app = await world.makeApp()

/** Sends bytes unchanged. Returns all bytes that came back until the server closed the connection or sent nothing more. */
function say(text: string, silence = 400): Promise<{ received: string; isClosed: boolean }> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(server.port, '127.0.0.1')
    const finish = (isClosed: boolean) => {
      socket.destroy()
      resolve({ received, isClosed })
    }
    socket.setEncoding('latin1').setTimeout(silence)
    socket.on('data', (piece) => {
      received += piece
    })
    socket.on('timeout', () => finish(false))
    socket.on('close', () => finish(true))
    socket.on('error', () => {})
    socket.write(Buffer.from(text, 'latin1'))
  })
}

const statuses = (received: string) => [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
const HOST = `Host: 127.0.0.1:${server.port}`
const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
/** Closes the connection after this answer, so that no test waits for more. */
const LAST = 'Connection: close'
const POST = 'POST /oauth/token HTTP/1.1'
const FORM = 'Content-Type: application/x-www-form-urlencoded'
/** A second request, hidden in the body of the first from a server that reads the length differently. */
const HIDDEN = head('GET /health/live HTTP/1.1', HOST)

/** Started first, because it takes long. */
const slow = say(`GET /health/live HTTP/1.1\r\n${HOST}\r\nX: `, 20_000)

test('a request with an ambiguous length is refused, and its connection closed (RFC 9112 §6.3)', async () => {
  const ambiguous: Record<string, string> = {
    'length and chunks': `${head(POST, HOST, FORM, 'Content-Length: 6', 'Transfer-Encoding: chunked')}0\r\n\r\n${HIDDEN}`,
    'chunks and length': `${head(POST, HOST, FORM, 'Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${HIDDEN}`,
    'two lengths': head(POST, HOST, FORM, 'Content-Length: 0', `Content-Length: ${HIDDEN.length}`) + HIDDEN,
    'a list of lengths': head(POST, HOST, FORM, `Content-Length: 0, ${HIDDEN.length}`) + HIDDEN,
    'a signed length': head(POST, HOST, FORM, 'Content-Length: +0') + HIDDEN,
    'a negative length': head(POST, HOST, FORM, 'Content-Length: -1') + HIDDEN,
    'an endless length': head(POST, HOST, FORM, 'Content-Length: 99999999999999999999999') + HIDDEN,
    'a space before the colon': `${head(POST, HOST, FORM, 'Transfer-Encoding : chunked')}0\r\n\r\n${HIDDEN}`,
    'a folded header': head(POST, HOST, FORM, 'Transfer-Encoding:\r\n chunked', 'Content-Length: 4') + HIDDEN,
    'another encoding': `${head(POST, HOST, FORM, 'Transfer-Encoding: xchunked')}0\r\n\r\n${HIDDEN}`,
    'chunked twice': `${head(POST, HOST, FORM, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n${HIDDEN}`,
    'a chunk of no size': `${head(POST, HOST, FORM, 'Transfer-Encoding: chunked')}x\r\n${HIDDEN}`,
    'bare line feeds': `${POST}\n${HOST}\nContent-Length: 0\n\n${HIDDEN}`,
    'bare line feeds in chunks': `${head(POST, HOST, FORM, 'Transfer-Encoding: chunked')}1\na\n0\n\n${HIDDEN}`,
    'a bare carriage return': head(POST, HOST, `X: a\rContent-Length: ${HIDDEN.length}`) + HIDDEN,
    'NUL in a header': head(POST, HOST, 'X: a\0b') + HIDDEN,
    'a header without a name': head(POST, HOST, ': x') + HIDDEN,
    'no HTTP at all': `\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${HIDDEN}`,
    'another version': head('GET /health/live HTTP/9.9', HOST) + HIDDEN,
  }
  for (const [what, bytes] of Object.entries(ambiguous)) {
    const { received, isClosed } = await say(bytes)
    const answers = statuses(received)
    assert.ok(isClosed, `${what}: closed, after ${received.slice(0, 200)}`)
    assert.equal(answers.filter((status) => status === 200).length, 0, `${what}: ${received}`)
    assert.ok(answers.length <= 1 && (answers[0] ?? 400) < 500, `${what}: ${answers}`)
  }
})

test('oversized headers get 431, and what follows them is not read (RFC 6585 §5)', async () => {
  const large = [`X: ${'a'.repeat(100_000)}`, ...Array.from({ length: 3000 }, (_, index) => `X-${index}: y`)]
  for (const lines of [large.slice(0, 1), large.slice(1), [`Cookie: ${'a=b; '.repeat(5000)}`]]) {
    const { received, isClosed } = await say(head('GET /health/live HTTP/1.1', HOST, ...lines) + HIDDEN)
    assert.deepEqual([statuses(received), isClosed], [[431], true])
  }
  const { received } = await say(head(`GET /oauth/authorize?state=${'x'.repeat(100_000)} HTTP/1.1`, HOST))
  assert.deepEqual(statuses(received), [431])
})

test('a request needs exactly one valid Host (RFC 9112 §3.2)', async () => {
  assert.deepEqual(statuses((await say(head('GET /health/live HTTP/1.1'))).received), [400])
  for (const host of ['a b', 'a/b', 'a?b', 'a#b', 'a@b', '[::1', ':80', 'a:99999', '%00', 'a\\b', '\xff']) {
    const { received } = await say(head('GET /login HTTP/1.1', `Host: ${host}`, LAST))
    assert.ok((statuses(received)[0] ?? 400) < 500, `${host}: ${received.slice(0, 100)}`)
    assert.ok(!received.includes('evil'))
  }
  const old = await say(head('GET /health/live HTTP/1.0'))
  assert.ok(/^HTTP\/1\.1 (200|400)/.test(old.received) && old.isClosed, old.received)
  const twice = await say(head('GET /login HTTP/1.1', HOST, 'Host: evil.example', LAST))
  assert.deepEqual(statuses(twice.received), [400])
  const absolute = await say(head(`GET http://evil.example/.well-known/openid-configuration HTTP/1.1`, HOST, LAST))
  assert.match(absolute.received, new RegExp(`"issuer":"${server.origin}"`))
  assert.ok(!absolute.received.includes('evil.example'))
  for (const line of [
    'CONNECT evil.example:443 HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'GET evil HTTP/1.1',
    'GET \\evil HTTP/1.1',
  ]) {
    const { received } = await say(head(line, HOST, LAST))
    assert.ok(
      statuses(received).every((status) => status >= 400 && status < 500),
      `${line}: ${received}`,
    )
  }
})

test('a header that matters for security may be sent only once (RFC 9110 §5.3)', async () => {
  const length = 'Content-Length: 0'
  const { received: twoTokens } = await say(
    head('GET /oauth/userinfo HTTP/1.1', HOST, 'Authorization: Bearer a', 'authorization: Bearer b', LAST),
  )
  assert.match(twoTokens, /^HTTP\/1\.1 400 [\s\S]*"error":"invalid_request"/)
  const basics = [`Authorization: Basic ${btoa(`${app.clientId}:${app.secret}`)}`, 'Authorization: Basic eDp5']
  assert.match(
    (await say(head(POST, HOST, FORM, length, LAST, ...basics))).received,
    /^HTTP\/1\.1 400 [\s\S]*"invalid_request"/,
  )
  const types = [FORM, 'Content-Type: application/json', 'Content-Length: 2']
  assert.match(
    (await say(`${head(POST, HOST, LAST, ...types)}{}`)).received,
    /^HTTP\/1\.1 400 [\s\S]*"invalid_request"/,
  )
})

test('pipelined requests are answered in order, each with its own answer (RFC 9112 §9.3.2)', async () => {
  const last = head('GET /health/live HTTP/1.1', HOST, LAST)
  const middle = `${head(POST, HOST, FORM, 'Content-Length: 3')}a=b`
  const { received } = await say(HIDDEN + head('GET /nothing HTTP/1.1', HOST) + middle + last)
  assert.deepEqual(statuses(received), [200, 404, 400, 200])
  const upgrade = head(
    'GET /health/live HTTP/1.1',
    HOST,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: eA==',
  )
  assert.deepEqual(statuses((await say(upgrade)).received), [200], 'nothing here can be upgraded')
  const { received: strange } = await say(head('GET /health/live HTTP/1.1', HOST, 'Expect: the-unexpected', LAST))
  assert.deepEqual(statuses(strange), [417])
  const patient = head(POST, HOST, FORM, 'Expect: 100-continue', 'Content-Length: 3', LAST)
  assert.deepEqual(statuses((await say(`${patient}a=b`)).received), [100, 400])
})

test('a body that is declared too large is refused before it is read, and an endless one when it is too large (RFC 9110 §15.5.14)', async () => {
  const claimed = await say(head(POST, HOST, FORM, 'Content-Length: 1000000000'))
  assert.match(claimed.received, /^HTTP\/1\.1 413 [\s\S]*"error":"invalid_request"/)
  assert.ok(claimed.isClosed)

  const sent = await new Promise<{ bytes: number; status: number }>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const options = { port: server.port, host: '127.0.0.1', path: '/oauth/token', method: 'POST', headers }
    const piece = Buffer.alloc(16_384, 'x')
    let [bytes, status] = [0, 0]
    const endless = request(options)
    const write = () => {
      while (!endless.destroyed && endless.write(piece)) bytes += piece.length
      bytes += piece.length
      if (bytes > 200_000_000) reject(new Error('The server goes on reading.'))
    }
    endless.on('drain', write)
    endless.on('response', (response) => {
      status = response.statusCode!
      response.resume()
    })
    endless.on('error', () => {})
    endless.on('close', () => resolve({ bytes, status }))
    write()
  })
  assert.ok(sent.bytes < 20_000_000, `${sent.bytes} bytes went out before the connection closed`)
  assert.ok([413, 0].includes(sent.status), String(sent.status))
  assert.equal((await server.fetch('/health/live')).status, 200)
})

test('two hundred clients that stop in the middle of a request delay no other client', async () => {
  const stalled: Socket[] = []
  for (const text of [
    'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Le',
    head(POST, HOST, FORM, 'Content-Length: 50000'),
  ])
    for (let count = 0; count < 100; count++) {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(text)
      stalled.push(socket)
    }
  try {
    await Promise.all(stalled.map((socket) => socket.connecting && once(socket, 'connect')))
    for (let count = 0; count < 20; count++) assert.equal((await server.fetch('/health/ready')).status, 200)
    assert.ok(
      stalled.some((socket) => !socket.destroyed),
      'the other clients were answered while these still waited',
    )
  } finally {
    for (const socket of stalled) socket.destroy()
  }
})

test('a connection that sends its headers slowly is closed (RFC 9110 §15.5.9)', async () => {
  const { received, isClosed } = await slow
  assert.deepEqual([statuses(received), isClosed], [[408], true])
})
