import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { changeDatabase } from '../parts/ask-database.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { makeFolder } from '../parts/server-process.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { partner } from '../platform/partner.ts'

/** Text that may appear only in the log: it is in the broken row, and therefore in the error. */
const LEAK = 'a-broken-row'

onBothEngines((engine) => {
  /** A server whose stored app is broken in a way that no code expects. */
  async function build() {
    const databaseUrl = engine === 'sqlite' ? `sqlite:${join(makeFolder(), 'behalf.db')}` : await freshDatabase()
    const story = await tellStory({ databaseUrl })
    const app = await story.world.makeApp({ redirectUri: 'https://app.example/callback' })
    const { code } = await connect(story, app)
    const url = databaseUrl.replace(/^sqlite:\/+/, 'sqlite:/')
    await changeDatabase(url, `update apps set scopes = '${LEAK}' where client_id = '${app.clientId}'`)
    return { story, app, code }
  }

  test('an unexpected error answers 500 with a reference and nothing more, at every kind of endpoint', async () => {
    const { story, app, code } = await build()
    const server = story.test
    const generic = /^Something went wrong on our side/

    const oauth = await exchange(server, app, code)
    const body = await read(oauth)
    assert.equal(oauth.status, 500)
    assert.deepEqual(Object.keys(body).sort(), ['error', 'error_description', 'reference'])
    assert.equal(body.error, 'server_error')
    assert.match(body.error_description, generic)

    const page = await server.fetch(authorizationPath(app))
    const html = await page.text()
    assert.equal(page.status, 500)
    assert.match(html, /<h1>/)
    const [, pageReference] = /id="reference"[^>]*>(\w+)</.exec(html)!

    const token = await story.world.makePlatformToken('internal')
    const platform = await partner(server, token).call('GET', '/platform/v1/apps')
    assert.equal(platform.status, 500)
    assert.deepEqual(Object.keys(platform.body).sort(), ['error', 'reference', 'status'])
    assert.match(platform.body.error, generic)

    for (const text of [JSON.stringify(body), html, JSON.stringify(platform.body)]) {
      assert.ok(!text.includes(LEAK), text)
      assert.doesNotMatch(text, /SyntaxError|JSON|\.ts:\d/)
    }
    for (const reference of [body.reference, pageReference, platform.body.reference]) {
      const line = server.logged
        .map((each) => JSON.parse(each))
        .find((each) => each.reference === reference && each.err)
      assert.ok(line, `the log has ${reference}`)
      assert.equal(line.status, 500)
      assert.match(line.err.stack, /SyntaxError[\s\S]*\.ts:\d/)
    }
  })

  test('the server continues after an unexpected error', async () => {
    const { story, app, code } = await build()
    assert.equal((await exchange(story.test, app, code)).status, 500)
    const other = await story.world.makeApp({ redirectUri: 'https://other.example/callback' })
    const good = await connect(story, other)
    assert.equal((await exchange(story.test, other, good.code)).status, 200)
  })
})
