import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { behalf, freePorts, serve, tempFolder } from './behalf.ts'

const cwd = tempFolder()
const port = await freePorts()
const env = { BEHALF_PORT: String(port), BEHALF_ISSUER: `http://localhost:${port}` }
const server = await serve({ cwd, env })

async function ask(...args: string[]) {
  const ended = await behalf([...args, '--json'], { cwd, env })
  return { ...(ended.stdout === '' ? JSON.parse(ended.stderr) : ended.json()), code: ended.code }
}
const { uid: directory } = await ask('directory', 'create', '--name', 'Harbour', '--host', 'harbour.example')
const business = await ask('business', 'create', '--directory', directory, '--name', 'Clinic')
const create = ['app', 'create', '--directory', directory, '--redirect-uri', 'https://books.example/cb', '--name']
const books = await ask(...create, 'Books')

/** The findings of a test, as `ok Name: message`. */
async function tested(...args: string[]) {
  const { code, findings } = await ask('app', 'test', ...args)
  const said = findings.map((each: { ok: boolean; name: string; message: string }) => {
    return `${each.ok ? 'ok' : 'TO DO'} ${each.name}: ${each.message}`
  })
  return { code, said: said as string[], all: said.join('\n') as string }
}

test('a working app passes, and the test stores no install, no token and no waiting request', async () => {
  const { code, all } = await tested(books.app_code_name, '--secret', books.client_secret)
  assert.equal(code, 0, all)
  for (const line of [
    /^ok Businesses: 1 can connect it$/m,
    /^ok Scopes: openid profile email/m,
    /^ok Secrets: 1 valid$/m,
    /^ok PKCE: optional$/m,
    /^ok Access tokens: live 631152000 seconds\. If the app stores the time of expiry in 32 bits/m,
    /^ok Issuer: http:\/\/localhost:\d+, which/m,
    /^ok Clock:/m,
    /^ok Signing keys: .* has one for RS256$/m,
    /^ok Authorization header: reaches the server$/m,
    /^ok Authorization request: accepted .* returns to https:\/\/books\.example\/cb$/m,
    /^ok Token request: the app is authenticated by client_secret_basic$/m,
    /^ok Token request: the app is authenticated by client_secret_post$/m,
  ])
    assert.match(all, line)
  const db = new DatabaseSync(join(cwd, 'data/behalf.db'), { readOnly: true })
  for (const table of [
    'installs',
    'consents',
    'chains',
    'codes',
    'access_tokens',
    'refresh_tokens',
    'pending_requests',
  ])
    assert.deepEqual({ ...db.prepare(`select count(*) as found from ${table}`).get() }, { found: 0 }, table)
  db.close()
})

test('a wrong secret, a fixed method and a public app are told apart', async () => {
  const wrong = await tested(books.app_code_name, '--secret', 'f'.repeat(64))
  assert.equal(wrong.code, 1)
  assert.match(wrong.all, /^TO DO Token request: client_secret_basic: .*client_secret/m)
  const [, reference] = wrong.all.match(/client_secret_post: .* \(reference ([a-z0-9]{12})\)$/m)!
  assert.equal((await ask('why', reference!)).check, 'client.other-secret')
  const posting = await ask(...create, 'Posting', '--auth-method', 'client_secret_post', '--require-pkce')
  const { code, all } = await tested('posting', '--secret', posting.client_secret)
  assert.equal(code, 0, all)
  assert.match(all, /^ok PKCE: required/m)
  assert.equal(all.match(/Token request/g)!.length, 1)
  await ask(...create, 'Page', '--public')
  const page = await tested('page')
  assert.match(page.all, /^ok Token request: the app is authenticated by none$/m)
  assert.doesNotMatch(page.all, /Secrets/)
})

