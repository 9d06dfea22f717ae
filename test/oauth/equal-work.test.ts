import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange, read, refresh, revoke } from '../parts/app-calls.ts'
import { assertionOf, tryAssertion, withSecret } from '../parts/assertions.ts'
import { countedStore } from '../parts/counted-store.ts'
import { introspect } from '../parts/resources.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { heldClock } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'

const WRONG = { alg: 'HS256', kid: undefined as never, sign: withSecret('w'.repeat(64)) }

/*
 * What does not exist and what belongs to another app cost the same work, so that the time of an answer does not reveal which it is. The tests
 * count queries and writes, because equal work takes equal time.
 */

onBothEngines((engine) => {
  const begin = async () => {
    const clock = heldClock()
    const { store, counted } = await countedStore(clock.now(), engine)
    const story = await tellStory({ clock, own: { store } })
    const [mine, theirs] = [await makeApp(story), await makeApp(story)]
    const grant = async () => {
      const { code } = await connect(story, theirs)
      return { code, answer: await read(exchange(story.test, theirs, (await connect(story, theirs)).code)) }
    }
    /** Returns the work of a request. It includes what the request stores later. */
    const workOf = async (send: () => Promise<Response>) => {
      await story.test.site.refusals.flush()
      counted()
      const { status } = await send()
      const answered = counted()
      await story.test.site.refusals.flush()
      return { status, answered, later: counted().writes }
    }
    return { ...story, mine, theirs, grant, workOf }
  }
  const makeApp = ({ world }: Story) => world.makeApp({ trusted: true, protocol: { refresh: 'always' } })
  const unknown = '0'.repeat(64)

  test('a code, a refresh token and an access token of another app cost the work of unknown ones', async () => {
    const { test: server, mine, grant, workOf } = await begin()
    const { code, answer } = await grant()
    const requests: Record<string, [(value: string) => Promise<Response>, ...string[]]> = {
      'exchange a code': [(value) => exchange(server, mine, value), code],
      'refresh a token': [(value) => refresh(server, mine, value), answer.refresh_token],
      'introspect a token': [(value) => introspect(server, mine, value), answer.access_token, answer.refresh_token],
      'revoke a token': [(value) => revoke(server, mine, value), answer.access_token, answer.refresh_token],
    }
    for (const [what, [send, ...foreign]] of Object.entries(requests)) {
      const expected = await workOf(() => send(unknown))
      assert.equal(expected.answered.writes, 0, what)
      for (const value of foreign) assert.deepEqual(await workOf(() => send(value)), expected, what)
    }
    assert.equal((await introspect(server, mine, answer.access_token)).status, 200)
  })

  test('an unknown client id costs the work of a wrong credential, by every method', async () => {
    const { test: server, world, mine, workOf } = await begin()
    const signing = await world.makeApp({ protocol: { authMethod: 'client_secret_jwt' } })
    const open = await world.makeApp({ public: true })
    const bySecret = (app: TestApp) => () => exchange(server, app, unknown, { client_secret: 'a'.repeat(64) })
    const byNone = (app: TestApp) => () => exchange(server, app, unknown, { client_secret: undefined })
    const byAssertion = (app: TestApp) => () => tryAssertion(server, assertionOf(app, server, WRONG))
    for (const [send, ...apps] of [
      [bySecret, mine, signing, open],
      [byNone, mine, signing],
      [byAssertion, mine, signing, open],
    ] as const) {
      const expected = await workOf(send({ ...mine, clientId: unknown }))
      assert.equal(expected.status, 401)
      for (const app of apps) assert.deepEqual(await workOf(send(app)), expected, app.clientId)
    }
  })
})
