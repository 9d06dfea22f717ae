import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { SIGNING_ALGORITHMS } from '../../src/domain/keys/signing-algorithms.ts'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { askDatabase, countRows } from '../parts/ask-database.ts'
import { behalf } from '../parts/command-line.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { seed } from '../parts/seeded.ts'
import { makeFolder, type ServerProcess, startServer } from '../parts/server-process.ts'
import { checkBooks } from './exchange-load.ts'

const databases = {
  sqlite: async () => `sqlite:${join(makeFolder(), 'new', 'behalf.db')}`,
  postgres: freshDatabase,
}

for (const [engine, makeDatabase] of Object.entries(databases)) {
  test(`four servers that start at once on an empty ${engine} database share one schema and one key for each algorithm`, async () => {
    const databaseUrl = await makeDatabase()
    const nodes = await startNodes(databaseUrl, 4)
    const published = await Promise.all(nodes.map(async (node) => read(node.fetch('/oauth/jwks'))))
    assert.equal(published[0].keys.length, SIGNING_ALGORITHMS.length)
    for (const each of published) assert.deepEqual(each, published[0])
    assert.equal(await countRows(databaseUrl, 'signing_keys'), SIGNING_ALGORITHMS.length)
    const versions = await askDatabase(databaseUrl, 'select version from schema_versions order by version')
    assert.deepEqual(
      versions.map(({ version }) => Number(version)),
      versions.map((_, index) => index + 1),
    )
    for (const node of nodes) assert.deepEqual(troubles(node), [])
  })

  test(`a request that reaches a starting server on ${engine} waits for it, as behind a proxy`, async () => {
    const node = await startServer({ databaseUrl: await makeDatabase(), until: 'live' })
    const [ready, ...answers] = await Promise.all([
      node.fetch('/health/ready'),
      node.fetch('/.well-known/openid-configuration'),
      node.fetch('/oauth/token', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=authorization_code&client_id=x',
      }),
    ])
    assert.equal(ready.status, 503, 'load balancers are told at once')
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401],
    )
  })

  test(`of 50 exchanges of one code over two servers on ${engine} exactly one succeeds, for each of 20 codes`, async () => {
    const databaseUrl = await makeDatabase()
    const seeded = await seed(databaseUrl)
    const codes = await seeded.makeCodes(20)
    const nodes = await startNodes(databaseUrl, 2)
    for (const { code, chainUid } of codes) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const answer = await exchange(nodes[index % 2]!, seeded.app, code)
          return { status: answer.status, body: await read(answer) }
        }),
      )
      const winners = answers.filter(({ status }) => status === 200)
      const losers = answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant')
      assert.deepEqual([winners.length, losers.length], [1, 49])
      // The code was presented twice, so its token has ended on both servers.
      for (const node of nodes) assert.equal((await userinfo(node, winners[0]!.body.access_token)).status, 401)
      assert.equal(await countRows(databaseUrl, `access_tokens where chain_uid = '${chainUid}'`), 1)
      assert.equal(await countRows(databaseUrl, `events where subject = '${chainUid}' and type = 'code.replayed'`), 1)
    }
    await checkBooks(databaseUrl)
    for (const node of nodes) assert.deepEqual(troubles(node), [])
  })

  test(`a token from one server on ${engine} is valid on the other immediately, and what ends on one ends on both`, async () => {
    const databaseUrl = await makeDatabase()
    const seeded = await seed(databaseUrl)
    const codes = await seeded.makeCodes(12)
    const nodes = await startNodes(databaseUrl, 2)
    const [here, there] = nodes as [ServerProcess, ServerProcess]
    const tokens: { token: string; businessUid: string }[] = []
    for (const [index, { code, businessUid }] of codes.entries()) {
      const [giver, asked] = index % 2 === 0 ? [here, there] : [there, here]
      const { access_token: token } = await read(exchange(giver, seeded.app, code))
      assert.equal((await read(userinfo(asked, token))).business_uid, businessUid)
      tokens.push({ token, businessUid })
    }
    const [first, second] = seeded.owners.map(({ business, staff }) => ({ business, staff }))
    const endings = [
      { args: ['install', 'end', '--app', seeded.app.uid, '--business', first!.business.uid], of: first!.business.uid },
      { args: ['staff', 'end', second!.staff.uid], of: second!.business.uid },
    ]
    const ended = new Set<string>()
    for (const { args, of } of endings) {
      const answer = await behalf(databaseUrl, ...args)
      assert.equal(answer.exit, 0, answer.complaint)
      ended.add(of)
      for (const { token, businessUid } of tokens) {
        const due = ended.has(businessUid) ? 401 : 200
        for (const node of nodes) assert.equal((await userinfo(node, token)).status, due)
      }
    }
    assert.equal((await behalf(databaseUrl, 'app', 'end', seeded.app.uid)).exit, 0)
    for (const { token } of tokens) for (const node of nodes) assert.equal((await userinfo(node, token)).status, 401)
  })
}

test('four servers that start at once on an empty folder without a configured secret create one and share it', async () => {
  const databaseUrl = await databases.sqlite()
  const nodes = await startNodes(databaseUrl, 4, { BEHALF_SECRET: '' })
  const [first, ...others] = await Promise.all(nodes.map(async (node) => (await node.fetch('/oauth/jwks')).text()))
  for (const other of others) assert.equal(other, first)
})

function startNodes(databaseUrl: string, count: number, env: Record<string, string> = {}): Promise<ServerProcess[]> {
  return Promise.all(Array.from({ length: count }, () => startServer({ databaseUrl, env })))
}

function troubles(node: ServerProcess): unknown[] {
  return node.logged().filter(({ level }) => level === 'error' || level === 'fatal')
}