test('what would fail is said: the grant, the pushed requests, the secrets, the business', async () => {
  await ask(...create, 'Pushing', '--require-pushed-requests', '--business', business.uid)
  const pushing = await tested('pushing')
  assert.match(pushing.all, /^ok Businesses: only Clinic \(/m)
  assert.match(pushing.all, /^ok Authorization request: not tried: the app must push its requests: give --secret/m)
  const { secrets } = await ask('secret', 'list', '--app', 'pushing')
  await ask('secret', 'retire', secrets[0].uid)
  assert.match((await tested('pushing')).all, /^TO DO Secrets: none is valid/m)
  const local = 'http://localhost:8008/logout'
  await ask(...create, 'Told', '--backchannel-logout-uri', local)
  assert.match((await tested('told')).all, /^TO DO Logout tokens: http:\/\/localhost:8008\/logout is on the machine/m)
  await ask('app', 'change', 'told', '--backchannel-logout-uri', 'https://books.example/logout')
  assert.match((await tested('told')).all, /^ok Logout tokens: are sent to https:\/\/books\.example\/logout$/m)
  const other = await ask('directory', 'create', '--name', 'Empty', '--host', 'empty.example')
  await ask(
    'app',
    'create',
    '--directory',
    other.uid,
    '--name',
    'Lonely',
    '--redirect-uri',
    'https://lonely.example/cb',
  )
  assert.match((await tested('lonely')).all, /^TO DO Businesses: there is none/m)
  assert.equal((await ask('app', 'test', 'unknown')).code, 4)
  assert.equal((await ask('app', 'test', 'books', '--url', 'nonsense')).code, 2)
})

test('pushed requests are pushed, and the browser gets their request_uri (RFC 9126 §2)', async () => {
  const made = await ask(...create, 'Sending', '--require-pushed-requests')
  const right = await tested('sending', '--secret', made.client_secret)
  assert.equal(right.code, 0, right.all)
  assert.match(right.all, /^ok Authorization request: pushed and accepted .* returns to https:\/\/books\.example\/cb$/m)
  const wrong = await tested('sending', '--secret', 'f'.repeat(64))
  assert.equal(wrong.code, 1)
  assert.match(wrong.all, /^TO DO Authorization request: https:\/\/books\.example\/cb: .*client_secret/m)
  await ask(...create, 'Pushing page', '--public', '--require-pushed-requests')
  assert.match((await tested('pushingpage')).all, /^ok Authorization request: pushed and accepted/m)
})

test('an app that signs is authenticated with the key in a file, or with its secret (RFC 7523 §3)', async () => {
  const signing = [...create, 'Signing', '--auth-method', 'private_key_jwt', '--jwks']
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'first' }
  await ask(...signing, JSON.stringify({ keys: [jwk] }))
  assert.match((await tested('signing')).all, /^ok Token request: not tried: give --key to try private_key_jwt$/m)

  const write = (name: string, text: string | Buffer) => {
    writeFileSync(join(cwd, name), text)
    return name
  }
  const pem = write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const set = write('key.json', JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'first' }))
  for (const file of [pem, set]) {
    const { code, all } = await tested('signing', '--key', file)
    assert.equal(code, 0, all)
    assert.match(all, /^ok Token request: the app is authenticated by private_key_jwt$/m)
  }
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const wrong = await tested('signing', '--key', write('other.pem', other))
  assert.equal(wrong.code, 1)
  assert.match(wrong.all, /^TO DO Token request: private_key_jwt: /m)
  for (const file of ['missing.pem', write('nonsense.pem', 'nonsense')])
    assert.equal((await ask('app', 'test', 'signing', '--key', file)).code, 2, file)

  const { client_secret: secret } = await ask(...create, 'Sealed', '--auth-method', 'client_secret_jwt')
  assert.match((await tested('sealed')).all, /^ok Token request: not tried: give --secret to try client_secret_jwt$/m)
  const sealed = await tested('sealed', '--secret', secret)
  assert.match(sealed.all, /^ok Token request: the app is authenticated by client_secret_jwt$/m)
  const guessed = await tested('sealed', '--secret', 'f'.repeat(64))
  assert.match(guessed.all, /^TO DO Token request: client_secret_jwt: /m)
})

