import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { behalf, freePorts, start, tempFolder, until } from '../cli/behalf.ts'
import type { TestSite } from '../parts/test-site.ts'
import { visit } from '../parts/visitor.ts'

const run = promisify(execFile)
const cwd = tempFolder()
let firstApps: unknown

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
async function demo(...args: string[]): Promise<{ printed: any; stop(): Promise<number | null> }> {
  const { child, output, ended } = start(['demo', '--json', '--port', String(await freePorts()), ...args], { cwd })
  await until('the demo runs', () => output.stdout.endsWith('\n') || child.exitCode !== null)
  assert.equal(child.exitCode, null, output.stderr)
  return {
    printed: JSON.parse(output.stdout),
    async stop() {
      child.kill('SIGINT')
      return (await ended).code
    },
  }
}

/** Goes through the flow as a browser does, from the app and back. Returns the page that the app then shows. */
async function connect(
  printed: Awaited<ReturnType<typeof demo>>['printed'],
  path: string,
  answer: (step: Step) => unknown,
) {
  const begun = await fetch(`${printed.app_url}${path}`, { redirect: 'manual' })
  assert.equal(begun.status, 302)
  const [cookie] = begun.headers.getSetCookie()[0]!.split(';')
  const ask = (url: string, init?: RequestInit) => fetch(new URL(url, printed.url), { redirect: 'manual', ...init })
  const visitor = visit({ origin: printed.url, fetch: ask } as unknown as TestSite)
  await visitor.open(begun.headers.get('location')!)
  for (let steps = 0; !visitor.place.away && steps < 5; steps++) {
    const { forms, html } = visitor.place
    if (html.includes('id="sign-in"')) await answer({ visitor, at: 'sign-in' })
    else if (forms.some(({ fields }) => 'business' in fields)) await answer({ visitor, at: 'business' })
    else await answer({ visitor, at: 'consent' })
  }
  assert.ok(visitor.place.away, visitor.place.html)
  assert.equal(visitor.place.away.origin, printed.app_url)
  const back = await fetch(visitor.place.away, { headers: { cookie: cookie! } })
  return { status: back.status, page: await back.text(), callback: visitor.place.away, cookie: cookie! }
}

interface Step {
  visitor: ReturnType<typeof visit>
  at: 'sign-in' | 'business' | 'consent'
}

const saysYes =
  (email: string, password: string, business?: string, seen: string[] = []) =>
  ({ visitor, at }: Step) => {
    seen.push(at)
    if (at === 'sign-in') return visitor.signIn(email, password)
    return at === 'business' ? visitor.chooseBusiness(business!) : visitor.allow()
  }

const secretsOf = ({ apps }: { apps: Record<string, string>[] }) =>
  apps.map(({ client_id, client_secret }) => [client_id, client_secret])

/** The command that the sample app shows. */
const curlOn = (page: string) =>
  /<pre id="curl">([\s\S]*?)<\/pre>/.exec(page)![1]!.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(code))

