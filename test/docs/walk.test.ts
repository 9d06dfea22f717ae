import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { read } from '../parts/app-calls.ts'
import { type TestSite, testSite } from '../parts/test-site.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'
import { blocksUnder, readCurl, shellWords } from './curl.ts'

const page = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const REDIRECT_URI = 'http://localhost:9000/callback'

/** A server with the person who signs in in the README, and a partner with a directory token. */
async function begin() {
  const server = await testSite()
  const world = await makeWorld(server)
  const business = await world.makeBusiness('Noor Dental')
  await world.makePerson('noor@example.com', 'Noor Haddad', [business])
  return { server, world, token: await world.makePlatformToken('directory') }
}

/** Sends the request of a documented curl command. */
async function curl(server: TestSite, line: string, names: Record<string, string> = {}) {
  const { url, init } = readCurl(line, names)
  const response = await server.fetch(url, init)
  return { status: response.status, body: await read(response) }
}

/** The members of a JSON text in their order, without their values. */
function members(json: string): string[] {
  return [...json.matchAll(/"(\w+)":/g)].map(([, name]) => name!)
}

test('the commands of the README go from registering an app to userinfo', async () => {
  const { server, world, token } = await begin()
  const readme = page('README.md')
  const commands = blocksUnder(readme, '## Try it with curl', 'sh').filter((block) => /^(curl|echo) /.test(block))
  const answers = blocksUnder(readme, '## Try it with curl', 'json')
  const [register, print, exchange, userinfo] = commands as [string, string, string, string]
  assert.equal(commands.length, 4)

  const names: Record<string, string> = { TOKEN: token }
  const registered = await curl(server, register, names)
  assert.equal(registered.status, 201)
  assert.deepEqual(members(JSON.stringify(registered.body)), members(answers[0]!))
  names.CLIENT_ID = registered.body.data.client_id
  names.CLIENT_SECRET = registered.body.data.client_secret

  const visitor = world.visitor()
  await visitor.open(shellWords(print, names)[1]!)
  await visitor.signIn('noor@example.com', PASSWORD)
  await visitor.allow()
  const { code, ...rest } = visitor.answer()
  assert.ok(visitor.place.away!.href.startsWith(`${REDIRECT_URI}?`))
  assert.deepEqual(rest, { state: 'xyz', iss: 'http://localhost:7200' })
  names.CODE = code!

  const exchanged = await curl(server, exchange, names)
  assert.equal(exchanged.status, 200)
  assert.deepEqual(members(JSON.stringify(exchanged.body)), members(answers[1]!))
  names.ACCESS_TOKEN = exchanged.body.access_token

  const { status, body } = await curl(server, userinfo, names)
  assert.equal(status, 200)
  assert.deepEqual(members(JSON.stringify({ ...body, brand_theme: {} })), members(answers[2]!))
})

test('the commands for developers who connect an app work', async () => {
  const { server, world } = await begin()
  const app = await world.makeApp({ redirectUri: REDIRECT_URI })
  const connecting = page('docs/connecting-an-app.md')
  const filled = (text: string, values: Record<string, string>) =>
    Object.entries(values).reduce((line, [name, value]) => line.replaceAll(name, value), text)
  const given = {
    '{your_client_id}': app.clientId,
    '{your_client_secret}': app.secret,
    '{your_redirect_url}': REDIRECT_URI,
    $STATE: 's',
  }
  const [address] = /^http:\/\/localhost:7200\/app\S+$/m.exec(connecting)!
  const exchanges = blocksUnder(connecting, '## Step 3: exchange the code for an access token', 'sh')
  const [use] = blocksUnder(connecting, '## Step 4: use the access token', 'sh')
  assert.equal(exchanges.length, 2)
  for (const exchange of exchanges) {
    const visitor = world.visitor()
    await visitor.open(filled(address!, given))
    await visitor.signIn('noor@example.com', PASSWORD)
    if (!visitor.place.away) await visitor.allow()
    const answer = await curl(server, filled(exchange, { ...given, '{your_code}': visitor.answer().code! }))
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const info = await curl(server, filled(use!, { '{{access_token}}': answer.body.access_token }))
    assert.equal(info.body.business_name, 'Noor Dental')
  }
})

test('the commands for partners who register apps work', async () => {
  const { server, token } = await begin()
  const registering = page('docs/registering-apps.md')
  const lines = [...registering.matchAll(/^curl (?:[^\n]*\\\n)*[^\n]*$/gm)].map(([line]) => line)
  assert.equal(lines.length, 4)
  const statuses: number[] = []
  for (const line of lines) statuses.push((await curl(server, line, { TOKEN: token })).status)
  assert.deepEqual(statuses, [201, 200, 200, 200])
  const [, row] = /^\| `grant_types` \|(.*)$/m.exec(registering)!
  const grants = [...row!.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
  const metadata = await read(server.fetch('/.well-known/oauth-authorization-server'))
  assert.deepEqual(grants.toSorted(), metadata.grant_types_supported.toSorted())
  const body = { name: 'All of them', redirect_uri: REDIRECT_URI, grant_types: grants }
  const line = `curl http://localhost:7200/platform/v1/apps -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '${JSON.stringify(body)}'`
  assert.equal((await curl(server, line, { TOKEN: token })).status, 201)
  const another = line.replace('"client_credentials"', '"urn:ietf:params:oauth:grant-type:device_code"')
  assert.equal((await curl(server, another, { TOKEN: token })).status, 422)
})

test('the commands about signing keys work', async () => {
  const { server, token } = await begin()
  const lines = [...page('docs/keys.md').matchAll(/^curl (?:[^\n]*\\\n)*[^\n]*$/gm)].map(([line]) => line)
  assert.equal(lines.length, 2)
  const [registered, published] = await Promise.all(lines.map((line) => curl(server, line, { TOKEN: token })))
  assert.deepEqual([registered!.status, published!.status], [201, 200])
  const app = await server.site.store.apps.findLiveByClientId(registered!.body.data.client_id)
  assert.equal(app?.protocol.idTokenAlg, 'ES256')
  assert.equal(published!.body.keys.length, 4)
})
