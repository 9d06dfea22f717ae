import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { configurationPage } from '../../scripts/docs/configuration-page.ts'
import { options } from '../../src/config/options.ts'
import { openAddressReader } from '../../src/http/address.ts'
import { behalf, tempFolder } from './behalf.ts'

const cwd = tempFolder()
const secret = 'f3a1c05d9be8472660aa17c4d95e3b82'

test('all invalid settings are listed at once, with the most likely name for an unknown one', async () => {
  const env = { BEHALF_PROT: '7200', BEHALF_PORT: 'seventy', BEHALF_CODE_LIFETIME: '0', BEHALF_SECRET: 'short' }
  const { code, stdout, stderr } = await behalf(['serve'], { cwd, env })
  assert.equal(code, 3)
  assert.equal(stdout, '')
  assert.match(stderr, /BEHALF_PROT is not an option; did you mean BEHALF_PORT\?/)
  assert.match(stderr, /BEHALF_PORT must be .*got "seventy"/)
  assert.match(stderr, /BEHALF_CODE_LIFETIME must be/)
  assert.match(stderr, /BEHALF_SECRET must be/)
  assert.doesNotMatch(stderr, /short"/)
})

test('trusted proxies that are not addresses or networks are refused before the server opens anything', async () => {
  const read = (text: string) => options.trustedProxies.kind.safeParse(text).data
  for (const wrong of [
    '1.2.3',
    '10.0.0.0/99',
    '::::',
    '::1/129',
    '10.0.0.0/',
    '/8',
    '127.0.0.1,',
    'fe80::1%eth0',
    ' ',
    '1',
  ]) {
    assert.equal(read(wrong), undefined, wrong)
  }
  const right = ['10.0.0.0/8', '::1', '0.0.0.0/0', '2001:db8::/32', '::ffff:10.0.0.1/128', '192.0.2.1/32']
  assert.deepEqual(read(right.join(', ')), right)
  openAddressReader(right)
  const { code, stderr } = await behalf(['serve'], { cwd, env: { BEHALF_TRUSTED_PROXIES: '10.0.0.0/99' } })
  assert.equal(code, 3)
  assert.match(stderr, /BEHALF_TRUSTED_PROXIES must be .*got "10\.0\.0\.0\/99"/)
})

test('an empty or truncated secret file beside the database is refused', async () => {
  for (const [name, content] of Object.entries({ empty: '', cut: 'f3a1c05d9be8\n' })) {
    writeFileSync(join(cwd, `${name}.db.secret`), content)
    const env = { BEHALF_DATABASE_URL: `sqlite:${name}.db` }
    const { code, stderr } = await behalf(['keys', 'list', '--json'], { cwd, env })
    assert.equal(code, 3, name)
    const { faults } = JSON.parse(stderr)
    assert.equal(faults.length, 1)
    assert.match(faults[0], new RegExp(`^The file ${name}\\.db\\.secret must hold .* delete both`))
    assert.ok(!stderr.includes('f3a1c05d9be8'))
    assert.equal(existsSync(join(cwd, `${name}.db`)), false)
  }
})

test('a secret that does not match the database is explained in one line', async () => {
  const BEHALF_DATABASE_URL = 'sqlite:sealed.db'
  const first = { BEHALF_DATABASE_URL, BEHALF_SECRET: secret }
  assert.equal((await behalf(['token', 'create', '--internal', '--name', 'first'], { cwd, env: first })).code, 0)
  const env = { BEHALF_DATABASE_URL, BEHALF_SECRET: secret.split('').reverse().join(''), BEHALF_PORT: '0' }
  for (const command of [['serve'], ['keys', 'list']]) {
    const { code, stdout, stderr } = await behalf(command, { cwd, env })
    assert.deepEqual([code, stdout], [3, ''])
    assert.match(stderr, /^The signing keys in the database were sealed with another BEHALF_SECRET\. [^\n]+\n$/)
  }
})

test('an invalid catalogue of scopes is an invalid setting, explained without a stack', async () => {
  writeFileSync(join(cwd, 'scopes.json'), '{"openid": {}}')
  const [missing, wrong] = await Promise.all([
    behalf(['serve'], { cwd, env: { BEHALF_SCOPES_FILE: 'nowhere.json', BEHALF_PORT: '70000' } }),
    behalf(['serve'], { cwd, env: { BEHALF_SCOPES_FILE: 'scopes.json', BEHALF_PORT: '0' } }),
  ])
  assert.deepEqual([missing.code, wrong.code], [3, 3])
  assert.match(missing.stderr, /BEHALF_PORT must be a port from 0 to 65535, got "70000"/)
  assert.match(missing.stderr, /BEHALF_SCOPES_FILE must be the path of a file that can be read, got "nowhere\.json"/)
  assert.match(wrong.stderr, /^The catalogue of scopes in scopes\.json cannot be used/)
  assert.doesNotMatch(wrong.stderr, /\n +at \S+ \(/)
})

test('production refuses unsafe settings', async () => {
  const env = {
    BEHALF_ISSUER: 'http://auth.example.com',
    BEHALF_CODE_LIFETIME: '600',
    BEHALF_SECRET: 'a'.repeat(40),
    BEHALF_DATABASE_URL: 'sqlite::memory:',
    BEHALF_OUTBOUND_PRIVATE: 'on',
  }
  const { code, stderr } = await behalf(['serve', '--json'], { cwd, env })
  assert.equal(code, 3)
  const { error, faults } = JSON.parse(stderr)
  assert.equal(error, 'configuration')
  const named = [
    'BEHALF_ISSUER',
    'BEHALF_CODE_LIFETIME',
    'BEHALF_SECRET',
    'BEHALF_DATABASE_URL',
    'BEHALF_OUTBOUND_PRIVATE',
  ]
  for (const name of named)
    assert.ok(
      faults.some((fault: string) => fault.startsWith(name)),
      name,
    )
})

test('`config` shows every setting with its current value, and no secret', async () => {
  const env = { BEHALF_SECRET: secret, BEHALF_PORT: '7301', BEHALF_DATABASE_URL: 'postgres://me:hush@db/behalf' }
  const [text, json] = await Promise.all([behalf(['config'], { cwd, env }), behalf(['config', '--json'], { cwd, env })])
  for (const { stdout, code } of [text, json]) {
    assert.equal(code, 0)
    assert.doesNotMatch(stdout, new RegExp(`${secret}|hush`))
    for (const option of Object.values(options)) assert.ok(stdout.includes(option.env), option.env)
  }
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
  const setting = (name: string) => json.json().settings.find((each: any) => each.env === name)
  assert.deepEqual([setting('BEHALF_PORT').value, setting('BEHALF_PORT').source], ['7301', 'environment'])
  assert.deepEqual([setting('BEHALF_SECRET').value, setting('BEHALF_SECRET').hidden], [null, true])
  assert.deepEqual([setting('BEHALF_CODE_LIFETIME').value, setting('BEHALF_CODE_LIFETIME').source], ['30', 'default'])
  assert.equal(setting('BEHALF_ISSUER').value, 'http://localhost:7301')
})

test('`config` lists all settings even when one is invalid, and the fault', async () => {
  const { code, json } = await behalf(['config', '--json'], { cwd, env: { BEHALF_PORT: '-1' } })
  assert.equal(code, 3)
  assert.equal(json().settings.length, Object.keys(options).length)
  assert.match(json().faults[0], /BEHALF_PORT/)
})

test('`config` shows which setting a default follows from, even when another setting is invalid', async () => {
  const wrong = { BEHALF_DATABASE_URL: 'postgres://me@db/behalf' }
  for (const env of [{}, wrong]) {
    const { stdout } = await behalf(['config'], { cwd, env })
    assert.match(stdout, /BEHALF_ENV = development \(follows from BEHALF_ISSUER\)/)
    assert.match(stdout, /BEHALF_ISSUER = http:\/\/localhost:7200 \(follows from BEHALF_PORT\)/)
  }
})

test('docs/configuration.md is what `npm run docs` would write', async () => {
  const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  assert.equal(page, configurationPage(), 'docs/configuration.md is stale: run `npm run docs`')
})
