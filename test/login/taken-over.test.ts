import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { setPassword } from '../../src/domain/people/change-person.ts'
import { openPasswords } from '../../src/kit/password.ts'
import { userinfo } from '../parts/app-calls.ts'
import { installs, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

/** Signs in with this password, and returns a function that reports whether that browser is signed in. */
async function signsIn({ world }: Story, password: string) {
  const visitor = world.visitor()
  await visitor.open('/login')
  await visitor.submit({ email: 'dana@example.com', password })
  return async () => new URL((await visitor.open('/signed-in')).url).pathname === '/signed-in'
}

onBothEngines((engine) => {
  test('a new password ends every session of the person and the old password, and nothing of other people', async () => {
    const story = await tellStory({ engine })
    const { world, test: server, dana } = story
    const thief = await signsIn(story, PASSWORD)
    const owner = await signsIn(story, PASSWORD)
    const other = world.visitor()
    await other.open('/login')
    await other.submit({ email: 'omar@example.com', password: PASSWORD })
    assert.deepEqual([await thief(), await owner()], [true, true])

    await assert.rejects(setPassword(dana, 'short', operatorActor, server.site), { status: 422, field: 'password' })
    assert.equal(await thief(), true)
    assert.equal(await setPassword(dana, 'a new correct horse', operatorActor, server.site), true)
    assert.deepEqual([await thief(), await owner()], [false, false])
    assert.equal(new URL((await other.open('/signed-in')).url).pathname, '/signed-in')
    assert.equal(await (await signsIn(story, PASSWORD))(), false)
    assert.equal(await (await signsIn(story, 'a new correct horse'))(), true)
    const [event] = await server.site.store.events.list({ type: 'person.password-changed' }, 5)
    assert.deepEqual([event?.actor, event?.subject], ['operator', dana.uid])
  })

  test('an old password that is checked while it is being changed starts no session', async () => {
    const passwords = openPasswords({ memory: 64, passes: 1, parallelism: 1 }, 4, 1000)
    // Runs between the check of the password and the start of the session.
    let meanwhile: (() => Promise<unknown>) | undefined
    const isRight = async (password: string, stored: string | undefined) => {
      const answer = await passwords.isRight(password, stored)
      const now = meanwhile
      meanwhile = undefined
      await now?.()
      return answer
    }
    const story = await tellStory({ engine, own: { passwords: { ...passwords, isRight } } })
    const { test: server, dana } = story
    meanwhile = () => setPassword(dana, 'a new correct horse', operatorActor, server.site)
    assert.equal(await (await signsIn(story, PASSWORD))(), false)
    assert.equal((await server.site.store.events.list({ type: 'login.refused' }, 5)).length, 1)

    const { people } = server.site.store
    const { password } = (await people.find(dana.uid))!
    meanwhile = async () => people.replacePassword(dana.uid, password!, await passwords.seal('a new correct horse'))
    assert.equal(await (await signsIn(story, 'a new correct horse'))(), true, 'only hashed again')

    const { store, clock } = server.site
    const ended = newEvent({ type: 'person.ended', at: clock.now(), subject: dana.uid })
    meanwhile = () => store.people.end(dana.uid, clock.now(), ended)
    assert.equal(await (await signsIn(story, 'a new correct horse'))(), false)
  })

  test('an ended person loses every session, cannot sign in, and has no valid token', async () => {
    const story = await tellStory({ engine })
    const { world, test: server, dana } = story
    const app = await world.makeApp()
    const tokens = [await installs(story, app), await installs(story, app)]
    const session = await signsIn(story, PASSWORD)
    const { store, clock } = server.site
    const event = newEvent({ type: 'person.ended', at: clock.now(), subject: dana.uid })
    assert.equal(await store.people.end(dana.uid, clock.now(), event), true)
    assert.equal(await session(), false)
    for (const { token } of tokens) assert.equal((await userinfo(server, token)).status, 401)
    assert.equal(await (await signsIn(story, PASSWORD))(), false)
    assert.equal(await setPassword(dana, 'a new correct horse', operatorActor, server.site), false)
  })
})
