import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openAddressReader } from '../../src/http/address.ts'
import { behalf, serve, start, tempFolder, until } from './behalf.ts'

const SECRET = 'f3a1c05d9be8472660aa17c4d95e3b82'
const cwd = tempFolder()

/** The faults that `behalf config` finds. */
async function faultsOf(env: Record<string, string>): Promise<string[]> {
  const { json, stdout, stderr } = await behalf(['config', '--json'], { cwd, env })
  for (const text of Object.values(env)) if (text.includes('hush')) assert.ok(!(stdout + stderr).includes('hush'))
  return json().faults
}

describe('the environment of a container', () => {
  test('what Kubernetes adds for a service called behalf is ignored', async () => {
    const env = {
      BEHALF_SERVICE_HOST: '10.0.0.7',
      BEHALF_SERVICE_PORT: '7200',
      BEHALF_SERVICE_PORT_HTTP: '7200',
      BEHALF_PORT: 'tcp://10.0.0.7:7200',
      BEHALF_PORT_7200_TCP: 'tcp://10.0.0.7:7200',
      BEHALF_PORT_7200_TCP_PROTO: 'tcp',
      BEHALF_PORT_7200_TCP_PORT: '7200',
      BEHALF_PORT_7200_TCP_ADDR: '10.0.0.7',
    }
    assert.deepEqual(await faultsOf(env), [])
    assert.match((await faultsOf({ ...env, BEHALF_SERVICES: 'x' }))[0]!, /^BEHALF_SERVICES is not an option/)
  })

  test('values in quotes, or with a space or line break around them, are refused and named', async () => {
    const faults = await faultsOf({
      BEHALF_NAME: '"Harbour"',
      BEHALF_ISSUER: "'http://localhost:7200'",
      BEHALF_SECRET: `${SECRET}\n`,
      BEHALF_DATABASE_URL: ' sqlite:x.db',
    })
    assert.deepEqual(faults.map((each) => each.replace(/ (is|begins) .*/, '')).sort(), [
      'BEHALF_DATABASE_URL',
      'BEHALF_ISSUER',
      'BEHALF_NAME',
      'BEHALF_SECRET',
    ])
  })

  test('a secret can be read from a file, and from one place only', async () => {
    const file = join(cwd, 'secret.txt')
    const url = join(cwd, 'url.txt')
    writeFileSync(file, `${SECRET}\n`)
    writeFileSync(url, `sqlite:${join(cwd, 'from-file.db')}\n`)
    const env = { BEHALF_SECRET_FILE: file, BEHALF_DATABASE_URL_FILE: url }
    const server = await serve({ cwd, env })
    server.child.kill('SIGTERM')
    assert.equal((await server.ended).code, 0)
    statSync(join(cwd, 'from-file.db'))
    assert.throws(() => statSync(join(cwd, 'from-file.db.secret')), 'no development secret is made')

    assert.match(
      (await faultsOf({ ...env, BEHALF_SECRET: SECRET }))[0]!,
      /BEHALF_SECRET and BEHALF_SECRET_FILE are both set/,
    )
    const missing = await faultsOf({ BEHALF_SECRET_FILE: join(cwd, 'nowhere') })
    assert.deepEqual(missing.length, 1)
    assert.match(missing[0]!, /^BEHALF_SECRET_FILE must be the path of a file/)
    assert.match((await faultsOf({ BEHALF_NAME_FILE: file }))[0]!, /^BEHALF_NAME_FILE is not an option/)
    // `faultsOf` checks that a value in the place of a path is not shown.
    assert.equal((await faultsOf({ BEHALF_SECRET_FILE: `hush-${SECRET}` })).length, 1)
  })

  test('production needs a database URL', async () => {
    const [fault, ...others] = await faultsOf({ BEHALF_ISSUER: 'https://auth.example.com', BEHALF_SECRET: SECRET })
    assert.match(fault!, /^BEHALF_DATABASE_URL is missing\./)
    assert.deepEqual(others, [])
  })

  test('a database URL that can be read in two ways is refused at once, and never shown', async () => {
    for (const password of ['hush#1', 'hush@1', 'hush/1', '12/hush', 'hush?1', 'hu:hush', 'hush%zz', 'hush 1']) {
      const [fault, ...others] = await faultsOf({
        BEHALF_DATABASE_URL: `postgres://behalf:${password}@db.example:5432/behalf`,
        BEHALF_SECRET: SECRET,
      })
      assert.match(fault ?? '', /^BEHALF_DATABASE_URL must be .* # as %23, \/ as %2F/, password)
      assert.deepEqual(others, [])
    }
    for (const url of [
      'postgres://behalf:hush%23%2F%40%3A@db.example:5432/behalf?sslmode=verify-full',
      'postgresql://behalf@db.example/behalf',
      'postgres://behalf:hush@[2001:db8::1]:5432/behalf',
      'postgres:///behalf?host=/run/postgresql',
      'postgres://%2Frun%2Fpostgresql/behalf',
    ]) {
      assert.deepEqual(await faultsOf({ BEHALF_DATABASE_URL: url, BEHALF_SECRET: SECRET }), [], url)
    }
  })
})

describe('where the server listens', () => {
  test('an address that this machine does not have gets one sentence', async () => {
    for (const host of ['192.0.2.7', 'no-such-host.invalid']) {
      const { code, stderr } = await behalf(['serve'], { cwd, env: { BEHALF_HOST: host, BEHALF_PORT: '0' } })
      assert.equal(code, 3, stderr)
      assert.match(stderr, new RegExp(`^The server cannot listen on ${host}\\. Set BEHALF_HOST to .*\\n$`, 'm'))
    }
    const { code, stderr } = await behalf(['serve'], { cwd, env: { BEHALF_HOST: 'http://localhost' } })
    assert.equal(code, 3)
    assert.match(stderr, /BEHALF_HOST must be an IP address/)
  })

  test('an IPv6 address may have brackets', async () => {
    const { url, child, ended } = await serve({ cwd, env: { BEHALF_HOST: '[::1]' } })
    assert.match(url, /^http:\/\/\[::1\]:\d+$/)
    assert.equal((await fetch(`${url}/health/live`)).status, 200)
    child.kill('SIGTERM')
    await ended
  })

  test('a Unix socket is open for the group, survives a killed server, and is not taken from a running one', async () => {
    const path = join(cwd, 'behalf.sock')
    const place = { cwd, env: { BEHALF_HOST: `unix:${path}`, BEHALF_TRUSTED_PROXIES: 'unix' } }
    const first = start(['serve', '--json'], place)
    await until('the server listens', () => first.output.stdout.includes('\n'))
    assert.equal(statSync(path).mode & 0o777, 0o660)
    assert.equal(await statusOver(path, '/health/ready'), 200)
    const healthy = await behalf(['health', '--json'], place)
    assert.deepEqual([healthy.code, healthy.json()], [0, { state: 'ready', reason: null }])
    const second = await behalf(['serve'], place)
    assert.equal(second.code, 1)
    assert.match(second.stderr, /in use/)
    first.child.kill('SIGKILL')
    await first.ended
    const again = start(['serve', '--json'], place)
    await until('the server listens again', () => again.output.stdout.includes('\n'))
    assert.equal(await statusOver(path, '/health/ready'), 200)
    again.child.kill('SIGTERM')
    assert.equal((await again.ended).code, 0)
  })

  test('a file that is no socket is left alone', async () => {
    const path = join(cwd, 'precious.db')
    writeFileSync(path, 'precious')
    const { code, stderr } = await behalf(['serve'], { cwd, env: { BEHALF_HOST: `unix:${path}` } })
    assert.equal(code, 1)
    assert.match(stderr, /precious\.db is in use or is no socket\. .*BEHALF_HOST\.\n$/)
    assert.equal(readFileSync(path, 'utf8'), 'precious')
  })

  test('a proxy on the Unix socket may say where requests come from, if it is trusted', () => {
    assert.equal(openAddressReader(['unix'], true)(undefined, '203.0.113.7'), '203.0.113.7')
    assert.equal(openAddressReader(['unix', '10.0.0.0/8'], true)(undefined, '203.0.113.7, 10.1.1.1'), '203.0.113.7')
    assert.equal(openAddressReader(['10.0.0.0/8'], true)(undefined, '203.0.113.7'), '')
    assert.equal(openAddressReader(['unix'])(undefined, '203.0.113.7'), '', 'not on a port')
  })
})

test('`health` says whether the server is ready, and ends with code 1 when nothing answers', async () => {
  const server = await serve({ cwd })
  const env = { BEHALF_PORT: String(server.port) }
  const [ready, live] = await Promise.all([
    behalf(['health'], { cwd, env }),
    behalf(['health', '--live'], { cwd, env }),
  ])
  assert.deepEqual([ready.code, ready.stdout], [0, 'The server is ready.\n'])
  assert.deepEqual([live.code, live.stdout], [0, 'The server is alive.\n'])
  server.child.kill('SIGTERM')
  await server.ended
  const gone = await behalf(['health'], { cwd, env })
  assert.equal(gone.code, 1)
  assert.match(gone.stdout, /^The server is not ready: .*ECONNREFUSED/)
})

async function statusOver(socketPath: string, path: string): Promise<number | undefined> {
  const sent = request({ socketPath, path, headers: { host: 'localhost' }, agent: false }).end()
  const [answer] = await once(sent, 'response')
  answer.resume()
  return answer.statusCode
}
