import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { loadConfig } from '../../src/config/load.ts'
import { OutboundFault, openOutbound } from '../../src/kit/outbound.ts'
import { isPublicAddress } from '../../src/kit/public-address.ts'
import { documentServer } from '../parts/document-server.ts'

const JSON_ONLY = { accept: ['application/json'] }
const here = async () => ['127.0.0.1']
const isFault = (promise: Promise<unknown>, why: RegExp, about = '') =>
  assert.rejects(promise, (error) => error instanceof OutboundFault && why.test(error.message), about)

test('an address is public only if everyone on the internet can reach it (RFC 6890)', () => {
  const closed = [
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.1',
      '10.255.255.255',
      '100.64.0.1',
      '100.100.100.200',
      '127.0.0.1',
      '127.255.255.254',
    ],
    ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.1.1'],
    ...[
      '198.18.0.1',
      '198.19.255.255',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '239.1.1.1',
      '240.0.0.1',
      '255.255.255.255',
    ],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:169.254.169.254', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe', '::127.0.0.1'],
    ...[
      '64:ff9b::7f00:1',
      '64:ff9b:1::1',
      '100::1',
      '2001::1',
      '2001:0:4136:e378:8000:63bf:3fff:fdd2',
      '2001:2::1',
      '2001:20::1',
    ],
    ...[
      '2001:db8::1',
      '2002:7f00:1::',
      '3fff::1',
      '5f00::1',
      'fc00::1',
      'fd00:ec2::254',
      'fe80::1',
      'fe80::1%eth0',
      'fec0::1',
    ],
    ...['ff02::1', '4000::1', '2606:4700::1%eth0', 'localhost', '', '2130706433'],
  ]
  for (const address of closed) assert.equal(isPublicAddress(address), false, address)
  const open = [
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.0.1.1',
    '223.255.255.255',
  ]
  for (const address of [...open, '2606:4700:4700::1111', '2a00:1450:4001::1', '2001:200::1', '2620:fe::fe'])
    assert.equal(isPublicAddress(address), true, address)
})

test('a URL to a private address is not requested, in any notation', async () => {
  const outbound = openOutbound({ resolve: here })
  const urls = [
    ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '017700000001', '0177.0.0.1', '127.0.0.1.', '①②⑦.⓪.⓪.①'],
    ...['0', '0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '[fe80::1]', '[fd00:ec2::254]'],
    ...['169.254.169.254', '100.100.100.200', '10.0.0.1', 'localhost', 'a.localhost', 'LOCALHOST', 'localhost.'],
    ...['metadata.google.internal', 'anything.example', '127.0.0.1:443', '[::1]:8443'],
  ].map((host) => `https://${host}/jwks`)
  for (const url of urls) await isFault(outbound.get(url, JSON_ONLY), /not a public address|Only https/, url)
})

test('names of this machine are refused without asking DNS', async () => {
  for (const name of ['localhost', 'a.localhost', 'LocalHost.'])
    await isFault(openOutbound().get(`https://${name}/`, JSON_ONLY), /not a public address/, name)
})

test('a name with one private address among others is not requested', async () => {
  for (const bad of ['127.0.0.1', '::1', '169.254.169.254']) {
    const outbound = openOutbound({ resolve: async () => ['1.1.1.1', '2606:4700:4700::1111', bad] })
    await isFault(outbound.get('https://app.example/', JSON_ONLY), /not a public address/, bad)
  }
  for (const answers of [[], ['nonsense'], ['1.1.1.1', 'localhost']])
    await isFault(openOutbound({ resolve: async () => answers }).get('https://app.example/', JSON_ONLY), /No address/)
})

test('only https URLs without user name and password are requested', async () => {
  const outbound = openOutbound({ resolve: here })
  const urls = [
    'http://app.example/',
    'ftp://app.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:0',
    '',
  ]
  for (const url of [
    ...urls,
    'gopher://app.example/',
    'https://',
    '//app.example',
    `https://app.example/${'x'.repeat(3000)}`,
  ])
    await isFault(outbound.get(url, JSON_ONLY), /Only https/, url)
  for (const url of ['https://a@app.example/', 'https://a:b@app.example/'])
    await isFault(outbound.get(url, JSON_ONLY), /user name/, url)
})

test('production does not start if private addresses are allowed', () => {
  const env = {
    BEHALF_ISSUER: 'https://auth.example',
    BEHALF_SECRET: 'k3v9x0c2m5q8r1tzk3v9x0c2m5q8r1tz0a',
    BEHALF_DATABASE_URL: 'sqlite:behalf.db',
  }
  assert.throws(() => loadConfig({ ...env, BEHALF_OUTBOUND_PRIVATE: 'on' }), /BEHALF_OUTBOUND_PRIVATE must be off/)
  assert.equal(loadConfig(env).outboundPrivate, false)
})

test('the name is resolved once, and later answers change nothing', async () => {
  const server = await documentServer({ keys: [] })
  let asked = 0
  const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['192.0.2.1'])
  const outbound = openOutbound({ allowPrivate: true, resolve })
  const { status, text } = await outbound.get(`http://app.example:${server.port}/a?b=c`, JSON_ONLY)
  assert.deepEqual([status, text, asked], [200, '{"keys":[]}', 1])
  const [request] = server.asked
  assert.deepEqual([request!.url, request!.headers.host], ['/a?b=c', `app.example:${server.port}`])
})

