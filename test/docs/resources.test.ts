import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { CLIENT_CREDENTIALS, makeResource } from '../parts/resources.ts'
import { connect, tellStory } from '../parts/stories.ts'
import { blocksUnder, readCurl } from './curl.ts'

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')

/** The curl commands of a block, in order. */
function commandsOf(block: string): string[] {
  const lines = block.replaceAll(/^ +/gm, (indent) => (indent.length > 3 ? '  ' : ''))
  return [...lines.matchAll(/^curl (?:[^\n]*\\\n)*[^\n]*$/gm)].map(([line]) => line)
}

/** The members of an answer in their order, without secrets and times. */
const members = (body: unknown): string[] => Object.keys(body as object)

async function begin(codeName = 'myfirstapp') {
  const story = await tellStory()
  const { test: server, world } = story
  const app = await world.makeApp({ codeName, scopes: ['openid', 'clients_read'] })
  const names: Record<string, string> = {
    TOKEN: await world.makePlatformToken('directory'),
    CLIENT_ID: app.clientId,
    CLIENT_SECRET: app.secret,
    REDIRECT_URI: app.redirectUri,
  }
  const curl = async (line: string) => {
    const { url, init } = readCurl(line, names)
    const response = await server.fetch(url, init)
    return { status: response.status, body: await read(response) }
  }
  return { story, server, world, app, names, curl }
}

test('the documented commands for resources work', async () => {
  const { story, names, app, curl } = await begin()
  const text = page('resources')
  const [register, ...others] = blocksUnder(text, '## Register a resource', 'sh').flatMap(commandsOf)
  const made = await curl(register!)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const [shown] = blocksUnder(text, '## Register a resource', 'json')
  assert.deepEqual(members(made.body.data.resource), members(JSON.parse(shown!).data.resource))
  const { uid, identifier } = made.body.data.resource
  names.RESOURCE_UID = uid
  const { code } = await connect(story, app, undefined, { resource: identifier })
  names.CODE = code
  const [ask] = blocksUnder(text, '## Request a token', 'sh').flatMap(commandsOf)
  const asked = await curl(ask!)
  assert.deepEqual([asked.status, asked.body.scope], [200, 'clients_read'], JSON.stringify(asked.body))
  assert.equal(others.length, 3)
  for (const line of others) assert.equal((await curl(line)).status, 200, line)
})

test('the documented commands for an app’s own tokens work', async () => {
  const { curl, names } = await begin('myfirstapp')
  const text = page('client-credentials')
  // The first one is in a list.
  const [, allow] = /^ {3}```sh\n([\s\S]*?)^ {3}```/m.exec(text)!
  const allowed = await curl(commandsOf(allow!)[0]!)
  assert.equal(allowed.status, 200, JSON.stringify(allowed.body))
  const service = "## The platform's own endpoint: `POST /oauth/service/token`"
  for (const heading of ['## Request a token', service]) {
    const shown = blocksUnder(text, heading, 'json')
    for (const [index, line] of blocksUnder(text, heading, 'sh').flatMap(commandsOf).entries()) {
      const answer = await curl(line)
      assert.deepEqual([answer.status, members(answer.body)], [200, members(JSON.parse(shown[index]!))])
      names.ACCESS_TOKEN ??= answer.body.access_token
    }
  }
})

test('the documented introspection command works', async () => {
  const { story, server, world, names, curl } = await begin()
  const app = await world.makeApp({ ...CLIENT_CREDENTIALS, trusted: true, scopes: ['openid', 'clients_read'] })
  const { visitor } = await connect(story, app)
  await visitor.open(authorizationPath(app))
  const { access_token: token } = await read(exchange(server, app, visitor.answer().code!))
  const api = await makeResource(server, null, { identifier: server.origin })
  Object.assign(names, { ACCESS_TOKEN: token, RESOURCE_ID: api.clientId, RESOURCE_SECRET: api.secret })
  const text = page('introspection')
  const [line] = blocksUnder(text, '## Introspect a token', 'sh').flatMap(commandsOf)
  const [shown] = blocksUnder(text, '## Introspect a token', 'json')
  const answer = await curl(line!)
  assert.deepEqual([answer.status, members(answer.body)], [200, members(JSON.parse(shown!))])
})
