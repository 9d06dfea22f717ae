import assert from 'node:assert/strict'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { behalf, tempFolder } from './behalf.ts'

const cwd = tempFolder()
const secret = 'f3a1c05d9be8472660aa17c4d95e3b82'

/** The findings with this name. */
async function finding(name: string, env: Record<string, string> = {}) {
  const { code, json } = await behalf(['doctor', '--json'], { cwd, env })
  const found = json().findings.filter((each: { name: string }) => each.name === name)
  return { code, ok: json().ok, found }
}

test('before the first start, all checks pass and nothing is created', async () => {
  const { ok, found } = await finding('Database', { BEHALF_DATABASE_URL: 'sqlite:none/yet.db', BEHALF_SECRET: secret })
  assert.equal(ok, true)
  assert.match(found[0].message, /does not exist yet/)
})

test('before the first start, `doctor` and `config` say which secret it creates, and create nothing', async () => {
  const env = { BEHALF_DATABASE_URL: 'sqlite:fresh/behalf.db' }
  const [{ ok, found }, config] = await Promise.all([finding('Secret', env), behalf(['config'], { cwd, env })])
  assert.equal(ok, true)
  for (const said of [found[0].message, config.stdout]) {
    assert.match(said, /a random one, which the first start creates and stores in fresh\/behalf\.db\.secret/)
  }
  assert.equal(existsSync(join(cwd, 'fresh')), false)
})

test('on a healthy database every check is ok', async () => {
  assert.equal((await behalf(['token', 'create', '--internal', '--name', 'first'], { cwd })).code, 0)
  const { code, stdout } = await behalf(['doctor'], { cwd })
  assert.equal(code, 0)
  for (const name of [
    'Node.js',
    'Settings',
    'Issuer',
    'Secret',
    'Scopes',
    'Files',
    'Database',
    'Clock',
    'Signing keys',
  ]) {
    assert.match(stdout, new RegExp(`  ok  ${name}: `))
  }
  assert.match(stdout, /All checks passed/)
})

test('a failed check says what is wrong and what to do', async () => {
  writeFileSync(join(cwd, 'wrong.json'), '{"openid": {}}')
  const production = { BEHALF_ISSUER: 'https://auth.example.com', BEHALF_SECRET: secret }
  const [sealed, scopes, database, issuer, proxies] = await Promise.all([
    finding('Signing keys', { BEHALF_SECRET: secret }),
    finding('Scopes', { BEHALF_SCOPES_FILE: 'wrong.json' }),
    finding('Database', { BEHALF_DATABASE_URL: 'postgres://127.0.0.1:1/none', BEHALF_SECRET: secret }),
    finding('Settings', {
      BEHALF_ISSUER: 'http://auth.example.com',
      BEHALF_SECRET: secret,
      BEHALF_DATABASE_URL: 'sqlite:none/yet.db',
    }),
    finding('Proxies', { ...production, BEHALF_DATABASE_URL: 'sqlite:none/yet.db' }),
  ])
  for (const { code, ok, found } of [sealed, scopes, database, issuer, proxies]) {
    assert.equal(found.length, 1)
    assert.deepEqual([code, ok, found.some((each: { ok: boolean }) => each.ok)], [1, false, false])
    for (const { advice } of found) assert.ok(advice.length > 10)
  }
  assert.match(sealed.found[0].message, /sealed with another BEHALF_SECRET/)
  const known = { ...production, BEHALF_TRUSTED_PROXIES: '127.0.0.1', BEHALF_DATABASE_URL: 'sqlite:none/yet.db' }
  assert.equal((await finding('Proxies', known)).ok, true)
})

test('files that other users can read are named', async () => {
  const file = join(cwd, 'data/behalf.db')
  chmodSync(file, 0o644)
  // Checked without opening the database, because opening it makes the file private again.
  const { found } = await finding('Files')
  assert.equal(found[0].ok, false)
  assert.match(found[0].advice, /^chmod 600 /)
})