describe('npm run demo', () => {
  test('from nothing: sign in, choose, allow, and see only the clients of that business', async () => {
    const { printed, stop } = await demo()
    const [dana, noor] = printed.people
    const [, dental] = printed.businesses
    const seen: string[] = []
    const { status, page } = await connect(
      printed,
      '/connect?app=tidy-books',
      saysYes(dana.email, dana.password, dental.uid, seen),
    )
    assert.equal(status, 200, page)
    assert.deepEqual(seen, ['sign-in', 'business', 'consent'])
    assert.match(page, /Tidy Books is connected/)
    assert.match(page, /acts for <strong>Noor Dental<\/strong>\. Dana Levi \(admin\) signed in/)
    assert.match(page, /Elena Rossi/)
    assert.doesNotMatch(page, /Maya Stern/)
    assert.match(page, /expires_in<\/th><td><code>631152000/)
    assert.doesNotMatch(page, /[0-9a-f]{64}/)

    const trusted: string[] = []
    const other = await connect(
      printed,
      '/connect?app=front-desk',
      saysYes(noor.email, noor.password, undefined, trusted),
    )
    assert.deepEqual(trusted, ['sign-in'])
    assert.match(other.page, /Front Desk is connected/)
    assert.match(other.page, /Jonas Lind/)

    const [older, newer] = await Promise.all(
      [1, 2].map(() => fetch(`${printed.app_url}/connect?app=tidy-books`, { redirect: 'manual' })),
    )
    const cookie = [older!, newer!].map((tab) => tab.headers.getSetCookie()[0]!.split(';')[0]).join('; ')
    for (const tab of [older!, newer!]) {
      const state = new URL(tab.headers.get('location')!).searchParams.get('state')
      const back = await fetch(`${printed.app_url}/callback?error=access_denied&state=${state}`, {
        headers: { cookie },
      })
      assert.match(await back.text(), /Not connected/, 'each of two tabs has its own answer')
      assert.match(back.headers.get('set-cookie')!, new RegExp(`^plain_app_${state}=;.* Max-Age=0`))
    }

    const twice = await fetch(other.callback, { headers: { cookie: other.cookie } })
    assert.equal(twice.status, 400)
    assert.match(await twice.text(), /not expected/)
    firstApps = secretsOf(printed)
    assert.equal(await stop(), 0)
    assert.equal(statSync(join(cwd, '.demo/demo.json')).mode & 0o777, 0o600)
    assert.equal(statSync(join(cwd, '.demo')).mode & 0o777, 0o700)
  })

  test('the second run finds the same secrets, and the printed curl command works once with a fresh code', async () => {
    const { printed, stop } = await demo()
    assert.deepEqual(secretsOf(printed), firstApps)
    const [app] = printed.apps
    const [, , sam] = printed.people
    const { page } = await connect(printed, '/connect?app=tidy-books&by=hand', saysYes(sam.email, sam.password))
    const curl = curlOn(page)
    assert.ok(curl.includes(app.client_secret) && curl.includes(app.redirect_uri))

    const token = JSON.parse((await run('sh', ['-c', `${curl} -s`])).stdout)
    assert.match(token.access_token, /^[0-9a-f]{64}$/)
    assert.deepEqual([token.token_type, token.expires_in], ['bearer', 631_152_000])
    assert.ok(Math.abs(token.created_at - Date.now() / 1000) < 10)
    const authorization = `Bearer ${token.access_token}`
    const clients = await fetch(`${printed.api_url}//platform/v1/clients`, { headers: { authorization } })
    // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
    const { status, data } = (await clients.json()) as any
    assert.deepEqual([clients.status, status, data.clients.length, data.clients[0].first_name], [200, 'OK', 3, 'Maya'])

    const replay = JSON.parse((await run('sh', ['-c', `${curl} -s`])).stdout)
    assert.equal(replay.error, 'invalid_grant')
    const after = await fetch(`${printed.api_url}/platform/v1/clients`, { headers: { authorization } })
    assert.equal(after.status, 401, 'a replayed code ends its tokens')
    assert.equal(await stop(), 0)
  })

  test('every command that the demo prints works', async () => {
    const { child, output, ended } = start(['demo', '--port', String(await freePorts())], { cwd })
    await until('the demo runs', () => output.stdout.includes('starts over') || child.exitCode !== null)
    const [exchange, userinfo, clients] = output.stdout.match(/^ {4}curl [^\n]*(\n {6,}[^\n]*)*/gm)!
    assert.match(
      userinfo!,
      /curl --request GET \\\n +--url \S+\/oauth\/userinfo \\\n +--header 'Accept: application\/json'/,
    )
    const [, app_url] = /sample app and connect it: {2}(\S+)/.exec(output.stdout)!
    const [, url] = /curl (\S+)\/oauth\/token/.exec(exchange!)!
    const [, path] = /fresh code at {2}http:\/\/localhost:\d+(\S+)/.exec(output.stdout)!
    const [, password] = /sam@example\.com +(\S+)/.exec(output.stdout)!
    const { callback } = await connect({ app_url, url }, path!, saysYes('sam@example.com', password!))
    const shell = async (line: string) => JSON.parse((await run('sh', ['-c', line])).stdout)
    const { access_token } = await shell(exchange!.replace('{your_code}', callback.searchParams.get('code')!))
    const filled = (line: string) => line.replace('{{access_token}}', access_token)
    assert.equal((await shell(filled(userinfo!))).business_name, 'Dana’s Salon')
    assert.equal((await shell(filled(clients!))).data.clients.length, 3)
    child.kill('SIGINT')
    assert.equal((await ended).code, 0)
  })

  test('what an operator ends on the command line ends immediately on the running server', async () => {
    const { printed, stop } = await demo()
    const [, noor] = printed.people
    const [, dental] = printed.businesses
    const { page } = await connect(printed, '/connect?app=front-desk&by=hand', saysYes(noor.email, noor.password))
    const token = JSON.parse((await run('sh', ['-c', `${curlOn(page)} -s`])).stdout).access_token
    const userinfo = () => fetch(`${printed.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal((await userinfo()).status, 200)
    const env = { BEHALF_DATABASE_URL: printed.database_url }
    const place = ['--app', printed.apps[1].app_code_name, '--business', dental.uid]
    const ended = await behalf(['install', 'end', ...place], { cwd, env })
    assert.equal(ended.code, 0, ended.stderr)
    assert.match(ended.stdout, /was disconnected/)
    assert.equal((await userinfo()).status, 401)
    const { code } = await behalf(['install', 'end', ...place], { cwd, env })
    assert.equal(code, 4)
    assert.equal(await stop(), 0)
  })

  test('a denial returns to the app, which says so', async () => {
    const { printed, stop } = await demo()
    const [, noor] = printed.people
    const { status, page } = await connect(printed, '/connect?app=tidy-books', ({ visitor, at }) =>
      at === 'sign-in' ? visitor.signIn(noor.email, noor.password) : visitor.deny(),
    )
    assert.equal(status, 200)
    assert.match(page, /Not connected/)
    assert.equal(await stop(), 0)
  })

  test('an error about a used port names it, and how to choose another', async () => {
    const { printed, stop } = await demo()
    const port = new URL(printed.url).port
    const elsewhere = tempFolder()
    const second = await behalf(['demo', '--port', port], { cwd: elsewhere })
    assert.equal(second.code, 1)
    assert.match(second.stderr, new RegExp(`Ports ${port} and \\d+ and \\d+ are in use.*npm run demo -- --port 8200`))
    assert.equal(existsSync(join(elsewhere, '.demo/running.pid')), false)
    assert.equal(await stop(), 0)
  })

  test('only one demo runs in a folder: a second one, with or without --reset, leaves the first unchanged', async () => {
    const { printed, stop } = await demo()
    const port = String(await freePorts())
    for (const args of [
      ['--port', port],
      ['--port', port, '--reset'],
      ['--port', new URL(printed.url).port],
    ]) {
      const { code, stderr } = await behalf(['demo', ...args], { cwd })
      assert.equal(code, 1)
      assert.match(stderr, /^The demo of this folder is running already \(process \d+\)\. [^\n]+\n$/)
    }
    const [, noor] = printed.people
    const { page } = await connect(printed, '/connect?app=front-desk', saysYes(noor.email, noor.password))
    assert.match(page, /Front Desk is connected/)
    assert.equal(await stop(), 0)
  })

  test('a killed demo does not lock the folder, and --reset starts again', async () => {
    const { printed, stop } = await demo()
    assert.equal(await stop(), 0)
    const { child, ended } = start(['--version'], { cwd })
    await ended
    writeFileSync(join(cwd, '.demo/running.pid'), `${child.pid}\n`)
    const fresh = await demo('--reset')
    assert.notEqual(fresh.printed.apps[0].client_id, printed.apps[0].client_id)
    assert.equal(await fresh.stop(), 0)
  })

  test('the sample API refuses unknown tokens, and says when it cannot reach the server', async () => {
    const { printed, stop } = await demo()
    const url = `${printed.api_url}/platform/v1/clients`
    const none = await fetch(url)
    assert.equal(none.status, 401)
    assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="platform"')
    assert.deepEqual(await none.json(), { status: 'Error', error: 'Unauthorized' })
    const wrong = await fetch(url, { headers: { authorization: `Bearer ${'0'.repeat(64)}` } })
    assert.match(wrong.headers.get('www-authenticate')!, /error="invalid_token"/)
    assert.equal(await stop(), 0)

    const { startPlatformApi } = await import('../../examples/platform-api/platform-api.ts')
    const port = await freePorts()
    const settings = { port, host: '127.0.0.1', authorizationServer: 'http://127.0.0.1:1', clients: {} }
    const api = await startPlatformApi(settings)
    const alone = await fetch(`http://127.0.0.1:${port}/platform/v1/clients`, {
      headers: { authorization: 'Bearer x' },
    })
    await api.stop()
    assert.equal(alone.status, 503)
    assert.ok(Number(alone.headers.get('retry-after')) > 0)
  })
})
