import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenDigest } from '../../src/kit/digest.ts'
import { isOAuthError } from '../parts/answers.ts'
import { basic, exchangeForm, read, refresh, revoke, userinfo } from '../parts/app-calls.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { allowedApp, KEEPING, ROTATING, type Tokens } from './refreshing.ts'

onBothEngines((engine) => {
  test('revoking a refresh token ends every token of its approval, whether it is the used or the current one (RFC 7009 §2.1)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    for (const details of [{ public: true }, ROTATING, KEEPING]) {
      const { app, approve } = await allowedApp(story, details)
      const bystander = await approve()
      for (const which of [0, 1]) {
        const first = await approve()
        const second: Tokens = await read(refresh(server, app, first.refresh_token))
        const answer = await revoke(server, app, [first, second][which]!.refresh_token)
        assert.deepEqual([answer.status, await read(answer)], [200, {}])
        assert.equal(answer.headers.get('cache-control'), 'no-store')
        for (const tokens of [first, second]) {
          assert.equal((await userinfo(server, tokens.access_token)).status, 401)
          await isOAuthError(await refresh(server, app, tokens.refresh_token), 400, 'invalid_grant')
        }
        assert.equal(
          (await revoke(server, app, first.refresh_token)).status,
          200,
          'a second revocation changes nothing',
        )
      }
      assert.equal((await userinfo(server, bystander.access_token)).status, 200)
      assert.equal((await refresh(server, app, bystander.refresh_token)).status, 200)
      const events = await server.site.store.events.list({ appUid: app.uid, type: 'token.ended' }, 10)
      assert.deepEqual(
        events.map(({ businessUid, details }) => [businessUid, details]),
        Array.from({ length: 2 }, () => [story.bakery.uid, '{"kind":"refresh_token"}']),
      )
      assert.deepEqual(await server.site.store.events.list({ type: 'refresh-token.replayed' }, 10), [])
    }
  })

  test('revoking an access token ends only that token', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    for (const details of [KEEPING, { ...KEEPING, accessTokenFormat: 'jwt' as const }]) {
      const { app, approve } = await allowedApp(story, details)
      const first = await approve()
      const second: Tokens = await read(refresh(server, app, first.refresh_token))
      for (let times = 0; times < 2; times++) assert.equal((await revoke(server, app, first.access_token)).status, 200)
      assert.equal((await userinfo(server, first.access_token)).status, 401)
      assert.equal((await userinfo(server, second.access_token)).status, 200)
      assert.equal((await refresh(server, app, first.refresh_token)).status, 200)
      assert.equal((await server.site.store.events.list({ appUid: app.uid, type: 'token.ended' }, 10)).length, 1)
    }
  })

  test('only the app itself can revoke its own token', async () => {
    const { test: server, world } = await tellStory({ engine })
    const protocol = { grantTypes: ['client_credentials'] }
    const app = await world.makeApp({ protocol })
    const parameters = { grant_type: 'client_credentials', client_id: app.clientId, client_secret: app.secret }
    const { access_token: token } = await read(exchangeForm(server, parameters))
    const isLive = () => server.site.store.accessTokens.findLive(tokenDigest(token), server.clock.now())
    assert.equal((await revoke(server, await world.makeApp({ protocol }), token)).status, 200)
    assert.ok(await isLive())
    assert.equal((await revoke(server, app, token)).status, 200)
    assert.equal(await isLive(), undefined)
  })

  test('a wrong or unknown token_type_hint changes nothing (RFC 7009 §2.1)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, approve } = await allowedApp(story, KEEPING)
    for (const hint of ['access_token', 'refresh_token', 'id_token', 'unheard-of', '', '__proto__']) {
      const tokens = await approve()
      assert.equal((await revoke(server, app, tokens.access_token, { token_type_hint: hint })).status, 200)
      assert.equal((await userinfo(server, tokens.access_token)).status, 401, hint)
      assert.equal((await revoke(server, app, tokens.refresh_token, { token_type_hint: hint })).status, 200)
      await isOAuthError(await refresh(server, app, tokens.refresh_token), 400, 'invalid_grant', hint)
    }
  })

  test('unknown, ended and foreign tokens get the same answer and stay unchanged (RFC 7009 §2.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const { app, approve } = await allowedApp(story, ROTATING)
    const tokens = await approve()
    const next: Tokens = await read(refresh(server, app, tokens.refresh_token))
    const strangers = [await world.makeApp(), await world.makeApp({ public: true })]
    const all = [tokens, next].flatMap((each) => [each.access_token, each.refresh_token, each.id_token])
    const nothing = ['f'.repeat(64), 'x', ' ', '__proto__', `${next.access_token} `, 'x'.repeat(20_000), 'ü€😀']
    const bodies = new Set<string>()
    for (const stranger of strangers)
      for (const token of [...all, ...nothing]) {
        const answer = await revoke(server, stranger, token)
        assert.equal(answer.status, 200, token.slice(0, 80))
        bodies.add(await answer.text())
      }
    assert.equal(bodies.size, 1)
    for (const token of nothing) assert.equal((await revoke(server, app, token)).status, 200)
    for (const { access_token: token } of [tokens, next]) assert.equal((await userinfo(server, token)).status, 200)
    assert.equal((await refresh(server, app, next.refresh_token)).status, 200)
    assert.deepEqual(await server.site.store.events.list({ type: 'token.ended' }, 10), [])
  })

  test('an app authenticates as at the token endpoint, and a public app can revoke its tokens', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const { app, approve } = await allowedApp(story, KEEPING)
    const tokens = await approve()
    const token = tokens.refresh_token
    await isOAuthError(await revoke(server, app, token, { client_secret: undefined }), 401, 'invalid_client')
    await isOAuthError(await revoke(server, app, token, { client_secret: 'x' }), 401, 'invalid_client')
    await isOAuthError(await revoke(server, app, token, { client_id: 'x' }), 401, 'invalid_client')
    await isOAuthError(await revoke(server, app, token, { client_id: undefined }), 400, 'invalid_request')
    await isOAuthError(await revoke(server, app, '', {}), 400, 'invalid_request')
    const publicApp = await world.makeApp({ public: true })
    await isOAuthError(await revoke(server, publicApp, token, { client_secret: 'x' }), 401, 'invalid_client')
    assert.equal((await refresh(server, app, token)).status, 200, 'it is still valid')

    const body = `token=${token}`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const authorization = basic(app.clientId, app.secret)
    const send = (init: RequestInit, query = '') => server.fetch(`/oauth/revoke${query}`, { method: 'POST', ...init })
    await isOAuthError(
      await send({ headers: { ...headers, authorization }, body: `${body}&${body}` }),
      400,
      'invalid_request',
    )
    await isOAuthError(await send({ headers: { ...headers, authorization } }, `?${body}`), 400, 'invalid_request')
    const wrong = await send({ headers: { ...headers, authorization: basic(app.clientId, 'x') }, body })
    assert.match(wrong.headers.get('www-authenticate') ?? '', /^Basic /)
    await isOAuthError(wrong, 401, 'invalid_client')
    assert.equal((await send({ headers: { ...headers, authorization }, body })).status, 200)
    await isOAuthError(await refresh(server, app, token), 400, 'invalid_grant')
    assert.equal((await server.fetch('/oauth/revoke')).status, 405)

    const own = await allowedApp(story, { public: true })
    const theirs = await own.approve()
    assert.equal((await revoke(server, own.app, theirs.access_token)).status, 200)
    assert.equal((await userinfo(server, theirs.access_token)).status, 401)
    const json = { token: theirs.refresh_token, client_id: own.app.clientId }
    const asJson = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
    assert.equal((await send(asJson)).status, 200, 'as JSON too')
    await isOAuthError(await refresh(server, own.app, theirs.refresh_token), 400, 'invalid_grant')
  })
})
