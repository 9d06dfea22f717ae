import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { type Engine, type TestSite, testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'

/** A database that two servers share. */
async function sharedDatabase(engine: Engine): Promise<string> {
  if (engine === 'postgres') return freshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'behalf-races-'))
  after(() => rmSync(folder, { recursive: true }))
  return `sqlite:${join(folder, 'behalf.db')}`
}

/** Exchanges one code fifty times at once. One exchange gets a token, which then ends, because the others had the code too. */
async function race(nodes: readonly TestSite[], app: TestApp, code: string): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => exchange(nodes[index % nodes.length]!, app, code)),
  )
  const bodies = await Promise.all(answers.map(read))
  const winners = bodies.filter((_, index) => answers[index]!.status === 200)
  const losers = bodies.filter((_, index) => answers[index]!.status !== 200)
  assert.equal(winners.length, 1, 'exactly one token')
  assert.deepEqual([...new Set(losers.map(({ error }) => error))], ['invalid_grant'])
  for (const node of nodes) assert.equal((await userinfo(node, winners[0].access_token)).status, 401)
}

onBothEngines((engine) => {
  test('fifty exchanges of one code at once make one token, and end it as a replay (RFC 6749 §4.1.2)', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    for (let round = 0; round < 10; round++) {
      await visitor.open(authorizationPath(app))
      await race([story.test], app, visitor.answer().code!)
    }
    const replays = await story.test.site.store.events.list({ appUid: app.uid, type: 'code.replayed' }, 100)
    assert.equal(replays.length, 10, 'each is one audit event')
  })

  test('fifty exchanges on two servers with one database make one token', async () => {
    const databaseUrl = await sharedDatabase(engine)
    const story = await tellStory({ databaseUrl })
    const second = await testSite({ databaseUrl, clock: story.test.clock })
    const app = await story.world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    for (let round = 0; round < 5; round++) {
      await visitor.open(authorizationPath(app))
      await race([story.test, second], app, visitor.answer().code!)
    }
    await visitor.open(authorizationPath(app))
    const quiet = visitor.answer().code!
    const { access_token: token } = await read(exchange(second, app, quiet))
    assert.equal((await userinfo(story.test, token)).status, 200, 'a token of one server is valid on the other')
    assert.equal((await exchange(story.test, app, quiet)).status, 400)
    assert.equal((await userinfo(second, token)).status, 401, 'and so is its end')
  })

  test('fifty exchanges of different codes at once make fifty tokens', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true, scopes: ['profile'] })
    const { visitor } = await connect(story, app)
    const codes: string[] = []
    for (let count = 0; count < 50; count++) {
      await visitor.open(authorizationPath(app))
      codes.push(visitor.answer().code!)
    }
    const answers = await Promise.all(codes.map((code) => read(exchange(story.test, app, code))))
    assert.equal(new Set(answers.map(({ access_token: token }) => token)).size, 50)
    for (const { access_token: token } of answers) assert.equal((await userinfo(story.test, token)).status, 200)
  })
})
