import assert from 'node:assert/strict'
import { get } from 'node:http'
import { test } from 'node:test'
import { listeningSite } from '../parts/listening-site.ts'

const { origin } = await listeningSite()

/** Sends a request target exactly as it is given, as no URL parser would. */
function statusOf(path: string): Promise<number> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const asked = get({ hostname, port, path, agent: false }, (answer) => resolve(answer.resume().statusCode!))
    asked.on('error', reject)
  })
}

test('a proxy that closes a path closes every spelling of it: dot segments and backslashes lead nowhere', async () => {
  const open = ['/oauth/jwks', '//oauth/jwks', '/oauth/jwks?a=/../b\\c', `${origin}/oauth/jwks`, '/oauth/jwks#/../x']
  for (const path of open) assert.equal(await statusOf(path), 200, path)
  const spellings = ['/x/../oauth/jwks', '/x/%2e%2E/oauth/jwks', '/x/.%2e/oauth/jwks', '/./oauth/jwks']
  const backslashes = ['/x\\..\\oauth\\jwks', '/\\oauth/jwks', '/oauth\\jwks']
  for (const path of [...spellings, ...backslashes, `${origin}/x/../oauth/jwks`, '/x/../oauth/jwks?a=b'])
    assert.equal(await statusOf(path), 404, path)
})
