import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Refusal } from '../../../src/kit/refusal.ts'
import { NewerSchema, newestSchema } from '../../../src/store/engine/migrate.ts'
import { freshUrl, open, openBelow } from '../engines.ts'
import { issue, makePlace, NOW, newApproval } from '../things.ts'
import type { Given } from './given.ts'

export function schema({ engine }: Given): void {
  describe('the schema', () => {
    it('is created once when four servers open an empty database at once', async () => {
      const url = await freshUrl(engine)
      const stores = await Promise.all([open(url), open(url), open(url), open(url)])
      const { directory } = await makePlace(stores[0]!)
      for (const store of stores) {
        assert.ok(await store.directories.find(directory.uid))
        assert.equal((await store.examine()).schema, await newestSchema())
      }
      const db = await openBelow(url)
      assert.equal((await db.all('select version from schema_versions', [])).length, await newestSchema())
      // Opening it again, with and without the right to migrate, changes nothing.
      assert.ok(await (await open(url)).directories.find(directory.uid))
      assert.ok(await (await open(url, { migrate: false })).directories.find(directory.uid))
    })

    it('is not created by a server that may not migrate', async () => {
      const url = await freshUrl(engine)
      await assert.rejects(open(url, { migrate: false }), (error) => {
        return error instanceof Refusal && error.status === 503 && /behalf migrate/.test(error.message)
      })
      const db = await openBelow(url)
      await assert.rejects(db.all('select * from directories', []))
    })

    it('of a newer version is refused and left unchanged', async () => {
      const url = await freshUrl(engine)
      await open(url)
      const db = await openBelow(url)
      const sql = 'insert into schema_versions (version, name, applied_at) values ($1, $2, $3)'
      await db.write([{ sql, params: [999, '999-later.sql', NOW] }])
      await assert.rejects(open(url), NewerSchema)
      await assert.rejects(open(url, { migrate: false }), NewerSchema)
      assert.equal((await db.all('select version from schema_versions where version = 999', [])).length, 1)
    })

    it('of a migration that fails half-way is rolled back, and the next start runs it completely', async () => {
      const url = await freshUrl(engine)
      const db = await openBelow(url)
      const failing = db.migrate(async (run, all) => {
        await run('create table schema_versions (version bigint primary key)')
        await run('create table half (uid text primary key) /*sqlite: without rowid*/; insert into half values (1)')
        assert.equal((await all('select uid from half', [])).length, 1)
        await run('create table half_broken (uid text primary key); create nonsense')
      })
      await assert.rejects(failing, /nonsense/)
      for (const table of ['half', 'half_broken', 'schema_versions']) {
        await assert.rejects(db.all(`select * from ${table}`, []))
      }
      await makePlace(await open(url))
    })
  })

  it('an older server still reads tables to which a newer version added columns', async () => {
    const url = await freshUrl(engine)
    const store = await open(url)
    const place = await makePlace(store)
    const { app } = place
    const approval = newApproval(place)
    await store.codes.begin(approval)
    const read = async () => ({
      app: await store.apps.findLiveByClientId(app.clientId),
      code: await store.codes.find(approval.outcome.code.digest),
    })
    const before = await read()
    assert.equal(before.app?.uid, app.uid)
    assert.equal(before.code?.appUid, app.uid)
    const newer = await openBelow(url)
    for (const table of ['apps', 'codes', 'access_tokens'])
      await newer.migrate((run) => run(`alter table ${table} add column shine text`))
    // The reads of one turn share a view of the data, so the change is seen in the next turn.
    await nextTurn()
    assert.deepEqual(await read(), before)
    const { token } = await issue(store, place)
    assert.ok(await store.accessTokens.findLive(token, NOW))
  })

  it('a closed store reports that it is unavailable', async () => {
    const url = await freshUrl(engine)
    const store = await open(url)
    await store.close()
    await assert.rejects(store.accessTokens.findLive('x', NOW), { status: 503 })
    await assert.rejects(store.attempts.count('x', NOW, 60), { status: 503 })
    await store.close()
  })
}
