import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { behalf, tempFolder } from './behalf.ts'

const cwd = tempFolder()
const IDENTIFIER = 'https://api.example.com'
let directory: string

/** Runs a command with --json and returns its answer. */
async function ask(...args: string[]) {
  const ended = await behalf([...args, '--json'], { cwd })
  assert.equal(ended.code, 0, ended.stderr)
  return ended.json()
}

const create = (...args: string[]) => behalf(['resource', 'create', '--name', 'Orders API', ...args], { cwd })

before(async () => {
  directory = (await ask('directory', 'create', '--name', 'Harbour', '--host', 'app.harbour.example')).uid
})

test('a resource is registered with a secret that is shown once, listed and ended', async () => {
  const scopes = ['--scope', 'clients_read', '--scope', 'payments_read']
  const settings = ['--token-format', 'jwt', '--token-lifetime', '600', '--token-claim', 'roles', '--token-typ', 'JWT']
  const made = await ask(
    ...['resource', 'create', '--directory', directory, '--identifier', IDENTIFIER, '--name', 'Orders API'],
    ...[...scopes, ...settings],
  )
  assert.match(made.client_secret, /^[0-9a-f]{64}$/)
  assert.deepEqual(made, {
    uid: made.uid,
    identifier: IDENTIFIER,
    name: 'Orders API',
    directory_uid: directory,
    scopes: ['clients_read', 'payments_read'],
    token_format: 'jwt',
    token_lifetime: 600,
    token_claims: ['roles'],
    token_typ: 'JWT',
    client_id: `rs_${made.uid}`,
    client_secret: made.client_secret,
  })
  const own = await ask(
    'resource',
    'create',
    '--internal',
    '--identifier',
    'urn:example:o',
    '--name',
    'O',
    '--no-introspection',
  )
  assert.deepEqual([own.directory_uid, own.client_id, own.client_secret], [null, null, null])
  const { resources } = await ask('resource', 'list')
  assert.deepEqual(
    new Map(resources.map(({ uid, introspection }: { uid: string; introspection: boolean }) => [uid, introspection])),
    new Map([
      [made.uid, true],
      [own.uid, false],
    ]),
  )
  assert.equal((await ask('resource', 'list', '--directory', directory)).resources.length, 1)
  const { stdout } = await behalf(['resource', 'list'], { cwd })
  assert.match(stdout, /Orders API +\w+ +introspects/)
  await ask('resource', 'end', made.uid)
  assert.equal((await behalf(['resource', 'end', made.uid], { cwd })).code, 4, 'once')
  assert.equal((await ask('resource', 'list')).resources.length, 1)
})

test('a refusal names the option', async () => {
  const wrong: [string[], RegExp][] = [
    [['--identifier', IDENTIFIER], /either --directory UID or --internal/],
    [['--identifier', IDENTIFIER, '--internal', '--directory', directory], /either --directory UID or --internal/],
    [['--identifier', '/v1', '--internal'], /absolute URI/],
    [['--identifier', IDENTIFIER, '--internal', '--token-format', 'saml'], /opaque or jwt/],
    [['--identifier', IDENTIFIER, '--internal', '--token-lifetime', 'long'], /whole number of seconds/],
    [['--identifier', IDENTIFIER, '--internal', '--scope', 'nonsense'], /does not exist/],
    [['--identifier', IDENTIFIER, '--directory', 'none'], /no such directory/],
  ]
  for (const [args, why] of wrong) {
    const { code, stderr } = await create(...args)
    assert.notEqual(code, 0, args.join(' '))
    assert.match(stderr, why, args.join(' '))
  }
})
