import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnParts } from '../../src/open-site.ts'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { changeDatabase } from '../parts/ask-database.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { ENGINES, type Engine, testSite } from '../parts/test-site.ts'
import { freshUrl } from '../store/engines.ts'

/** A server with a clock of its own that runs, and whose machine is so many seconds ahead. */
function machine(ahead: number) {
  const source = { ahead }
  const own: OwnParts = { clock: undefined!, machineTime: () => Date.now() + source.ahead * 1000 }
  return { source, own }
}

/** Makes codes and tokens older, as if the time had passed. */
async function age(databaseUrl: string, table: string, seconds: number): Promise<void> {
  await changeDatabase(databaseUrl, `update ${table} set expires_at = expires_at - ${seconds}`)
}

const onPostgres: readonly Engine[] = ENGINES.filter((engine) => engine === 'postgres')

for (const engine of onPostgres) {
  test('servers on one database agree about the time, also if their machines do not', async () => {
    const databaseUrl = await freshUrl(engine)
    const { test: right } = await tellStory({ databaseUrl, own: machine(0).own })
    for (const ahead of [-5, 5, -3600, 0.1]) {
      const other = await testSite({ databaseUrl, own: machine(ahead).own })
      assert.ok(Math.abs(other.site.clock.now() - right.site.clock.now()) <= 1, String(ahead))
    }
  })

  test('a server whose machine is 5 s behind accepts no code that is 33 s old, and no token past its end', async () => {
    const databaseUrl = await freshUrl(engine)
    const story = await tellStory({ databaseUrl, own: machine(0).own })
    const behind = await testSite({ databaseUrl, own: machine(-5).own })
    const app = await story.world.makeApp({ trusted: true, accessTokenLifetime: 3600 })
    const { code, visitor } = await connect(story, app)
    await age(databaseUrl, 'codes', 33)
    await isOAuthError(await exchange(behind, app, code), 400, 'invalid_grant')

    await visitor.open(authorizationPath(app))
    const { access_token: token } = await read(exchange(behind, app, visitor.answer().code!))
    assert.equal((await userinfo(behind, token)).status, 200)
    await age(databaseUrl, 'access_tokens', 3603)
    assert.equal((await userinfo(behind, token)).status, 401)
  })

  test('a clock that drifts is corrected while the server runs', async () => {
    const { source, own } = machine(0)
    const { site } = await testSite({ engine, own })
    source.ahead = 7200
    await site.matchClock()
    assert.ok(Math.abs(site.clock.now() - Date.now() / 1000) <= 2)
    source.ahead = -7200
    await site.matchClock()
    assert.ok(Math.abs(site.clock.now() - Date.now() / 1000) <= 2)
  })
}

onBothEngines((engine) => {
  test('what was seen expired stays expired when the clock steps back', async () => {
    const databaseUrl = await freshUrl(engine)
    const { source, own } = machine(0)
    const story = await tellStory({ databaseUrl, own })
    const app = await story.world.makeApp({ trusted: true, accessTokenLifetime: 3600 })
    const { code, visitor } = await connect(story, app)
    await visitor.open(authorizationPath(app))
    const { access_token: token } = await read(exchange(story.test, app, visitor.answer().code!))
    const isExpired = async () => {
      await isOAuthError(await exchange(story.test, app, code), 400, 'invalid_grant')
      assert.equal((await userinfo(story.test, token)).status, 401)
    }
    source.ahead = 3700
    await isExpired()
    source.ahead = -60
    await isExpired()
    await story.test.site.matchClock()
    await isExpired()
  })
})
