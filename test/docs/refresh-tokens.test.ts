import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { connect, tellStory } from '../parts/stories.ts'
import { blocksUnder, readCurl } from './curl.ts'

const page = readFileSync(new URL('../../docs/refresh-tokens.md', import.meta.url), 'utf8')

test('the commands of docs/refresh-tokens.md refresh and revoke', async () => {
  const story = await tellStory()
  const { test: server, world } = story
  const app = await world.makeApp({ accessTokenLifetime: 3600 })
  const { code } = await connect(story, app, undefined, { scope: 'openid offline_access' })
  const first = await read(exchange(server, app, code))
  const [shown] = blocksUnder(page, '## Who gets a refresh token', 'json')
  assert.deepEqual(
    Object.keys(first),
    [...shown!.matchAll(/"(\w+)":/g)].map(([, name]) => name),
  )

  const names = { CLIENT_ID: app.clientId, CLIENT_SECRET: app.secret, REFRESH_TOKEN: first.refresh_token }
  const curl = (heading: string) => {
    const [command] = blocksUnder(page, heading, 'sh')
    const { url, init } = readCurl(command!, names)
    return server.fetch(url, init)
  }
  const next = await read(curl('## Refresh an access token'))
  assert.equal((await userinfo(server, next.access_token)).status, 200)
  const revoked = await curl('## Revoke a token')
  assert.deepEqual([revoked.status, await read(revoked)], [200, {}])
  assert.equal((await userinfo(server, next.access_token)).status, 401)
  assert.equal((await read(curl('## Refresh an access token'))).error, 'invalid_grant')
})