test('the name is sent in TLS, and a certificate that does not match fails', async () => {
  const hello: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      hello.push(data)
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  const { port } = server.address() as { port: number }
  const outbound = openOutbound({ allowPrivate: true, resolve: here })
  await isFault(outbound.get(`https://keys.app.example:${port}/`, JSON_ONLY), /Nothing usable/)
  assert.ok(hello[0]!.includes('keys.app.example'), 'server name indication')
})

test('no header or cookie of ours is sent, and no proxy is used', async () => {
  const [server, proxy] = [await documentServer({}), await documentServer({})]
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'] as const
  const was = names.map((name) => process.env[name])
  for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`
  try {
    await openOutbound({ allowPrivate: true }).get(server.url, JSON_ONLY)
  } finally {
    for (const [index, name] of names.entries()) {
      if (was[index] === undefined) delete process.env[name]
      else process.env[name] = was[index]
    }
  }
  assert.deepEqual([server.asked.length, proxy.asked.length], [1, 0])
  const sent = Object.keys(server.asked[0]!.headers).toSorted()
  assert.deepEqual(sent, ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'])
})

test('redirects are not followed, and only the expected content type is accepted', async () => {
  const server = await documentServer({})
  const outbound = openOutbound({ allowPrivate: true })
  const answers: Record<string, (response: ServerResponse) => void> = {
    'a redirect': (response) => response.writeHead(302, { location: '/inside' }).end(),
    'a permanent one': (response) => response.writeHead(308, { location: 'http://127.0.0.1/' }).end(),
    'not there': (response) => response.writeHead(404, { 'content-type': 'application/json' }).end('{}'),
    partial: (response) => response.writeHead(206, { 'content-type': 'application/json' }).end('{}'),
    'a page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{}'),
    'no type': (response) => response.writeHead(200).end('{}'),
    compressed: (response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('{}'),
    'broken off': (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{')
      setImmediate(() => response.destroy())
    },
  }
  for (const [what, answer] of Object.entries(answers)) {
    server.answer = (_: unknown, response: ServerResponse) => answer(response)
    await isFault(outbound.get(server.url, JSON_ONLY), /./, what)
  }
  assert.equal(server.asked.length, Object.keys(answers).length, 'each got one request')
  server.answer = (_: unknown, response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'Application/JSON; charset=utf-8', etag: '"1"' }).end('{"a":"ü"}')
  const { headers, text } = await outbound.get(server.url, JSON_ONLY)
  assert.deepEqual([headers.get('ETag'), JSON.parse(text)], ['"1"', { a: 'ü' }])
})

test('a response that is too large is not read to its end', async () => {
  let sent = 0
  const server = await documentServer((_: unknown, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => {
      while (!response.destroyed && sent < 50_000_000) {
        sent += 65_536
        if (!response.write(Buffer.alloc(65_536, 32))) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  })
  const outbound = openOutbound({ allowPrivate: true })
  await isFault(outbound.get(server.url, { ...JSON_ONLY, most: 100_000 }), /larger than 100000 bytes/)
  assert.ok(sent < 50_000_000, `${sent} bytes were sent`)
  server.answer = (_: unknown, response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(98)}"`)
  assert.equal((await outbound.get(server.url, { ...JSON_ONLY, most: 100 })).text.length, 100)
  await isFault(outbound.get(server.url, { ...JSON_ONLY, most: 99 }), /larger/)
})

test('a response that arrives too slowly, or not at all, is given up', async () => {
  const outbound = openOutbound({ allowPrivate: true, timeout: 0.15 })
  const server = await documentServer((_: unknown, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  })
  await isFault(outbound.get(server.url, JSON_ONLY), /too long|Nothing usable/, 'drips')
  server.answer = () => undefined
  await isFault(outbound.get(server.url, JSON_ONLY), /too long|Nothing usable/, 'says nothing')
  const silent = openOutbound({ allowPrivate: true, timeout: 0.15, resolve: () => new Promise(() => undefined) })
  await isFault(silent.get('http://app.example/', JSON_ONLY), /too long/, 'a name server that does not answer')
})

test('the number of running requests is limited, in all and per host', async () => {
  const server = await documentServer(() => undefined)
  const waiting: ServerResponse[] = []
  const came = new Promise<void>((resolve) => {
    server.answer = (_: unknown, response: ServerResponse) => {
      if (waiting.push(response) === 2) resolve()
    }
  })
  const outbound = openOutbound({ allowPrivate: true, parallel: { all: 3, perHost: 2 } })
  const first = [outbound.get(server.url, JSON_ONLY), outbound.get(server.url, JSON_ONLY)]
  await came
  await isFault(outbound.get(server.url, JSON_ONLY), /Too many/)
  for (const response of waiting) response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  await Promise.all(first)
  server.answer = {}
  assert.equal((await outbound.get(server.url, JSON_ONLY)).status, 200, 'after that another request may run')
})

test('a body is sent unchanged, and any response is returned, cut at the maximum length', async () => {
  const server = await documentServer((request: import('node:http').IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => response.writeHead(503, { 'retry-after': '7' }).end(`${body}!`))
  })
  const outbound = openOutbound({ allowPrivate: true })
  const sent = await outbound.post(server.url, 'logout_token=x', {
    'content-type': 'application/x-www-form-urlencoded',
  })
  assert.deepEqual([sent.status, sent.text, sent.headers.get('retry-after')], [503, 'logout_token=x!', '7'])
  const [{ method, headers }] = server.asked as [(typeof server.asked)[0]]
  assert.deepEqual([method, headers['content-length']], ['POST', '14'])
  assert.equal((await outbound.post(server.url, 'ü'.repeat(100), {}, { most: 10 })).text, 'üüüüü')
  await isFault(openOutbound().post(server.url, 'x', {}), /Only https/)
})
