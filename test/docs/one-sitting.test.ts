import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseJson } from '../../src/kit/json.ts'
import { PARAMETER_NAMES } from '../../src/oauth/authorize/parameters.ts'
import { behalf, freePorts, start, tempFolder, until } from '../cli/behalf.ts'
import type { TestSite } from '../parts/test-site.ts'
import { visit } from '../parts/visitor.ts'
import { readCurl, shellWords } from './curl.ts'

const DOCS = new URL('../../docs/', import.meta.url)
/** Pages about a server of your own, or about programs that the demo does not have. */
const ELSEWHERE = ['applications.md', 'integrations.md', 'performance.md', 'running.md', 'mounting.md']

/** The commands of a page in order, each on one line, without those that only assign or start something. */
function commandsOf(page: string): string[] {
  const blocks = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block]) => block!)
  const text = blocks.join('\n').replaceAll(/^ {3}/gm, '')
  const lines = [...text.matchAll(/^(?:'[^']*'|"[^"]*"|\\\n|[^'"\n])+$/gm)].map(([line]) => line)
  return lines.filter((line) => /^(curl|npm run -s behalf --|behalf) /.test(line))
}

test('after all commands of all pages the sample apps of the demo still work', async () => {
  const cwd = tempFolder()
  const { child, output, ended } = start(['demo', '--json', '--port', String(await freePorts())], { cwd })
  const isRunning = () => output.stdout.endsWith('\n') || child.exitCode !== null
  await until('the demo runs', isRunning).catch(() => until('the demo runs on a busy machine', isRunning))
  const demo = JSON.parse(output.stdout)
  const { directoryToken } = JSON.parse(readFileSync(`${cwd}/.demo/demo.json`, 'utf8'))
  const names: Record<string, string> = { ISSUER: demo.url, API: demo.api_url, TOKEN: directoryToken }

  const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md') && !ELSEWHERE.includes(name))
  const done: string[] = []
  for (const page of [new URL('../README.md', DOCS), ...pages.sort().map((name) => new URL(name, DOCS))]) {
    for (const line of commandsOf(readFileSync(page, 'utf8'))) {
      const filled = line.replaceAll('DIRECTORY_UID', demo.directory_uid)
      const all = new Proxy(names, { get: (known, name: string) => known[name] ?? `no-${name}` })
      if (line.startsWith('curl ')) {
        const { url, init } = readCurl(filled.replaceAll(/ -u /g, ' --user '), all)
        assert.ok(url.startsWith(demo.url), `${page.pathname}: ${line} names a port of its own`)
        const response = await fetch(url, init)
        assert.ok(response.status < 500, line)
        learn(names, parseJson(await response.text()))
      } else {
        const words = shellWords(filled.replace(/^npm run -s behalf -- |^behalf /, ''), all)
        const { stderr } = await behalf(words, { cwd, env: { BEHALF_DATABASE_URL: 'sqlite:.demo/behalf.db' } })
        assert.doesNotMatch(stderr, /^ +at /m, line)
      }
      done.push(line)
    }
  }
  assert.ok(done.length > 50, `only ${done.length} commands`)

  for (const app of ['tidy-books', 'front-desk']) {
    const begun = await fetch(`${demo.app_url}/connect?app=${app}`, { redirect: 'manual' })
    const [cookie] = begun.headers.getSetCookie()[0]!.split(';')
    const ask = (url: string, init?: RequestInit) => fetch(new URL(url, demo.url), { redirect: 'manual', ...init })
    const visitor = visit({ origin: demo.url, fetch: ask } as unknown as TestSite)
    await visitor.open(begun.headers.get('location')!)
    await visitor.signIn('noor@example.com', 'demo-password')
    if (!visitor.place.away) await visitor.allow()
    assert.equal(visitor.answer().error, undefined)
    const back = await fetch(visitor.place.away!, { headers: { cookie: cookie! } })
    assert.match(await back.text(), /is connected/, app)
  }
  child.kill('SIGINT')
  assert.equal((await ended).code, 0)
})

/** Remembers the values that a reader would copy from an answer: of the first app, of its secrets, and of resources. */
function learn(names: Record<string, string>, answer: unknown): void {
  const { data, ...body } = (answer ?? {}) as Record<string, unknown>
  const made = data as
    | { client_id?: string; client_secret?: string; resource?: { uid: string }; secrets?: { uid: string }[] }
    | undefined
  if (made?.client_id && made.client_secret && !names.CLIENT_ID)
    Object.assign(names, { CLIENT_ID: made.client_id, CLIENT_SECRET: made.client_secret })
  if (made?.resource) names.RESOURCE_UID = made.resource.uid
  const [secret] = made?.secrets ?? []
  if (secret) names.SECRET_UID = secret.uid
  if (typeof body.registration_access_token === 'string') names.REGISTRATION_TOKEN = body.registration_access_token
}

test('the shell’s own variables are not assigned, and the table of parameters is complete', () => {
  const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'))
  for (const name of pages) {
    const text = readFileSync(new URL(name, DOCS), 'utf8')
    assert.doesNotMatch(text, /\$(UID|PATH|HOME|USER|PWD)\b|^\s*(UID|PATH|HOME|USER|PWD)=/m, name)
  }
  const [, table] = /\n## Step 2:[\s\S]*?\n(\|[\s\S]*?)\n\n/.exec(
    readFileSync(new URL('connecting-an-app.md', DOCS), 'utf8'),
  )!
  for (const name of PARAMETER_NAMES) assert.match(table!, new RegExp(`\`${name}[\`=]`), name)
})
