import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REFRESH_SECONDS } from '../../src/domain/apps/app-keys.ts'
import { isOAuthError } from '../parts/answers.ts'
import { assertionOf, newSigner, type Signer, tryAssertion } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'

const [first, second, stranger] = [newSigner('ES256'), newSigner('ES256'), newSigner('ES256')]
const setOf = (...signers: Signer[]) => ({ keys: signers.map(({ jwk }) => jwk) })
const HOUR = 3600

onBothEngines((engine) => {
  const begin = async (
    answer: unknown = setOf(first),
    env: Record<string, string> = { BEHALF_OUTBOUND_PRIVATE: 'on' },
  ) => {
    const { test: server, world } = await tellStory({ engine, env })
    const publisher = await documentServer(answer)
    const app = await world.makeApp({ jwksUri: publisher.url, protocol: { authMethod: 'private_key_jwt' } })
    const tryCredentials = (signer: Signer, header = {}) =>
      tryAssertion(server, assertionOf(app, server, signer, { header }))
    const isProved = async (signer: Signer, about = '') =>
      isOAuthError(await tryCredentials(signer), 400, 'invalid_grant', about)
    const isRefused = async (signer: Signer, about = '') =>
      isOAuthError(await tryCredentials(signer), 401, 'invalid_client', about)
    return { server, world, publisher, app, isProved, isRefused }
  }

  test('the server fetches the published keys of an app once and caches them', async () => {
    const { publisher, isProved } = await begin()
    for (let times = 0; times < 5; times++) await isProved(first)
    assert.equal(publisher.asked.length, 1)
    const [{ headers }] = publisher.asked as [(typeof publisher.asked)[0]]
    assert.equal(headers.authorization, undefined)
    assert.equal(headers.cookie, undefined)
    assert.match(headers.accept!, /application\/jwk-set\+json/)
  })

  test('concurrent requests wait for one fetch of the keys', async () => {
    const { publisher, isProved } = await begin()
    await Promise.all(Array.from({ length: 20 }, () => isProved(first)))
    assert.equal(publisher.asked.length, 1)
  })

  test('a new key works from its first use, and a removed key stops working', async () => {
    const { server, publisher, isProved, isRefused } = await begin()
    await isProved(first)
    server.clock.advance(REFRESH_SECONDS)
    publisher.answer = setOf(first, second)
    await isProved(second)
    assert.equal(publisher.asked.length, 2)
    publisher.answer = setOf(second)
    server.clock.advance(600)
    await isRefused(first, 'taken away')
    await isProved(second)
  })

  test('an app that introduced itself causes no fetch of the keys of a known app, whose next fetch could then come too late', async () => {
    const { server, world, publisher, isProved } = await begin()
    await isProved(first)
    const protocol = { authMethod: 'private_key_jwt' } as const
    const copycat = await world.makeApp({ origin: 'registered', jwksUri: publisher.url, protocol })
    server.clock.advance(REFRESH_SECONDS)
    await isOAuthError(await tryAssertion(server, assertionOf(copycat, server, second)), 401, 'invalid_client')
    assert.equal(publisher.asked.length, 1)
    publisher.answer = setOf(second)
    await isProved(second)
    assert.equal(publisher.asked.length, 2)
  })

  test('the server fetches the keys of an app at most once a minute', async () => {
    const { server, publisher, isProved, isRefused } = await begin()
    await isProved(first)
    for (let times = 0; times < 50; times++) await isRefused(newSigner('EdDSA'))
    for (let times = 0; times < 50; times++) await isRefused(stranger)
    assert.equal(publisher.asked.length, 1)
    server.clock.advance(REFRESH_SECONDS)
    for (let times = 0; times < 50; times++) await isRefused(stranger)
    assert.equal(publisher.asked.length, 2)
    await isProved(first)
  })

  test('an unreachable key server is asked once a minute, and the cached keys work for an hour', async () => {
    const { server, publisher, isProved, isRefused } = await begin()
    await isProved(first)
    publisher.answer = (_: unknown, response: import('node:http').ServerResponse) => response.destroy()
    for (let minute = 0; minute < 20; minute++) {
      server.clock.advance(120)
      await isProved(first)
      await isProved(first)
    }
    assert.ok(publisher.asked.length <= 21, String(publisher.asked.length))
    server.clock.advance(HOUR)
    assert.match(await isRefused(first), /could not be read/)
    publisher.answer = setOf(first)
    await isRefused(first, 'it was fetched a moment ago')
    server.clock.advance(REFRESH_SECONDS)
    await isProved(first)
  })

  test('a document that is not a set of public keys is refused, and the error does not show its content (RFC 7517 §5)', async () => {
    const many = { keys: Array.from({ length: 10_000 }, (_, index) => ({ ...first.jwk, kid: `${index}` })) }
    const answers: Record<string, unknown> = {
      'a page': '<html>internal-secret</html>',
      'no list': { keys: 'internal-secret' },
      nothing: '',
      'no key': { keys: [] },
      'ten thousand keys': many,
      'more than twenty keys': { keys: many.keys.slice(0, 21) },
      'a private key': { keys: [first.privateJwk] },
      'a private key beside it': { keys: [first.jwk, second.privateJwk] },
      'a symmetric key': { keys: [{ kty: 'oct', k: 'aW50ZXJuYWwtc2VjcmV0', kid: first.kid }] },
      'two keys of one name': { keys: [first.jwk, { ...second.jwk, kid: first.kid }] },
      'a key for something else': { keys: [{ ...first.jwk, use: 'enc' }] },
      'a key that is none': { keys: [{ ...first.jwk, x: 'AAAA' }] },
      'a very large text': ' '.repeat(1_000_000),
      'a redirect': (_: unknown, response: import('node:http').ServerResponse) =>
        response.writeHead(302, { location: '/elsewhere' }).end(),
      'an error': (_: unknown, response: import('node:http').ServerResponse) =>
        response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(setOf(first))),
      'another type': (_: unknown, response: import('node:http').ServerResponse) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(setOf(first))),
    }
    const { server, publisher, isProved, isRefused } = await begin()
    for (const [what, answer] of Object.entries(answers)) {
      publisher.answer = answer
      server.clock.advance(2 * HOUR)
      const description = await isRefused(first, what)
      assert.doesNotMatch(description, /internal-secret|302|500|html|redirect|127\.0\.0\.1/i, what)
    }
    publisher.answer = setOf(first)
    server.clock.advance(HOUR)
    await isProved(first)
    assert.ok(!server.logged.join('').includes('internal-secret'), 'nor is it in the log')
  })

  test('the server fetches keys from its own machine only if a setting allows it', async () => {
    const { publisher, isRefused } = await begin(setOf(first), {})
    assert.match(await isRefused(first), /could not be read/)
    assert.equal(publisher.asked.length, 0)
  })

  test('a new jwks_uri takes effect immediately', async () => {
    const { server, app, publisher, isProved, isRefused } = await begin()
    await isProved(first)
    const elsewhere = await documentServer(setOf(second))
    const event = { uid: 'y'.repeat(25), type: 'x', at: 0, actor: 'x', result: 'done' as const }
    const { secret: _, ...was } = app
    await server.site.store.apps.change({ ...was, jwksUri: elsewhere.url }, event, was, false)
    await isRefused(first)
    await isProved(second)
    assert.deepEqual([publisher.asked.length, elsewhere.asked.length], [1, 1])
  })
})