test('the resource of the tokens is checked: the default one, or another (RFC 8707 §2)', async () => {
  assert.match((await tested('books')).all, /^ok Resource: tokens are for the API of the platform$/m)
  const orders = 'https://api.example/orders'
  const absent = [...create, 'Orders', '--default-resource', orders]
  const { client_secret: secret } = await ask(...absent)
  const before = await tested('orders', '--secret', secret)
  assert.equal(before.code, 1)
  assert.match(before.all, /^TO DO Resource: https:\/\/api\.example\/orders is not registered for this app$/m)

  const add = ['resource', 'create', '--internal', '--name', 'API', '--no-introspection', '--identifier']
  await ask(...add, orders, '--scope', 'email', '--scope', 'openid')
  const after = await tested('orders', '--secret', secret)
  assert.equal(after.code, 0, after.all)
  assert.match(after.all, /^ok Resource: tokens are for https:\/\/api\.example\/orders, with the scopes openid email$/m)
  await ask(...add, 'https://api.example/stock', '--scope', 'offline_access')
  const stock = await tested('orders', '--resource', 'https://api.example/stock')
  assert.equal(stock.code, 1)
  assert.match(stock.all, /^TO DO Resource: https:\/\/api\.example\/stock accepts none of its scopes$/m)
  assert.match(stock.all, /^TO DO Authorization request: https:\/\/books\.example\/cb: .*stock/m)
})

test('a server that does not run, has another issuer, or stands behind a proxy that drops headers is found', async () => {
  const proxy = createServer((incoming, outgoing) => {
    const { authorization: _, ...headers } = incoming.headers
    const options = { port, path: incoming.url, method: incoming.method, headers }
    incoming.pipe(
      request({ host: '127.0.0.1', ...options }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(outgoing)
      }),
    )
  }).listen(0, '127.0.0.1')
  after(() => proxy.close())
  await new Promise((resolve) => proxy.once('listening', resolve))
  const { port: proxyPort } = proxy.address() as { port: number }
  const behind = await tested('books', '--url', `http://127.0.0.1:${proxyPort}`)
  assert.match(behind.all, /^TO DO Authorization header: does not reach the server: userinfo answers 401$/m)

  const other = { ...env, BEHALF_ISSUER: 'http://localhost:7200' }
  const mismatch = await behalf(['app', 'test', 'books', '--url', `http://127.0.0.1:${port}`], { cwd, env: other })
  assert.equal(mismatch.code, 1)
  assert.match(
    mismatch.stdout,
    /TO DO {2}Issuer: the server says http:\/\/localhost:\d+, but the setting is http:\/\/localhost:7200/,
  )

  // Another server answers there. It must not get the secret, nor write to the terminal.
  const seen: string[] = []
  const stranger = createServer((incoming, outgoing) => {
    seen.push(incoming.url!)
    const origin = `http://127.0.0.1:${(stranger.address() as { port: number }).port}`
    const named = ['token', 'authorization', 'userinfo'].map((name) => [`${name}_endpoint`, `${origin}/${name}`])
    outgoing.end(
      JSON.stringify({ issuer: 'http://evil.example\u001b[2J', jwks_uri: origin, ...Object.fromEntries(named) }),
    )
  }).listen(0, '127.0.0.1')
  after(() => stranger.close())
  await new Promise((resolve) => stranger.once('listening', resolve))
  const { port: strange } = stranger.address() as { port: number }
  const args = ['app', 'test', 'books', '--secret', books.client_secret]
  const fooled = await behalf(args, { cwd, env: { ...env, BEHALF_ISSUER: `http://127.0.0.1:${strange}` } })
  assert.deepEqual([fooled.code, seen], [1, ['/.well-known/openid-configuration']])
  assert.match(fooled.stdout, /TO DO {2}Issuer: the server says http:\/\/evil\.example\?\[2J, but/)

  server.child.kill('SIGTERM')
  await server.ended
  const stopped = await tested('books')
  assert.equal(stopped.code, 1)
  assert.match(stopped.all, /^TO DO Server: http:\/\/localhost:\d+ does not answer \(ECONNREFUSED\)$/m)
})
