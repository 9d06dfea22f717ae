import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { read } from '../parts/app-calls.ts'
import { tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'
import { blocksUnder, readCurl } from './curl.ts'

const page = readFileSync(new URL('../../docs/pushed-requests.md', import.meta.url), 'utf8')

test('the commands of docs/pushed-requests.md push a request and lead to the permission dialog', async () => {
  const { test: server, world } = await tellStory()
  const app = await world.makeApp()
  const names: Record<string, string> = {
    CLIENT_ID: app.clientId,
    CLIENT_SECRET: app.secret,
    REDIRECT_URI: app.redirectUri,
    STATE: 's',
    CHALLENGE: createHash('sha256').update('x'.repeat(43)).digest('base64url'),
  }
  const filled = (text: string) => text.replaceAll(/\$(\w+)/g, (_, name) => names[name]!)
  const [push] = blocksUnder(page, '## Push the request', 'sh')
  const { url, init } = readCurl(push!, names)
  const response = await server.fetch(url, init)
  const [shown] = blocksUnder(page, '## Push the request', 'json')
  assert.equal(response.status, 201)
  const { request_uri: name, ...rest } = await read(response)
  assert.deepEqual({ ...JSON.parse(shown!), request_uri: '' }, { ...rest, request_uri: '' })

  names.REQUEST_URI = encodeURIComponent(name)
  const [address] = /^http:\/\/localhost:7200\/oauth\/authorize\S+$/m.exec(page)!
  const visitor = world.visitor()
  await visitor.open(filled(address!))
  await visitor.signIn('dana@example.com', PASSWORD)
  await visitor.allow()
  assert.equal(visitor.answer().state, 's')
})
