import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AppProtocol } from '../../src/store/nouns/apps.ts'
import { isOAuthError } from '../parts/answers.ts'
import { read } from '../parts/app-calls.ts'
import { assertionOf, newSigner, tryAssertion } from '../parts/assertions.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { makeFolder } from '../parts/server-process.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'

const signer = newSigner('ES256')
const protocol: AppProtocol = { authMethod: 'private_key_jwt', jwks: { keys: [signer.jwk] } }

onBothEngines((engine) => {
  /** Prepares two servers on one database. `another` opens the second one when the test calls it. */
  const begin = async () => {
    const databaseUrl = engine === 'postgres' ? await freshDatabase() : `sqlite:${join(makeFolder(), 'behalf.db')}`
    const story = await tellStory({ databaseUrl })
    const app = await story.world.makeApp({ protocol })
    const another = () => testSite({ databaseUrl, clock: story.test.clock })
    return { story, server: story.test, app, another }
  }

  test('an assertion works once, on all servers and after a restart (RFC 7523 §3)', async () => {
    const { server, app, another } = await begin()
    const assertion = assertionOf(app, server, signer)
    await isOAuthError(await tryAssertion(server, assertion), 400, 'invalid_grant')
    assert.match(await isOAuthError(await tryAssertion(server, assertion), 401, 'invalid_client'), /was used before/)
    await isOAuthError(await tryAssertion(await another(), assertion), 401, 'invalid_client')
    server.clock.advance(59)
    await isOAuthError(await tryAssertion(await another(), assertion), 401, 'invalid_client', 'at its expiry')
  })

  test('of many copies that arrive at once at two servers, one works', async () => {
    const { server, app, another } = await begin()
    const servers = [server, await another()]
    const assertion = assertionOf(app, server, signer)
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => tryAssertion(servers[index % 2]!, assertion)),
    )
    const errors = await Promise.all(answers.map(async (answer) => (await read(answer)).error))
    assert.equal(errors.filter((error) => error === 'invalid_grant').length, 1)
    assert.equal(errors.filter((error) => error === 'invalid_client').length, 29)
  })

  test('a used assertion is kept until it expires, clock tolerance included', async () => {
    const { server, app } = await begin()
    const now = server.clock.now()
    const assertion = assertionOf(app, server, signer, { claims: { exp: now + 600 } })
    await isOAuthError(await tryAssertion(server, assertion), 400, 'invalid_grant')
    for (const later of [599, 600, 629, 630, 900, 929]) {
      server.clock.set(now + later)
      await server.site.store.sweep(server.clock.now(), { tombstone: 3600, event: 86_400 }, 1000)
      await isOAuthError(await tryAssertion(server, assertion), 401, 'invalid_client', String(later))
    }
  })

  test('an assertion that names a far end is kept until ten minutes after it was made, and then refused', async () => {
    const { server, app } = await begin()
    const now = server.clock.now()
    const assertion = assertionOf(app, server, signer, { claims: { iat: now - 100, nbf: undefined, exp: now + 3600 } })
    await isOAuthError(await tryAssertion(server, assertion), 400, 'invalid_grant')
    for (const later of [1, 499, 500, 529, 530, 828, 3599]) {
      server.clock.set(now + later)
      await server.site.store.sweep(server.clock.now(), { tombstone: 3600, event: 86_400 }, 1000)
      await isOAuthError(await tryAssertion(server, assertion), 401, 'invalid_client', String(later))
    }
  })

  test('an assertion used by one app does not affect another app, and a refused assertion is not used up', async () => {
    const { story, server, app } = await begin()
    const twin = await story.world.makeApp({ protocol })
    const claims = { jti: 'the same' }
    const forged = assertionOf(app, server, newSigner('ES256', signer.kid), { claims })
    await isOAuthError(await tryAssertion(server, forged), 401, 'invalid_client')
    for (const each of [app, twin])
      await isOAuthError(
        await tryAssertion(server, assertionOf(each, server, signer, { claims })),
        400,
        'invalid_grant',
      )
    const again = assertionOf(app, server, signer, { claims })
    await isOAuthError(await tryAssertion(server, again), 401, 'invalid_client', 'another assertion with the same jti')
  })

  test('a replayed assertion is written to the audit log, at a limited rate', async () => {
    const { server, app } = await begin()
    const assertion = assertionOf(app, server, signer)
    for (let times = 0; times < 30; times++) await tryAssertion(server, assertion)
    await server.site.refusals.flush()
    const events = await server.site.store.events.list({ appUid: app.uid, type: 'app.refused' }, 100)
    assert.equal(events.length, 10)
    assert.deepEqual(JSON.parse(events[0]!.details!), { method: 'private_key_jwt' })
  })
})
