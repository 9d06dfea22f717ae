import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { exchange, read, refresh, revoke, userinfo } from '../parts/app-calls.ts'
import { askDatabase } from '../parts/ask-database.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { type Engine, type TestSite, testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'
import { allowedApp, ROTATING, type Tokens, VERIFIER } from './refreshing.ts'

/** Checks that every access token and every refresh token of one approval has ended. */
async function allEnded(server: TestSite, app: TestApp, ...all: Tokens[]): Promise<void> {
  for (const tokens of all) {
    assert.equal((await userinfo(server, tokens.access_token)).status, 401)
    await isOAuthError(await refresh(server, app, tokens.refresh_token), 400, 'invalid_grant')
  }
}

const replays = (story: Story, app: TestApp) =>
  story.test.site.store.events.list({ appUid: app.uid, type: 'refresh-token.replayed' }, 100)

onBothEngines((engine) => {
  test('a repeated refresh gets the same refresh token and a new access token, in case the first answer was lost', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, approve } = await allowedApp(story, ROTATING)
    const first = await approve()
    const lost: Tokens = await read(refresh(server, app, first.refresh_token))
    for (const seconds of [0, 30, 29]) {
      server.clock.advance(seconds)
      const again: Tokens = await read(refresh(server, app, first.refresh_token, { scope: 'openid' }))
      assert.equal(again.refresh_token, lost.refresh_token)
      assert.notEqual(again.access_token, lost.access_token)
      for (const { access_token: token } of [first, lost, again])
        assert.equal((await userinfo(server, token)).status, 200)
    }
    assert.deepEqual(await replays(story, app), [])
    server.clock.advance(1)
    const next = await read(refresh(server, app, lost.refresh_token))
    assert.equal(next.scope, first.scope)
    assert.notEqual(next.refresh_token, lost.refresh_token)
  })

  test('a used refresh token that is presented later ends every token of its approval (RFC 9700 §4.14.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, approve } = await allowedApp(story, ROTATING)
    const bystander = await approve()
    const first = await approve()
    const second: Tokens = await read(refresh(server, app, first.refresh_token))
    server.clock.advance(60)
    const said = await isOAuthError(await refresh(server, app, first.refresh_token), 400, 'invalid_grant')
    assert.match(said, /60 seconds ago/)
    await allEnded(server, app, first, second)
    assert.equal((await userinfo(server, bystander.access_token)).status, 200, 'other approvals live on')
    assert.equal((await refresh(server, app, bystander.refresh_token)).status, 200)
    const [event, ...more] = await replays(story, app)
    assert.deepEqual(more, [], 'it is one audit event')
    assert.equal(event!.businessUid, story.bakery.uid)
    assert.match(event!.details!, /refresh-token.reused-late/)
    const [line, ...others] = server.logged.filter((each) => each.includes('presented again;'))
    assert.deepEqual(others, [])
    assert.ok(line!.includes(event!.reference!) && line!.includes(app.uid) && !line!.includes(first.refresh_token))
  })

  test('an app whose connection ended gets the reason with its unused refresh token', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, visitor, approve } = await allowedApp(story, ROTATING)
    const ends: [string, RegExp, string, (tokens: Tokens) => Promise<unknown>][] = [
      [
        'replayed',
        /ended 7 seconds ago, because a used refresh_token was presented again/,
        'refresh-token.ended-by-replay',
        async ({ refresh_token: first }) => {
          server.clock.advance(60)
          await isOAuthError(await refresh(server, app, first), 400, 'invalid_grant')
        },
      ],
      [
        'revoked',
        /7 seconds ago, because it was revoked/,
        'refresh-token.revoked',
        ({ refresh_token: first }) => revoke(server, app, first),
      ],
      [
        'its code was presented again',
        /7 seconds ago, because its code was presented a second time/,
        'refresh-token.ended-with-code',
        () => exchange(server, app, visitor.answer().code!, { code_verifier: VERIFIER }),
      ],
      [
        'disconnected',
        /the business disconnected the app, or the person left it/,
        'refresh-token.disconnected',
        async () => {
          const install = await server.site.store.installs.findLive(app.uid, story.bakery.uid)
          const event = newEvent({ type: 'install.ended', at: server.clock.now() })
          return server.site.store.installs.end(install!.uid, server.clock.now(), 'disconnected', event)
        },
      ],
    ]
    for (const [what, why, check, end] of ends) {
      const first = await approve()
      const second: Tokens = await read(refresh(server, app, first.refresh_token))
      await end(first)
      server.clock.advance(7)
      const answer = await refresh(server, app, second.refresh_token)
      const { reference } = await read(answer.clone())
      assert.match(await isOAuthError(answer, 400, 'invalid_grant', what), why)
      await server.site.refusals.flush()
      assert.equal((await server.site.store.refusals.find(reference))?.checkName, check, what)
    }
  })

  test('only the latest used token may be repeated; once its successor is used, it is a replay', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { app, approve } = await allowedApp(story, { public: true })
    const first = await approve()
    const second: Tokens = await read(refresh(server, app, first.refresh_token))
    const third: Tokens = await read(refresh(server, app, second.refresh_token))
    const again: Tokens = await read(refresh(server, app, second.refresh_token))
    assert.equal(again.refresh_token, third.refresh_token)
    const said = await isOAuthError(await refresh(server, app, first.refresh_token), 400, 'invalid_grant')
    assert.match(said, /has been used too/)
    await allEnded(server, app, first, second, third, again)
    assert.equal((await replays(story, app)).length, 1)
  })

  test('with a grace period of 0 every second use is a replay', async () => {
    const story = await tellStory({ engine, env: { BEHALF_REFRESH_RETRY_WINDOW: '0' } })
    const { app, approve } = await allowedApp(story, ROTATING)
    const first = await approve()
    const second: Tokens = await read(refresh(story.test, app, first.refresh_token))
    await isOAuthError(await refresh(story.test, app, first.refresh_token), 400, 'invalid_grant')
    await allEnded(story.test, app, first, second)
  })

  test('a replay is recognised long after the use, but a swept token is only unknown', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const { tombstoneLifetime: tombstone, eventLifetime } = server.site.config
    const { app, approve } = await allowedApp(story, ROTATING)
    const [first, other] = [await approve(), await approve()]
    const second: Tokens = await read(refresh(server, app, first.refresh_token))
    const spared: Tokens = await read(refresh(server, app, other.refresh_token))
    const sweep = async () => {
      while ((await server.site.store.sweep(server.clock.now(), { tombstone, event: eventLifetime }, 1000)) > 0);
    }
    server.clock.advance(29 * 86_400)
    await sweep()
    await isOAuthError(await refresh(server, app, first.refresh_token), 400, 'invalid_grant')
    await allEnded(server, app, second)
    let kept: Tokens = await read(refresh(server, app, spared.refresh_token))
    server.clock.advance(20 * 86_400)
    kept = await read(refresh(server, app, kept.refresh_token))
    server.clock.advance(12 * 86_400)
    await sweep()
    await isOAuthError(await refresh(server, app, other.refresh_token), 400, 'invalid_grant')
    assert.equal((await userinfo(server, kept.access_token)).status, 200)
  })

  test('a refresh can be repeated a hundred times; a further one is refused, but not a replay', async () => {
    const story = await tellStory({ engine })
    const { app, approve } = await allowedApp(story, ROTATING)
    const first = await approve()
    const second: Tokens = await read(refresh(story.test, app, first.refresh_token))
    for (let times = 0; times < 100; times++)
      assert.equal((await refresh(story.test, app, first.refresh_token)).status, 200)
    const said = await isOAuthError(await refresh(story.test, app, first.refresh_token), 400, 'invalid_grant')
    assert.match(said, /Use the one that you received/)
    assert.equal((await refresh(story.test, app, second.refresh_token)).status, 200)
  })

  test('an expired successor is not returned again, and this is not a replay', async () => {
    const story = await tellStory({ engine, env: { BEHALF_REFRESH_RETRY_WINDOW: '300' } })
    const protocol = { ...ROTATING.protocol!, refreshTokenIdleLifetime: 100 }
    const { app, approve } = await allowedApp(story, { protocol })
    const first = await approve()
    const second: Tokens = await read(refresh(story.test, app, first.refresh_token))
    story.test.clock.advance(100)
    const said = await isOAuthError(await refresh(story.test, app, first.refresh_token), 400, 'invalid_grant')
    assert.match(said, /not used for too long/)
    assert.equal((await userinfo(story.test, second.access_token)).status, 200)
  })

  test('used and ended tokens stay so after a restart, and under a new secret', async () => {
    const databaseUrl = await lastingDatabase(engine)
    const [old, fresh] = ['an-old-secret-of-forty-characters-0000000', 'a-new-secret-of-forty-characters-00000000']
    const story = await tellStory({ databaseUrl, env: { BEHALF_SECRET: old } })
    const { clock } = story.test
    const { app, approve } = await allowedApp(story, ROTATING)
    const [first, ended] = [await approve(), await approve()]
    const second: Tokens = await read(refresh(story.test, app, first.refresh_token))
    await read(refresh(story.test, app, ended.refresh_token))
    clock.advance(59)
    const restarted = await testSite({ databaseUrl, clock, env: { BEHALF_SECRET: `${fresh},${old}` } })
    const again: Tokens = await read(refresh(restarted, app, first.refresh_token))
    assert.equal(again.refresh_token, second.refresh_token)
    const third: Tokens = await read(refresh(restarted, app, second.refresh_token))
    // A server without the new secret cannot derive the same token again. It refuses, and ends nothing.
    await isOAuthError(await refresh(story.test, app, second.refresh_token), 400, 'invalid_grant')
    assert.equal((await read(refresh(restarted, app, second.refresh_token))).refresh_token, third.refresh_token)
    clock.advance(1)
    await isOAuthError(await refresh(restarted, app, ended.refresh_token), 400, 'invalid_grant')
    await allEnded(restarted, app, ended)
    assert.equal((await refresh(restarted, app, third.refresh_token)).status, 200)
  })

  test('no usable refresh token is stored, neither the first nor a successor', async () => {
    const databaseUrl = await lastingDatabase(engine)
    const story = await tellStory({ databaseUrl })
    const { app, approve } = await allowedApp(story, ROTATING)
    const first = await approve()
    const second: Tokens = await read(refresh(story.test, app, first.refresh_token))
    await read(refresh(story.test, app, first.refresh_token))
    const rows = JSON.stringify(await askDatabase(databaseUrl, 'select * from refresh_tokens'))
    assert.ok(rows.includes(first.refresh_token.slice(0, 13)))
    const secrets = [first, second].flatMap((each) => [each.refresh_token, each.access_token])
    for (const secret of secrets) {
      assert.ok(!rows.includes(secret.slice(13)))
      assert.ok(story.test.logged.every((line) => !line.includes(secret.slice(13))))
    }
    assert.notEqual(first.refresh_token.slice(13), second.refresh_token.slice(13))
  })
})

async function lastingDatabase(engine: Engine): Promise<string> {
  if (engine === 'postgres') return freshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'behalf-replays-'))
  after(() => rmSync(folder, { recursive: true }))
  return `sqlite:${join(folder, 'behalf.db')}`
}
