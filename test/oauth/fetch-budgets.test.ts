import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { authorizationPath, read } from '../parts/app-calls.ts'
import { assertionOf, newSigner, tryAssertion } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'
import { CALLBACK, PKCE } from './registering.ts'

const ENV = {
  BEHALF_OUTBOUND_PRIVATE: 'on',
  BEHALF_CLIENT_ID_METADATA_DOCUMENTS: 'on',
}
const signer = newSigner('ES256')

onBothEngines((engine) => {
  /** A host that publishes documents, keys and a logo. What is below `/slow` never arrives. */
  async function begin() {
    const outbound = { timeout: 20, parallel: { all: 16, perHost: 4 } }
    const story = await tellStory({ engine, env: ENV, behindProxy: true, own: { outbound } })
    const { test: server } = story
    const place = await documentServer('')
    const base = `http://127.0.0.1:${place.port}`
    const came: string[] = []
    place.answer = (request: IncomingMessage, response: ServerResponse) => {
      came.push(request.url!)
      if (request.url!.startsWith('/slow')) return
      response.writeHead(200, { 'content-type': 'application/json' })
      if (request.url!.startsWith('/keys')) return void response.end(JSON.stringify({ keys: [signer.jwk] }))
      if (request.url === '/sector') return void response.end(JSON.stringify([CALLBACK]))
      // On the second reading, the document names a sector, which must be fetched too.
      const isRead = came.filter((url) => url === request.url).length > 1
      const sector = isRead ? { subject_type: 'pairwise', sector_identifier_uri: `${base}/sector` } : {}
      const document = { client_id: base + request.url, client_name: 'Assistant', redirect_uris: [CALLBACK] }
      const signs = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${base}/keys` }
      response.end(
        JSON.stringify({ ...document, ...(request.url!.startsWith('/signs') ? { ...signs, ...sector } : {}) }),
      )
    }
    const described = (path: string) =>
      ({ clientId: base + path, redirectUri: CALLBACK, origin: 'document', public: true, secret: '' }) as TestApp
    /** Requests authorization for an app that is described at this path. */
    const arrive = (path: string, address: string) =>
      server.fetch(authorizationPath(described(path), PKCE), { headers: { 'x-forwarded-for': address } })
    /** Lets strangers request documents that never arrive, from this many addresses. */
    const flood = async (addresses: number, each: number) => {
      for (let n = 0; n < addresses; n++)
        for (let m = 0; m < each; m++) void arrive(`/slow/${n}-${m}`, `203.0.113.${n}`).catch(() => {})
      const isFull = () => came.filter((url) => url.startsWith('/slow')).length >= 4
      for (let waited = 0; waited < 200 && !isFull(); waited++) await new Promise((resolve) => setTimeout(resolve, 50))
      assert.ok(isFull())
    }
    return { ...story, server, base, came, described, arrive, flood }
  }

  test('slow documents of unknown apps delay no keys and no document of an app that a business has connected', async () => {
    const story = await begin()
    const { server, flood, came } = story
    const known = story.described('/signs/known')
    await connect(story, known, undefined, PKCE)
    const platform = await story.world.makeApp({
      protocol: { authMethod: 'private_key_jwt' },
      jwksUri: `${story.base}/keys/of-platform`,
    })
    await flood(12, 20)

    // The keys of both are read now, and the document of the known app again.
    server.clock.advance(3600)
    for (const app of [platform, known]) {
      const answer = await read(tryAssertion(server, assertionOf(app, server, signer)))
      assert.equal(answer.error, 'invalid_grant', `${app.clientId}: ${answer.error_description}`)
    }
    assert.ok(came.includes('/keys') && came.includes('/keys/of-platform'))
    assert.equal(came.filter((url) => url === '/signs/known').length, 2)
    assert.equal(came.filter((url) => url === '/sector').length, 1)
    const posted = await server.site.outbound.post(`${story.base}/deliver`, 'x', {})
    assert.equal(posted.status, 200)
  })

  test('one address cannot use up what may be fetched from a host for others', async () => {
    const { flood, arrive } = await begin()
    await flood(1, 40)
    assert.equal((await arrive('/new', '198.51.100.7')).status, 303, 'a visitor at another address')
    const own = await arrive('/other', '203.0.113.0')
    assert.equal(own.status, 429)
    assert.ok(Number(own.headers.get('retry-after')) > 0)
  })

  test('what is fetched from one host is limited for all addresses together', async () => {
    const { arrive, came } = await begin()
    for (let n = 0; n < 140; n++) await arrive(`/many/${n}`, `203.0.113.${n}`)
    assert.equal(came.filter((url) => url.startsWith('/many')).length, 120)
  })
})
