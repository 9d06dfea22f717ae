import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { read, refresh, revoke, userinfo } from '../parts/app-calls.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { type Engine, type TestSite, testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { allowedApp, KEEPING, ROTATING, type Tokens } from './refreshing.ts'

/** Two servers on one database. */
async function twoServers(engine: Engine, env: Record<string, string> = {}) {
  const databaseUrl = engine === 'postgres' ? await freshDatabase() : `sqlite:${join(freshFolder(), 'behalf.db')}`
  const story = await tellStory({ databaseUrl, env })
  const second = await testSite({ databaseUrl, clock: story.test.clock, env })
  return { story, nodes: [story.test, second] }
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-races-'))
  after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Fifty refreshes with one token at once, spread over all servers. */
async function refreshAtOnce(nodes: readonly TestSite[], app: TestApp, token: string): Promise<[number, Tokens][]> {
  const asking = Array.from({ length: 50 }, async (_, index): Promise<[number, Tokens]> => {
    const answer = await refresh(nodes[index % nodes.length]!, app, token)
    return [answer.status, await read(answer)]
  })
  return Promise.all(asking)
}

onBothEngines((engine) => {
  test('fifty refreshes at once with one token leave one successor (RFC 9700 §4.14.2)', async () => {
    const { story, nodes } = await twoServers(engine)
    for (const servers of [nodes.slice(0, 1), nodes]) {
      const { app, approve } = await allowedApp(story, ROTATING)
      let { refresh_token: token } = await approve()
      for (let round = 0; round < 4; round++) {
        const answers = await refreshAtOnce(servers, app, token)
        assert.deepEqual([...new Set(answers.map(([status]) => status))], [200])
        const successors = new Set(answers.map(([, tokens]) => tokens.refresh_token))
        assert.equal(successors.size, 1, 'all have the same successor')
        assert.ok(!successors.has(token))
        assert.equal(new Set(answers.map(([, tokens]) => tokens.access_token)).size, 50)
        ;[token] = [...successors] as [string]
      }
      assert.equal((await refresh(nodes[1]!, app, token)).status, 200)
    }
  })

  test('without a grace period, fifty refreshes at once end the chain and all its tokens', async () => {
    const { story, nodes } = await twoServers(engine, { BEHALF_REFRESH_RETRY_WINDOW: '0' })
    const { app, approve } = await allowedApp(story, ROTATING)
    for (let round = 0; round < 3; round++) {
      const { refresh_token: token } = await approve()
      const answers = await refreshAtOnce(nodes, app, token)
      const won = answers.filter(([status]) => status === 200)
      assert.equal(won.length, 1)
      for (const [, tokens] of won) {
        assert.equal((await userinfo(nodes[0]!, tokens.access_token)).status, 401)
        await isOAuthError(await refresh(nodes[1]!, app, tokens.refresh_token), 400, 'invalid_grant')
      }
    }
  })

  test('fifty refreshes at once with a token that does not rotate all succeed', async () => {
    const { story, nodes } = await twoServers(engine)
    const { app, approve } = await allowedApp(story, KEEPING)
    const { refresh_token: token } = await approve()
    const answers = await refreshAtOnce(nodes, app, token)
    assert.deepEqual(
      [...new Set(answers.map(([status, tokens]) => `${status} ${tokens.refresh_token}`))],
      [`200 ${token}`],
    )
  })

  test('after a revocation at the same time as refreshes no token is alive (RFC 7009 §2.1)', async () => {
    const { story, nodes } = await twoServers(engine)
    for (const way of [ROTATING, KEEPING]) {
      const { app, approve } = await allowedApp(story, way)
      for (let round = 0; round < 5; round++) {
        const first = await approve()
        const refreshing = Array.from({ length: 10 }, (_, index) =>
          refresh(nodes[index % 2]!, app, first.refresh_token),
        )
        const revoking = revoke(nodes[round % 2]!, app, first.refresh_token)
        const more = Array.from({ length: 10 }, (_, index) => refresh(nodes[index % 2]!, app, first.refresh_token))
        assert.equal((await revoking).status, 200)
        const answers = await Promise.all([...refreshing, ...more])
        const won = (await Promise.all(answers.map(read))).filter((tokens) => tokens.access_token)
        for (const tokens of [first, ...won]) {
          assert.equal((await userinfo(nodes[0]!, tokens.access_token)).status, 401)
          await isOAuthError(await refresh(nodes[1]!, app, tokens.refresh_token), 400, 'invalid_grant')
        }
      }
    }
  })
})
