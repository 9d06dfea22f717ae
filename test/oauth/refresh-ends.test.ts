import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { setPassword } from '../../src/domain/people/change-person.ts'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, refresh, userinfo } from '../parts/app-calls.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { APPS, partner } from '../platform/partner.ts'
import { newEvent } from '../store/things.ts'
import { allowedApp, KEEPING, ROTATING } from './refreshing.ts'

const now = ({ test: server }: Story) => {
  const at = server.clock.now()
  return [at, newEvent({ type: 'install.ended', at })] as const
}

/** Every event that ends a refresh token, and the error that the app then gets. */
const ENDS: Record<string, [end: (story: Story, app: TestApp) => Promise<boolean>, status: number, error: string]> = {
  'the person is ended': [
    (story) => story.test.site.store.people.end(story.dana.uid, ...now(story)),
    400,
    'invalid_grant',
  ],
  'the staff member leaves': [
    (story) => story.test.site.store.staff.end(story.dana.staffUid, ...now(story)),
    400,
    'invalid_grant',
  ],
  'the business disconnects the app': [
    async (story, app) => {
      const install = await story.test.site.store.installs.findLive(app.uid, story.bakery.uid)
      const [at, event] = now(story)
      return story.test.site.store.installs.end(install!.uid, at, 'disconnected', event)
    },
    400,
    'invalid_grant',
  ],
  'the business is ended': [
    (story) => story.test.site.store.businesses.end(story.bakery.uid, ...now(story)),
    400,
    'invalid_grant',
  ],
  'the app is ended': [(story, app) => story.test.site.store.apps.end(app.uid, ...now(story)), 401, 'invalid_client'],
  'the directory is ended': [
    (story) => story.test.site.store.directories.end(story.world.directory.uid, ...now(story)),
    401,
    'invalid_client',
  ],
}

onBothEngines((engine) => {
  for (const [what, [end, status, error]] of Object.entries(ENDS)) {
    test(`when ${what}, the refresh tokens end immediately`, async () => {
      for (const way of [ROTATING, KEEPING]) {
        const story = await tellStory({ engine })
        const { app, approve } = await allowedApp(story, way)
        const used = await approve()
        const next = await read(refresh(story.test, app, used.refresh_token))
        const unused = await approve()
        assert.equal(await end(story, app), true)
        for (const each of [used, next, unused]) {
          await isOAuthError(await refresh(story.test, app, each.refresh_token), status, error)
          assert.equal((await userinfo(story.test, each.access_token)).status, 401)
        }
        const replays = await story.test.site.store.events.list({ type: 'refresh-token.replayed' }, 10)
        assert.deepEqual(replays, [], 'the attempt is no replay')
      }
    })
  }

  test('a code that is presented again ends the refresh token that it gave (RFC 6749 §4.1.2)', async () => {
    const story = await tellStory({ engine })
    const { app, visitor } = await allowedApp(story, KEEPING)
    await visitor.open(authorizationPath(app))
    const code = visitor.answer().code!
    const { refresh_token: token } = await read(exchange(story.test, app, code))
    assert.equal((await refresh(story.test, app, token)).status, 200)
    await isOAuthError(await exchange(story.test, app, code), 400, 'invalid_grant')
    await isOAuthError(await refresh(story.test, app, token), 400, 'invalid_grant')
  })

  test('a new secret of the app, and the end of the old one, end no tokens', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const manager = partner(server, await world.makePlatformToken('directory'))
    for (const way of [ROTATING, KEEPING]) {
      const { app, approve } = await allowedApp(story, way)
      const first = await approve()
      const path = `${APPS}/${app.codeName}/secrets`
      const { body } = await manager.call('POST', path, { name: 'next' })
      const [old] = (await manager.call('GET', path)).body.data.secrets.filter(
        (each: { name: string }) => each.name === 'first',
      )
      assert.equal((await manager.call('DELETE', `${path}/${old.uid}`)).status, 200)
      await isOAuthError(await refresh(server, app, first.refresh_token), 401, 'invalid_client')
      const next = await read(refresh(server, { ...app, secret: body.data.client_secret }, first.refresh_token))
      for (const { access_token: token } of [first, next]) assert.equal((await userinfo(server, token)).status, 200)
    }
  })

  test('signing out and changing the password end sessions, but no tokens of apps', async () => {
    const story = await tellStory({ engine })
    const { test: server, dana } = story
    for (const way of [ROTATING, KEEPING]) {
      const { app, approve, visitor } = await allowedApp(story, way)
      let { refresh_token: token } = await approve()
      const person = (await server.site.store.people.find(dana.uid))!
      assert.equal(await setPassword(person, 'another horse battery', operatorActor, server.site), true)
      await visitor.open(authorizationPath(app))
      assert.ok(visitor.place.url.includes('/login'), 'the session has ended')
      token = (await read(refresh(server, app, token))).refresh_token
      assert.equal(await setPassword(person, PASSWORD, operatorActor, server.site), true)
      await visitor.signIn('dana@example.com', PASSWORD)
      await visitor.open('/logout')
      await visitor.submit({}, ({ action, fields }) => action.includes('/logout') && !('everywhere' in fields))
      await visitor.open(authorizationPath(app))
      assert.ok(visitor.place.url.includes('/login'), 'signed out')
      const next = await read(refresh(server, app, token))
      assert.equal((await userinfo(server, next.access_token)).status, 200)
    }
  })
})
