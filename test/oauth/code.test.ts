import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSecret, newToken, TIME_DIGITS } from '../../src/kit/id.ts'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** An app with a signed-in browser that has allowed it. Every visit gives another code. */
async function connected(story: Story, details: Partial<TestApp> = {}) {
  const app = await story.world.makeApp(details)
  const { visitor } = await connect(story, app)
  const newCode = async (parameters: Record<string, string> = {}) => {
    await visitor.open(authorizationPath(app, parameters))
    return visitor.answer().code!
  }
  return { app, newCode }
}

onBothEngines((engine) => {
  test('a code exchanged twice ends every token it gave (RFC 6749 §4.1.2, §10.5)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, newCode } = await connected(story)
    const untouched = await read(exchange(server, app, await newCode()))
    const code = await newCode()
    const first = await read(exchange(server, app, code))
    assert.equal((await userinfo(server, first.access_token)).status, 200)
    await isOAuthError(await exchange(server, app, code), 400, 'invalid_grant')
    assert.equal((await userinfo(server, first.access_token)).status, 401)
    assert.equal((await userinfo(server, untouched.access_token)).status, 200, 'other approvals live on')
    await isOAuthError(await exchange(server, app, code), 400, 'invalid_grant', 'and a third use changes nothing')
    const replays = await server.site.store.events.list({ appUid: app.uid, type: 'code.replayed' }, 10)
    assert.equal(replays.length, 1, 'it is one audit event')
    assert.ok(server.logged.some((line) => line.includes('presented again')))
  })

  test('a replay of a used code is recognised long after the code expired (RFC 6749 §4.1.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, newCode } = await connected(story)
    for (const seconds of [31, 3600, 20 * 86_400]) {
      const code = await newCode()
      const { access_token: token } = await read(exchange(server, app, code))
      server.clock.advance(Math.min(seconds, 3600))
      const { tombstoneLifetime: tombstone, eventLifetime: event } = server.site.config
      await server.site.store.sweep(server.clock.now() + seconds, { tombstone, event }, 1000)
      await isOAuthError(await exchange(server, app, code), 400, 'invalid_grant')
      assert.equal((await userinfo(server, token)).status, 401, `replayed after ${seconds} s`)
    }
  })

  test('a code expires after 30 seconds (RFC 6749 §4.1.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, newCode } = await connected(story)
    for (const [seconds, isAlive] of [
      [0, true],
      [29, true],
      [30, false],
      [31, false],
    ] as const) {
      const code = await newCode()
      server.clock.advance(seconds)
      const response = await exchange(server, app, code)
      if (isAlive) assert.equal(response.status, 200, `after ${seconds} s`)
      else await isOAuthError(response, 400, 'invalid_grant', `after ${seconds} s`)
    }
  })

  test('redirect_uri may be left out at the exchange if the code has a challenge, and only then (OAuth 2.1 §4.1.3)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, newCode } = await connected(story)
    const without = (code: string, changes: Record<string, unknown> = {}) =>
      exchange(server, app, code, { redirect_uri: undefined, ...changes })
    const bound = await newCode({ code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    await isOAuthError(await without(bound, { code_verifier: 'w'.repeat(43) }), 400, 'invalid_grant', 'wrong verifier')
    const wrong = { code_verifier: VERIFIER, redirect_uri: `${app.redirectUri}x` }
    await isOAuthError(await exchange(server, app, bound, wrong), 400, 'invalid_grant', 'another redirect URI')
    assert.equal((await without(bound, { code_verifier: VERIFIER })).status, 200)
    const unbound = await newCode({})
    assert.match(await isOAuthError(await without(unbound), 400, 'invalid_grant'), /redirect_uri is missing/)
    assert.equal((await exchange(server, app, unbound)).status, 200, 'the code is still valid')
  })

  test('only the app that got the code can exchange it, and a failed attempt by another app does not use it up (RFC 6749 §4.1.3)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const { app, newCode } = await connected(story)
    const other = await world.makeApp()
    const publicApp = await world.makeApp({ public: true })
    const code = await newCode({ code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    const verifier = { code_verifier: VERIFIER }
    const attempts: [string, Record<string, unknown>, number, string][] = [
      ['a wrong secret', { client_secret: other.secret }, 401, 'invalid_client'],
      ['no secret', { client_secret: undefined }, 401, 'invalid_client'],
      ['another app', { client_id: other.clientId, client_secret: other.secret }, 400, 'invalid_grant'],
      ['a public app', { client_id: publicApp.clientId, client_secret: undefined }, 400, 'invalid_grant'],
      ['another redirect URI', { redirect_uri: 'https://evil.example/cb' }, 400, 'invalid_grant'],
      ['no redirect URI and no verifier', { redirect_uri: undefined, code_verifier: undefined }, 400, 'invalid_grant'],
      ['another verifier', { code_verifier: `${VERIFIER.slice(0, -1)}A` }, 400, 'invalid_grant'],
      ['no verifier', { code_verifier: undefined }, 400, 'invalid_grant'],
      ['another grant', { grant_type: 'refresh_token' }, 400, 'invalid_request'],
    ]
    for (const [who, changes, status, error] of attempts) {
      for (let times = 0; times < 3; times++) {
        await isOAuthError(await exchange(server, app, code, { ...verifier, ...changes }), status, error, who)
      }
    }
    const rightful = await exchange(server, app, code, verifier)
    assert.equal(rightful.status, 200)
    const { access_token: token } = await read(rightful)
    for (const [who, changes] of attempts) {
      await exchange(server, app, code, { ...verifier, ...changes })
      assert.equal((await userinfo(server, token)).status, 200, `${who} is no replay`)
    }
    await exchange(server, app, code, verifier)
    assert.equal((await userinfo(server, token)).status, 401, 'the app itself causes a replay')
  })

  test('a code must match exactly, and the error does not say why it failed', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, newCode } = await connected(story)
    const code = await newCode()
    const { access_token: token, id_token: idToken } = await read(exchange(server, app, await newCode()))
    const expired = await newCode()
    server.clock.advance(30)
    const fresh = await newCode()
    const flipped = fresh.slice(0, -1) + (fresh.endsWith('0') ? '1' : '0')
    const wrong = [expired, code, flipped, fresh.slice(0, -1), `${fresh}0`, fresh.toUpperCase(), ` ${fresh}`]
    const more = [
      `${fresh}\n`,
      `${fresh}=`,
      fresh.slice(1),
      'f'.repeat(64),
      token,
      idToken,
      '__proto__',
      'x'.repeat(9000),
    ]
    const sentences = new Set<string>()
    for (const each of [...wrong, ...more])
      sentences.add(await isOAuthError(await exchange(server, app, each), 400, 'invalid_grant', each.slice(0, 80)))
    assert.equal(sentences.size, 1)
    assert.equal((await exchange(server, app, fresh)).status, 200)
  })

  test('a code gives nothing if the app, the business, the person or the staff membership ended before the exchange (RFC 6749 §5.2)', async () => {
    const ends = {
      'the staff member': (story: Story) => story.test.site.store.staff.end(story.dana.staffUid, ...now(story)),
      'the person': (story: Story) => story.test.site.store.people.end(story.dana.uid, ...now(story)),
      'the business': (story: Story) => story.test.site.store.businesses.end(story.bakery.uid, ...now(story)),
      'the directory': (story: Story) =>
        story.test.site.store.directories.end(story.world.directory.uid, ...now(story)),
      'the install': async (story: Story, app: TestApp) => {
        const { installs } = story.test.site.store
        const install = await installs.findLive(app.uid, story.bakery.uid)
        const [at, event] = now(story)
        return installs.end(install!.uid, at, 'disconnected', event)
      },
      'the app': (story: Story, app: TestApp) => story.test.site.store.apps.end(app.uid, ...now(story)),
    }
    const now = ({ test: server }: Story) => {
      const at = server.clock.now()
      return [at, newEvent({ type: 'install.ended', at })] as const
    }
    for (const [who, end] of Object.entries(ends)) {
      const story = await tellStory({ engine })
      const { app, newCode } = await connected(story)
      const { access_token: token } = await read(exchange(story.test, app, await newCode()))
      const code = await newCode()
      assert.equal(await end(story, app), true)
      const [status, error] =
        who === 'the app' || who === 'the directory' ? [401, 'invalid_client'] : [400, 'invalid_grant']
      await isOAuthError(await exchange(story.test, app, code), Number(status), String(error), who)
      assert.equal((await userinfo(story.test, token)).status, 401, `${who}: earlier tokens end too`)
    }
  })

  test('a code for a redirect URI that was removed from the app gives no token, and its replay is still recognised', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const uris = ['https://app.example/callback', 'https://old.example/cb']
    const { app, newCode } = await connected(story, { redirectUris: uris })
    const old = { redirect_uri: 'https://old.example/cb' }
    const used = await newCode(old)
    const { access_token: token } = await read(exchange(server, app, used, old))
    const unused = await newCode(old)
    const { secret: _, ...was } = app
    const event = newEvent({ type: 'app.changed', at: server.clock.now() })
    assert.equal(
      await server.site.store.apps.change({ ...was, redirectUris: uris.slice(0, 1) }, event, was, false),
      true,
    )
    await isOAuthError(await exchange(server, app, unused, old), 400, 'invalid_grant')
    assert.equal((await userinfo(server, token)).status, 200)
    await isOAuthError(await exchange(server, app, used, old), 400, 'invalid_grant')
    assert.equal((await userinfo(server, token)).status, 401)
  })

  test('the tokens have the scopes, the business, the nonce and the sign-in time that were approved', async () => {
    const story = await tellStory({ engine })
    const { test: server, bakery } = story
    const { app, newCode } = await connected(story, { scopes: ['openid', 'profile', 'email', 'clients_read'] })
    const code = await newCode({ scope: 'profile' })
    const response = await exchange(server, app, code, { scope: 'openid clients_read', business_uid: 'x', nonce: 'n' })
    const answer = await read(response)
    assert.deepEqual([answer.scope, answer.id_token], ['profile', undefined])
    const claims = await read(userinfo(server, answer.access_token))
    assert.deepEqual([claims.business_uid, claims.name, claims.email], [bakery.uid, 'Dana Levi', undefined])
  })
})

test('codes and tokens are unique, and random except for their creation time', async () => {
  for (const make of [() => newToken(1_800_000_000).slice(TIME_DIGITS), newSecret]) {
    const made = Array.from({ length: 10_000 }, make)
    assert.equal(new Set(made).size, made.length)
    const digits = made.join('')
    for (const digit of '0123456789abcdef') {
      const share = (digits.split(digit).length - 1) / digits.length
      assert.ok(Math.abs(share - 1 / 16) < 0.003, `${digit} is one in sixteen: ${share}`)
    }
  }
})