test('apps that the platform does not vouch for share one limit of fetches per host', async () => {
  const { test: server, world } = await tellStory({ env: { BEHALF_OUTBOUND_PRIVATE: 'on' } })
  const publisher = await documentServer(setOf(first))
  const tryKeysOf = async (origin: 'registered' | 'document' | 'platform', path: string) => {
    const protocol = { authMethod: 'private_key_jwt' } as const
    const app = await world.makeApp({ origin, jwksUri: `${publisher.url}?${path}`, protocol })
    return tryAssertion(server, assertionOf(app, server, first))
  }
  await isOAuthError(await tryKeysOf('registered', 'first'), 400, 'invalid_grant')
  for (let n = 0; n < 80; n++) await tryKeysOf(n % 2 === 0 ? 'registered' : 'document', String(n))
  assert.equal(publisher.asked.length, 60)
  await isOAuthError(await tryKeysOf('document', 'one more'), 401, 'invalid_client')
  const nextDoor = await documentServer(setOf(first))
  const app = await world.makeApp({
    origin: 'registered',
    jwksUri: nextDoor.url,
    protocol: { authMethod: 'private_key_jwt' },
  })
  await isOAuthError(await tryAssertion(server, assertionOf(app, server, first)), 401, 'invalid_client')
  assert.equal(nextDoor.asked.length, 0, 'another port is the same host')
  await isOAuthError(
    await tryKeysOf('platform', 'a partner'),
    400,
    'invalid_grant',
    'keys of partners’ apps are still fetched',
  )
  assert.equal(publisher.asked.length, 61)
})
