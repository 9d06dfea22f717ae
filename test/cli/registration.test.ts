import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import { openStore } from '../../src/store/engine/open.ts'
import { newApp, newEvent } from '../store/things.ts'
import { behalf, tempFolder } from './behalf.ts'

test('the command line creates registration tokens, and lists apps with their origin', async () => {
  const cwd = tempFolder()
  const ask = async (...args: string[]) => {
    const ended = await behalf([...args, '--json'], { cwd })
    assert.equal(ended.code, 0, ended.stderr)
    return ended.json()
  }
  const { uid } = await ask('directory', 'create', '--name', 'Harbour', '--host', 'harbour.example')
  const plain = await ask('token', 'create', '--registration', '--name', 'anyone')
  const owned = await ask('token', 'create', '--registration', '--directory', uid, '--name', 'partner')
  assert.deepEqual([plain.kind, plain.directory_uid], ['registration', null])
  assert.deepEqual([owned.kind, owned.directory_uid], ['registration', uid])
  const both = await behalf(['token', 'create', '--registration', '--internal', '--name', 'x'], { cwd })
  assert.notEqual(both.code, 0)
  const { tokens } = await ask('token', 'list')
  assert.deepEqual(
    tokens.map((each: { kind: string }) => each.kind),
    ['registration', 'registration'],
  )
  const store = await openStore(
    { url: `sqlite:${join(cwd, 'data/behalf.db')}`, pool: 1, timeout: 5 },
    0,
    false,
    APP_COLUMNS,
  )
  for (const origin of ['registered', 'document'] as const)
    await store.apps.add(newApp(null, { origin, createdAt: 1 }), undefined, newEvent())
  await store.close()
  const { apps } = await ask('app', 'list')
  assert.deepEqual(apps.map((each: { origin: string }) => each.origin).sort(), ['document', 'registered'])
  const { stdout } = await behalf(['app', 'list'], { cwd })
  assert.match(stdout, /registered/)
})

test('an app is created and changed with the settings of the table, and a refusal names the option', async () => {
  const cwd = tempFolder()
  const ask = async (...args: string[]) => {
    const ended = await behalf([...args, '--json'], { cwd })
    return { ...(ended.code === 0 ? ended.json() : JSON.parse(ended.stderr)), code: ended.code }
  }
  const name = ['--internal', '--name', 'Desk', '--redirect-uri', 'https://desk.example/cb']
  const jwks = JSON.stringify({
    keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
  })
  const first = ['--auth-method', 'private_key_jwt', '--jwks', jwks, '--require-pkce', '--token-lifetime', '600']
  const made = await ask(
    'app',
    'create',
    ...name,
    ...first,
    '--grant-type',
    'client_credentials',
    '--scope',
    'openid email',
  )
  assert.deepEqual(
    [made.code, made.scopes, made.client_secret],
    [0, ['openid', 'email'], undefined],
    JSON.stringify(made),
  )
  assert.ok(!('profile' in made))
  const modern = ['--internal', '--name', 'Modern', '--redirect-uri', 'https://modern.example/cb']
  assert.equal((await ask('app', 'create', ...modern, '--profile', 'standard')).profile, 'standard')
  const unheardOf = await ask('app', 'create', ...modern, '--profile', 'x')
  assert.deepEqual([unheardOf.code, unheardOf.field], [2, 'profile'])
  const change = (...args: string[]) => ask('app', 'change', 'desk', ...args)
  assert.equal(
    (await change('--require-pkce', 'false', '--trusted', 'true', '--clear', 'token-lifetime')).trusted,
    true,
  )
  const { uid } = await ask('directory', 'create', '--name', 'Harbour', '--host', 'harbour.example')
  const business = (await ask('business', 'create', '--directory', uid, '--name', 'Clinic')).uid
  assert.equal((await change('--business', business)).business_uid, business)
  const unknown = await change('--business', 'nothing')
  assert.deepEqual([unknown.code, unknown.field], [2, 'business'])
  assert.equal((await change('--clear', 'business')).business_uid, null)
  const wrong = await change('--token-lifetime', '5')
  assert.deepEqual([wrong.code, wrong.field], [2, 'token_lifetime'])
  assert.match(wrong.error_description, /^--token-lifetime must be a whole number of seconds from 60/)
  assert.deepEqual([(await change()).code, (await change('--clear', 'name')).code], [2, 2])
  assert.equal((await ask('app', 'change', 'none', '--name', 'x')).code, 4)
  const store = await openStore(
    { url: `sqlite:${join(cwd, 'data/behalf.db')}`, pool: 1, timeout: 5 },
    0,
    false,
    APP_COLUMNS,
  )
  const app = (await store.apps.findLiveByCodeName('desk'))!
  const standard = (await store.apps.findLiveByCodeName('modern'))!
  await store.close()
  assert.deepEqual(
    [app.accessTokenLifetime, app.protocol.requirePkce, app.protocol.jwks?.keys.length],
    [null, false, 1],
  )
  assert.deepEqual([standard.accessTokenLifetime, standard.protocol.requirePkce], [3600, true])
})
