import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import type { ClientAuthMethod } from '../../src/store/nouns/apps.ts'
import { isOAuthError } from '../parts/answers.ts'
import { basic, read } from '../parts/app-calls.ts'
import { ASSERTION_TYPE, assertionOf, newSigner, tryCredentials, withSecret } from '../parts/assertions.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { makeFolder } from '../parts/server-process.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { type TestSiteOptions, testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { partner } from '../platform/partner.ts'

const signer = newSigner('ES256')
const jwks = { keys: [signer.jwk] }
const METHODS: ClientAuthMethod[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
]

onBothEngines((engine) => {
  /** An app registered through the management API, its secret, and every method of authentication to try. */
  const begin = async (options: TestSiteOptions = { engine }) => {
    const story = await tellStory(options)
    const { test: server, world } = story
    const operator = partner(server, await world.makePlatformToken('internal'))
    const register = async (
      method: ClientAuthMethod | undefined,
      more: Record<string, unknown> = {},
    ): Promise<TestApp> => {
      const keys = method === 'private_key_jwt' ? { jwks } : {}
      const chosen = method === undefined ? {} : { token_endpoint_auth_method: method }
      const { body, status } = await operator.register({ ...chosen, ...keys, ...more })
      assert.equal(status, 201, JSON.stringify(body))
      const app = await server.site.store.apps.findLive(body.data.app_id)
      return { ...app!, secret: body.data.client_secret }
    }
    const type = ASSERTION_TYPE
    const proofs = (
      app: TestApp,
      secret = app.secret ?? 'none',
    ): Record<ClientAuthMethod, [Record<string, string>, Record<string, string>?]> => {
      const bySecret = { alg: 'HS256', kid: undefined as never, sign: withSecret(secret) }
      return {
        none: [{ client_id: app.clientId }],
        client_secret_basic: [{}, { authorization: basic(app.clientId, secret) }],
        client_secret_post: [{ client_id: app.clientId, client_secret: secret }],
        client_secret_jwt: [{ client_assertion_type: type, client_assertion: assertionOf(app, server, bySecret) }],
        private_key_jwt: [{ client_assertion_type: type, client_assertion: assertionOf(app, server, signer) }],
      }
    }
    const isProved = async ([body, headers]: [Record<string, string>, Record<string, string>?], about = '') =>
      isOAuthError(await tryCredentials(server, body, headers), 400, 'invalid_grant', about)
    const isRefused = async ([body, headers]: [Record<string, string>, Record<string, string>?], about = '') =>
      isOAuthError(await tryCredentials(server, body, headers), 401, 'invalid_client', about)
    return { story, server, operator, register, proofs, isProved, isRefused }
  }

  test('only the registered method is accepted (RFC 7591 §2)', async () => {
    const { register, proofs, isProved, isRefused } = await begin()
    for (const registered of METHODS) {
      const app = await register(registered)
      for (const used of METHODS) {
        const about = `registered ${registered}, used ${used}`
        if (used === registered) await isProved(proofs(app)[used], about)
        else await isRefused(proofs(app)[used], about)
      }
    }
  })

  test('without a registered method, the secret is accepted in the header and in the body', async () => {
    const { register, proofs, isProved, isRefused, operator } = await begin()
    const app = await register(undefined)
    for (const used of METHODS) {
      if (used === 'client_secret_basic' || used === 'client_secret_post') await isProved(proofs(app)[used], used)
      else await isRefused(proofs(app)[used], used)
    }
    // An app with a secret and keys chooses the method with each request, as the documentation of the platform says.
    assert.equal((await operator.change(app.codeName, { jwks })).status, 200)
    for (const used of ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const)
      await isProved(proofs(app)[used], used)
    for (const used of ['client_secret_jwt', 'none'] as const) await isRefused(proofs(app)[used], used)
  })

  test('two methods at once are refused, even if one of them is right (RFC 6749 §2.3)', async () => {
    const { server, register, proofs } = await begin()
    for (const registered of [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
    ] as const) {
      const app = await register(registered)
      for (const secret of [app.secret ?? 'x', 'wrong']) {
        const ways = () => {
          const made = proofs(app, secret)
          return [made.client_secret_basic, made.client_secret_post, made.client_secret_jwt, made.private_key_jwt]
        }
        for (let one = 0; one < 4; one++) {
          for (let two = one + 1; two < 4; two++) {
            if (one === 2 && two === 3) continue
            const [a, b] = [ways()[one]!, ways()[two]!]
            const response = await tryCredentials(server, { ...a[0], ...b[0] }, { ...a[1], ...b[1] })
            await isOAuthError(response, 400, 'invalid_request', `${registered}: ${one} and ${two}`)
          }
        }
      }
    }
  })

  test('credentials in the URL are refused (RFC 6749 §2.3.1)', async () => {
    const { server, register, proofs } = await begin()
    const app = await register('private_key_jwt')
    const [inQuery] = proofs(app).private_key_jwt
    for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/oauth/par']) {
      for (const query of [inQuery, { client_id: app.clientId, client_secret: 'x' }]) {
        const response = await server.fetch(`${path}?${new URLSearchParams(query)}`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'grant_type=authorization_code&code=x&token=x',
        })
        await isOAuthError(response, 400, 'invalid_request', path)
      }
    }
  })

  test('an app with private_key_jwt has no secret, and neither has a public app', async () => {
    const { server, register } = await begin()
    for (const method of ['private_key_jwt', 'none'] as const) {
      const app = await register(method)
      assert.equal(app.secret, null)
      assert.deepEqual(await server.site.store.appSecrets.listLive(app.uid, server.clock.now()), [])
      for (const secret of ['', 'null', 'undefined']) {
        const answer = await tryCredentials(server, {}, { authorization: basic(app.clientId, secret) })
        // The id of a public app with an empty secret is the method `none`.
        if (method === 'none' && secret === '') await isOAuthError(answer, 400, 'invalid_grant')
        else await isOAuthError(answer, 401, 'invalid_client')
      }
    }
  })

  test('an app without a secret matches no secret, not even an empty one', async () => {
    const { story, server } = await begin()
    const app = await story.world.makeApp()
    const [secret] = await server.site.store.appSecrets.listLive(app.uid, server.clock.now())
    await server.site.store.appSecrets.end(secret!.uid, server.clock.now(), {
      uid: 'x'.repeat(25),
      type: 'x',
      at: 0,
      actor: 'x',
      result: 'done',
    })
    for (const sent of [{}, { client_secret: '' }, { client_secret: 'null' }, { client_secret: app.secret }])
      await isOAuthError(await tryCredentials(server, { client_id: app.clientId, ...sent }), 401, 'invalid_client')
  })

  test('an app with client_secret_jwt never sends its secret, and continues when the secret is replaced (OpenID Connect Core §9)', async () => {
    const { server, operator, register, proofs, isProved, isRefused } = await begin()
    const app = await register('client_secret_jwt')
    const second = await operator.call('POST', `/platform/v1/apps/${app.codeName}/secrets`, { name: 'second' })
    assert.equal(second.status, 201)
    const { client_secret: next, uid } = second.body.data
    await isProved(proofs(app).client_secret_jwt)
    await isProved(proofs(app, next).client_secret_jwt)
    await isRefused(proofs(app, 'f'.repeat(64)).client_secret_jwt)
    const statement = proofs(app, next).client_secret_jwt
    await isProved(statement)
    assert.match(await isRefused(statement), /was used before/)
    await operator.call('DELETE', `/platform/v1/apps/${app.codeName}/secrets/${uid}`)
    await isRefused(proofs(app, next).client_secret_jwt)
    await isProved(proofs(app).client_secret_jwt)
    const [row] = await server.site.store.appSecrets.listLive(app.uid, server.clock.now())
    assert.ok(row!.sealed && !row!.sealed.includes(app.secret.slice(0, 16)), 'the copy is sealed')
  })

  test('an app with client_secret_jwt continues when the server’s own secret is replaced', async () => {
    const [old, next] = ['the-old-secret-of-a-server-for-tests-0', 'the-new-secret-of-a-server-for-tests-0']
    const databaseUrl = engine === 'postgres' ? await freshDatabase() : `sqlite:${join(makeFolder(), 'behalf.db')}`
    const first = await begin({ databaseUrl, env: { BEHALF_SECRET: old } })
    const app = await first.register('client_secret_jwt')
    for (const secret of [`${next},${old}`, next]) {
      const server = await testSite({ databaseUrl, clock: first.server.clock, env: { BEHALF_SECRET: secret } })
      const [body] = first.proofs(app).client_secret_jwt
      await isOAuthError(await tryCredentials(server, body), 400, 'invalid_grant', secret)
      // The operator retires the keys that were sealed under the old secret, and makes new ones.
      if (secret !== next)
        for (const { kid } of (await server.site.keys.published()).keys)
          await server.site.keys.retire(kid!, operatorActor)
    }
  })

  test('a secret that is not kept for signing cannot verify an assertion, and the error says so', async () => {
    const { server, operator, register, proofs, isProved, isRefused } = await begin()
    const app = await register('client_secret_post')
    const [row] = await server.site.store.appSecrets.listLive(app.uid, server.clock.now())
    assert.equal(row!.sealed, null)
    await operator.change(app.codeName, { token_endpoint_auth_method: 'client_secret_jwt' })
    assert.match(await isRefused(proofs(app).client_secret_jwt), /make a new one/)
    const { body } = await operator.call('POST', `/platform/v1/apps/${app.codeName}/secrets`, { name: 'to sign with' })
    await isProved(proofs(app, body.data.client_secret).client_secret_jwt)
  })

  test('the metadata lists the methods and the algorithms (RFC 8414 §2)', async () => {
    const { server } = await begin()
    const metadata = await read(server.fetch('/.well-known/oauth-authorization-server'))
    const algorithms = ['ES256', 'Ed25519', 'EdDSA', 'HS256', 'PS256', 'RS256']
    for (const endpoint of ['token', 'introspection', 'revocation']) {
      const methods = metadata[`${endpoint}_endpoint_auth_methods_supported`]
      const isForPublic = endpoint !== 'introspection'
      assert.deepEqual(
        methods.toSorted(),
        METHODS.filter((each) => isForPublic || each !== 'none').toSorted(),
        endpoint,
      )
      assert.deepEqual(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`].toSorted(), algorithms)
    }
  })

  test('the method, the algorithm and the keys of a registration must agree', async () => {
    const { operator } = await begin()
    const bad: [Record<string, unknown>, string][] = [
      [{ token_endpoint_auth_method: 'private_key_jwt' }, 'token_endpoint_auth_method'],
      [{ token_endpoint_auth_method: 'tls_client_auth' }, 'token_endpoint_auth_method'],
      [
        { token_endpoint_auth_method: 'private_key_jwt', jwks, token_endpoint_auth_signing_alg: 'HS256' },
        'token_endpoint_auth_signing_alg',
      ],
      [
        { token_endpoint_auth_method: 'private_key_jwt', jwks, token_endpoint_auth_signing_alg: 'none' },
        'token_endpoint_auth_signing_alg',
      ],
      [
        { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'RS256' },
        'token_endpoint_auth_signing_alg',
      ],
      [{ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [signer.privateJwk] } }, 'jwks'],
      [{ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, 'jwks'],
      [
        { token_endpoint_auth_method: 'private_key_jwt', jwks, client_auth_jwks_uri: 'https://app.example/jwks' },
        'jwks',
      ],
    ]
    for (const [body, field] of bad) {
      const answer = await operator.register(body)
      assert.deepEqual([answer.status, answer.body.field], [422, field], JSON.stringify(answer.body))
    }
  })

  test('the response to a registration contains what was registered', async () => {
    const { operator, register } = await begin()
    const app = await register('private_key_jwt', { token_endpoint_auth_signing_alg: 'ES256' })
    const { application } = (await operator.show(app.codeName)).body.data
    assert.equal(application.token_endpoint_auth_method, 'private_key_jwt')
    assert.equal(application.token_endpoint_auth_signing_alg, 'ES256')
    assert.deepEqual(application.jwks, jwks)
  })
})
