import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuthError, isSentBack } from '../parts/answers.ts'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { askToken, CLIENT_CREDENTIALS, makeResource, payloadOf } from '../parts/resources.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'

const BROKER = 'https://broker.example.com'
const METRICS = 'https://metrics.example.com/api'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  for (const identifier of [BROKER, METRICS])
    await makeResource(server, world.directory.uid, {
      identifier,
      scopes: ['openid', 'clients_read', 'app/installs'],
      tokenFormat: 'jwt',
    })
  await makeResource(server, (await world.makeDirectory('Southwind')).uid, { identifier: 'https://south.example.com' })

  const scopes = ['openid', 'clients_read', 'app/installs']
  const makeApp = (protocol: TestApp['protocol'] = {}) =>
    world.makeApp({ trusted: true, scopes, protocol: { ...CLIENT_CREDENTIALS.protocol, ...protocol } })
  const plain = await makeApp()
  const withDefault = await makeApp({ defaultResource: BROKER, refresh: 'always' })

  /** Returns the audience of the token for a code; the issuer for an opaque token, which is for the platform's own API. */
  async function audienceFor(app: TestApp, atAuthorize: Record<string, string>, atToken: Record<string, string> = {}) {
    const { code } = await connect(story, app, undefined, atAuthorize)
    return audienceOf(await read(exchange(server, app, code, atToken)))
  }
  const audienceOf = ({ access_token: token, ...rest }: Record<string, string>) =>
    token?.includes('.') ? payloadOf(token).aud : token === undefined ? rest.error : server.origin
  const ownAudience = async (app: TestApp, parameters: Record<string, string> = {}) =>
    audienceOf(
      await read(askToken(server, app, { grant_type: 'client_credentials', scope: 'app/installs', ...parameters })),
    )

  test('an app with a default resource gets tokens for it when it names none (RFC 8707 §2)', async () => {
    assert.equal(await audienceFor(withDefault, {}), BROKER)
    assert.equal(await ownAudience(withDefault), BROKER)
    assert.equal(await audienceFor(plain, {}), server.origin, 'and no other app does')
    assert.equal(await ownAudience(plain), server.origin)
    const { code } = await connect(story, withDefault)
    const { refresh_token } = await read(exchange(server, withDefault, code))
    const refreshed = await read(askToken(server, withDefault, { grant_type: 'refresh_token', refresh_token }))
    assert.equal(audienceOf(refreshed), BROKER)
  })

  test('a named resource, the issuer included, takes the place of the default', async () => {
    assert.equal(await audienceFor(withDefault, { resource: METRICS }), METRICS)
    assert.equal(await audienceFor(withDefault, { resource: server.origin }), server.origin)
    assert.equal(await ownAudience(withDefault, { resource: METRICS }), METRICS)
    assert.equal(await ownAudience(withDefault, { audience: server.origin }), server.origin)
  })

  test('a default resource that the app may not request is refused, not passed over', async () => {
    for (const defaultResource of ['https://unregistered.example.com', 'https://south.example.com']) {
      const app = await makeApp({ defaultResource })
      const answer = isSentBack(await server.fetch(authorizationPath(app, {})), app.redirectUri)
      assert.equal(answer.error, 'invalid_target', defaultResource)
      assert.equal(await ownAudience(app), 'invalid_target', defaultResource)
    }
  })

  test('audience means the resource that it names, at every endpoint', async () => {
    for (const audience of [METRICS, 'https://METRICS.example.com/api']) {
      assert.equal(await audienceFor(plain, { audience }), METRICS)
      assert.equal(await audienceFor(plain, { audience }, { audience }), METRICS)
      assert.equal(await ownAudience(plain, { audience }), METRICS)
      assert.equal(await audienceFor(withDefault, { audience }), METRICS)
    }
    const pushed = await read(
      exchangeFormAt('/oauth/par', plain, {
        redirect_uri: plain.redirectUri,
        audience: METRICS,
        scope: 'clients_read',
      }),
    )
    const { code } = await connect(story, plain, undefined, { request_uri: pushed.request_uri })
    assert.equal(audienceOf(await read(exchange(server, plain, code))), METRICS)
  })

  test('an audience that names no resource of the app is ignored, and resource comes first', async () => {
    for (const audience of [
      'account',
      'https://south.example.com',
      'https://unregistered.example.com',
      `${METRICS}/x`,
    ]) {
      assert.equal(await audienceFor(plain, { audience }, { audience }), server.origin, audience)
      assert.equal(await ownAudience(plain, { audience }), server.origin, audience)
      assert.equal(await ownAudience(withDefault, { audience }), BROKER, audience)
    }
    assert.equal(await audienceFor(plain, { audience: BROKER, resource: METRICS }), METRICS)
    assert.equal(await ownAudience(plain, { audience: BROKER, resource: METRICS }), METRICS)
  })

  test('an audience at the token endpoint must be granted, and a refusal does not use up the code', async () => {
    const { code } = await connect(story, plain, undefined, { audience: METRICS })
    await isOAuthError(await exchange(server, plain, code, { audience: BROKER }), 400, 'invalid_target')
    assert.equal((await exchange(server, plain, code)).status, 200)
  })

  function exchangeFormAt(path: string, app: TestApp, form: Record<string, string>) {
    const body = new URLSearchParams({ client_id: app.clientId, client_secret: app.secret, ...form }).toString()
    return server.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
  }
})
