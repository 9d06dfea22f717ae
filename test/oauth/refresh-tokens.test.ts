import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import type { AppProtocol } from '../../src/store/nouns/apps.ts'
import { isOAuthError } from '../parts/answers.ts'
import { exchange, exchangeForm, read, refresh, userinfo } from '../parts/app-calls.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'
import { allowedApp, KEEPING, ROTATING } from './refreshing.ts'

const ALL = 'openid profile email clients_read offline_access'
const DAY = 86_400

/** Changes the registration of the app, as an operator does. */
async function change({ test: server }: Story, app: TestApp, changes: Partial<TestApp>): Promise<void> {
  const { secret: _, ...was } = app
  const event = newEvent({ type: 'app.changed', at: server.clock.now() })
  assert.equal(await server.site.store.apps.change({ ...was, ...changes }, event, was, false), true)
}

onBothEngines((engine) => {
  test('public apps get a refresh token by default, confidential apps with offline_access (OpenID Connect Core §11)', async () => {
    const story = await tellStory({ engine })
    const cases: [about: string, details: Partial<TestApp>, plain: boolean, asked: boolean][] = [
      ['an app with a secret', {}, false, true],
      ['a public app', { public: true, redirectUri: 'https://app.example/cb' }, true, true],
      ['an app that registered itself', { origin: 'registered' }, true, true],
      ['set to always', { protocol: { refresh: 'always' } }, true, true],
      ['set to never', { protocol: { refresh: 'never' } }, false, false],
      ['a public app set to never', { public: true, protocol: { refresh: 'never' } }, false, false],
      ['a public app that must request it', { public: true, protocol: { refresh: 'offline_access' } }, false, true],
      [
        'registered for other grants',
        { protocol: { refresh: 'always', grantTypes: ['authorization_code'] } },
        false,
        false,
      ],
    ]
    for (const [about, details, plain, asked] of cases) {
      const { app, approve } = await allowedApp(story, details)
      for (const [parameters, isDue] of [
        [{}, plain],
        [{ scope: 'openid offline_access' }, asked],
      ] as const) {
        const tokens = await approve(parameters)
        assert.equal(tokens.refresh_token !== undefined, isDue, `${about}, ${JSON.stringify(parameters)}`)
        if (isDue) assert.equal((await refresh(story.test, app, tokens.refresh_token)).status, 200, about)
      }
    }
  })

  test('access tokens of public apps and of apps that registered themselves live for an hour', async () => {
    const story = await tellStory({ engine })
    for (const [details, lifetime] of [
      [{}, 631_152_000],
      [{ public: true }, 3600],
      [{ origin: 'registered' }, 3600],
      [{ origin: 'registered', accessTokenLifetime: 60 }, 60],
    ] as const) {
      const { app, approve } = await allowedApp(story, details)
      const tokens = await approve({ scope: 'openid offline_access' })
      assert.equal(tokens.expires_in, lifetime)
      assert.equal((await read(refresh(story.test, app, tokens.refresh_token))).expires_in, lifetime)
    }
  })

  test('a refresh returns a new access token, and a new refresh token if the app rotates (RFC 6749 §6)', async () => {
    const story = await tellStory({ engine })
    const { test: server, bakery } = story
    for (const [details, isReplaced] of [
      [{ public: true }, true],
      [{ public: true, protocol: { rotateRefreshTokens: false } }, true],
      [{ origin: 'registered' }, true],
      [{ origin: 'registered', protocol: { rotateRefreshTokens: false } }, false],
      [ROTATING, true],
      [KEEPING, false],
    ] as [Partial<TestApp>, boolean][]) {
      const { app, approve } = await allowedApp(story, details)
      const first = await approve()
      let token = first.refresh_token
      const seen = new Set([first.access_token])
      for (let round = 0; round < 3; round++) {
        server.clock.advance(100)
        const answer = await refresh(server, app, token)
        assert.equal(answer.headers.get('cache-control'), 'no-store')
        const next = await read(answer)
        assert.match(next.refresh_token, /^[0-9a-f]{64}$/)
        assert.equal(next.refresh_token !== token, isReplaced)
        assert.equal((await read(userinfo(server, next.access_token))).business_uid, bakery.uid)
        seen.add(next.access_token)
        token = next.refresh_token
      }
      assert.equal(seen.size, 4)
      assert.equal((await userinfo(server, first.access_token)).status, 200, 'earlier access tokens live their time')
    }
  })

  test('a refreshed ID token describes the same sign-in (OpenID Connect Core §12.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, approve } = await allowedApp(story, ROTATING)
    const first = await approve({ nonce: 'n-1' })
    const was = decodeJwt(first.id_token)
    assert.equal(was.nonce, 'n-1')
    server.clock.advance(5000)
    const second = await read(refresh(server, app, first.refresh_token))
    const third = await read(refresh(server, app, second.refresh_token))
    for (const { id_token: idToken } of [second, third]) {
      const is = decodeJwt(idToken)
      for (const claim of ['iss', 'sub', 'aud', 'auth_time', 'business_uid'])
        assert.deepEqual(is[claim], was[claim], claim)
      assert.equal(is.iat, server.clock.now())
      assert.equal(is.nonce, undefined)
    }
  })

  test('a refresh may request fewer scopes, never more, and a narrowed refresh keeps the granted scopes (RFC 6749 §6)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    for (const way of [ROTATING, KEEPING]) {
      const scopes = ['openid', 'profile', 'email', 'clients_read', 'payments_read']
      const { app, approve } = await allowedApp(story, { ...way, scopes })
      let { refresh_token: token, scope } = await approve({ scope: ALL })
      assert.equal(scope, ALL)
      const ask = async (asked: string | undefined) => {
        const answer = await read(refresh(server, app, token, { scope: asked }))
        token = answer.refresh_token ?? token
        return answer
      }
      const less = await ask('clients_read profile')
      assert.deepEqual([less.scope, less.id_token], ['profile clients_read', undefined])
      const info = await read(userinfo(server, less.access_token))
      assert.deepEqual([info.scope, info.email], ['profile clients_read', undefined])
      assert.equal((await ask('clients_read clients_read')).scope, 'clients_read')
      assert.equal((await ask('')).scope, ALL, 'an empty parameter is none')
      for (const more of ['payments_read', `${ALL} payments_read`, 'unheard-of', 'OPENID', 'openid\temail'])
        await isOAuthError(await refresh(server, app, token, { scope: more }), 400, 'invalid_scope', more)
      assert.equal((await ask(undefined)).scope, ALL, 'refused requests changed nothing')
    }
  })

  test('a refresh returns nothing that the app is no longer registered for', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const scopes = ['clients_read', 'payments_read']
    const { app, approve } = await allowedApp(story, { ...KEEPING, scopes })
    const { refresh_token: token } = await approve()
    await change(story, app, { scopes: ['clients_read'] })
    const left = await read(refresh(server, app, token))
    assert.equal(left.scope, 'clients_read')
    assert.equal((await read(userinfo(server, left.access_token))).scope, 'clients_read')
    await isOAuthError(await refresh(server, app, token, { scope: 'payments_read' }), 400, 'invalid_scope')
    await change(story, { ...app, scopes: ['clients_read'] }, { scopes: ['profile'] })
    await isOAuthError(await refresh(server, app, token), 400, 'invalid_grant')
    await change(story, { ...app, scopes: ['profile'] }, { scopes })
    assert.equal((await read(refresh(server, app, token))).scope, 'clients_read payments_read')
  })

  test('only the authenticated app that got the refresh token can use it (RFC 6749 §6, §10.4)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const { app, approve } = await allowedApp(story, ROTATING)
    const other = await world.makeApp(ROTATING)
    const publicApp = await world.makeApp({ public: true })
    const { refresh_token: token } = await approve()
    const attempts: [string, Record<string, string | undefined>, number, string][] = [
      ['no secret', { client_secret: undefined }, 401, 'invalid_client'],
      ['a wrong secret', { client_secret: other.secret }, 401, 'invalid_client'],
      ['another app', { client_id: other.clientId, client_secret: other.secret }, 400, 'invalid_grant'],
      ['a public app', { client_id: publicApp.clientId, client_secret: undefined }, 400, 'invalid_grant'],
    ]
    for (const [who, changes, status, error] of attempts)
      await isOAuthError(await refresh(server, app, token, changes), status, error, who)
    const next = await read(refresh(server, app, token))
    server.clock.advance(3600)
    for (const [who, changes, status, error] of attempts) {
      await isOAuthError(await refresh(server, app, token, changes), status, error, who)
      assert.equal((await userinfo(server, next.access_token)).status, 200, `${who} is no replay`)
    }
    assert.equal((await refresh(server, app, next.refresh_token)).status, 200)
  })

  test('an app without the grant type refresh_token cannot refresh', async () => {
    const story = await tellStory({ engine })
    const { app, approve } = await allowedApp(story, KEEPING)
    const { refresh_token: token } = await approve()
    const protocol: AppProtocol = { ...KEEPING.protocol, grantTypes: ['authorization_code'] }
    await change(story, app, { protocol })
    const said = await isOAuthError(await refresh(story.test, app, token), 400, 'unauthorized_client')
    assert.match(said, /authorization_code/)
    await change(story, { ...app, protocol }, { protocol: { ...protocol, grantTypes: ['refresh_token'] } })
    assert.equal((await refresh(story.test, app, token)).status, 200)
  })

  test('codes, access tokens, ID tokens and refresh tokens are not accepted in place of one another', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, approve, visitor } = await allowedApp(story, KEEPING)
    const tokens = await approve()
    await visitor.open(`/oauth/authorize?client_id=${app.clientId}&redirect_uri=${encodeURIComponent(app.redirectUri)}`)
    const code = visitor.answer().code!
    const wrong = [
      code,
      tokens.access_token,
      tokens.id_token,
      tokens.refresh_token.slice(1),
      `${tokens.refresh_token}0`,
    ]
    wrong.push(tokens.refresh_token.toUpperCase().replace(/^/, ' '), 'f'.repeat(64), '__proto__', 'x'.repeat(9000))
    for (const each of wrong)
      await isOAuthError(await refresh(server, app, each), 400, 'invalid_grant', each.slice(0, 70))
    for (const each of [tokens.refresh_token, tokens.access_token])
      await isOAuthError(await exchange(server, app, each), 400, 'invalid_grant')
    assert.equal((await userinfo(server, tokens.refresh_token)).status, 401)
    for (const parameters of [{}, { refresh_token: '' }])
      await isOAuthError(await refresh(server, app, '', parameters), 400, 'invalid_request')
    const twice = `grant_type=refresh_token&refresh_token=a&refresh_token=b&client_id=${app.clientId}&client_secret=${app.secret}`
    await isOAuthError(await exchangeForm(server, twice), 400, 'invalid_request')
    assert.equal((await exchange(server, app, code)).status, 200, 'the code is still valid')
    assert.equal((await refresh(server, app, tokens.refresh_token)).status, 200)
  })

  test('a refresh token expires when it is not used, and at the end of its maximum lifetime', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    for (const way of [ROTATING, KEEPING]) {
      const own = { ...way.protocol!, refreshTokenLifetime: 10 * DAY, refreshTokenIdleLifetime: 3 * DAY }
      for (const [protocol, whole, idle] of [
        [way.protocol!, 365, 30],
        [own, 10, 3],
      ] as const) {
        const { app, approve } = await allowedApp(story, { protocol })
        const unused = await approve()
        let { refresh_token: token } = await approve()
        const began = server.clock.now()
        server.clock.set(began + idle * DAY - 1)
        token = (await read(refresh(server, app, token))).refresh_token
        server.clock.set(began + idle * DAY)
        const said = await isOAuthError(await refresh(server, app, unused.refresh_token), 400, 'invalid_grant')
        assert.match(said, /not used/)
        for (let at = began + 2 * idle * DAY - 2; at < began + whole * DAY; at += idle * DAY - 1) {
          server.clock.set(at)
          token = (await read(refresh(server, app, token))).refresh_token
          assert.ok(token, `after ${(at - began) / DAY} days`)
        }
        server.clock.set(began + whole * DAY - 1)
        token = (await read(refresh(server, app, token))).refresh_token
        server.clock.set(began + whole * DAY)
        const over = await isOAuthError(await refresh(server, app, token), 400, 'invalid_grant')
        assert.match(over, /maximum lifetime/)
      }
    }
  })

  test('the sweep never deletes a used refresh token that is needed to recognise a replay', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { tombstoneLifetime: tombstone, eventLifetime: event } = server.site.config
    const sweep = () => server.site.store.sweep(server.clock.now(), { tombstone, event }, 1000)
    for (const details of [
      { public: true },
      { protocol: { ...KEEPING.protocol!, refreshTokenIdleLifetime: 60 * DAY }, accessTokenLifetime: 60 },
    ]) {
      const { app, approve } = await allowedApp(story, details)
      let { refresh_token: token } = await approve()
      for (let round = 0; round < 6; round++) {
        server.clock.advance(details.accessTokenLifetime ? 59 * DAY : 29 * DAY)
        while ((await sweep()) > 0);
        const next = await read(refresh(server, app, token))
        assert.ok(next.refresh_token, JSON.stringify(next))
        assert.equal((await userinfo(server, next.access_token)).status, 200)
        token = next.refresh_token
      }
    }
  })
})
