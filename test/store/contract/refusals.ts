import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { KeptRefusal } from '../../../src/store/nouns/refusals.ts'
import type { Store } from '../../../src/store/store.ts'
import { freshUrl, open, openBelow } from '../engines.ts'
import { NOW } from '../things.ts'
import type { Given } from './given.ts'

const DAY = 86_400
const LIFETIMES = { tombstone: 1e9, event: 1e9, refusal: 7 * DAY }

const refusal = (reference: string, at = NOW): KeptRefusal => ({
  reference,
  at,
  method: 'GET',
  path: '/oauth/authorize',
  status: 303,
  code: 'invalid_scope',
  field: null,
  message: 'The scope x does not exist.',
  checkName: 'scope',
  fix: 'Ask for another.',
  appUid: null,
  request: '[{"in":"query","name":"scope","value":"x"}]',
})

export function refusals({ engine }: Given): void {
  describe('refusals', () => {
    let store: Store
    let url: string
    before(async () => {
      url = await freshUrl(engine)
      store = await open(url)
    })

    it('are returned as they were stored, the first one of a reference', async () => {
      const kept = refusal('a')
      await store.refusals.add([kept, { ...refusal('b'), field: 'scope', appUid: 'x', code: null, fix: null }])
      await store.refusals.add([{ ...kept, message: 'Something else.' }])
      await store.refusals.add([])
      assert.deepEqual(await store.refusals.find('a'), kept)
      assert.equal((await store.refusals.find('b'))?.appUid, 'x')
      assert.equal(await store.refusals.find('c'), undefined)
    })

    it('are deleted when they are old', async () => {
      await store.refusals.add([refusal('old', NOW - 7 * DAY - 1), refusal('young', NOW - 7 * DAY)])
      assert.equal(await store.sweep(NOW, { tombstone: 1e9, event: 1e9 }, 100), 0)
      assert.equal(await store.sweep(NOW, LIFETIMES, 100), 1)
      assert.equal(await store.refusals.find('old'), undefined)
      assert.ok(await store.refusals.find('young'))
    })

    it('are 100000 at most: of more, the oldest are deleted', async () => {
      const db = await openBelow(url)
      const sql = `with recursive n(i) as (select 1 union all select i + 1 from n where i < 100050)
        insert into refusals (reference, at, method, path, status, message, check_name, request)
        select 'r' || i, $1 + i, 'GET', '/', 400, 's', 'c', '[]' from n`
      await db.write([{ sql, params: [NOW] }])
      const now = NOW + 100_050
      let swept = 0
      for (let more = -1; more !== 0; swept += more) more = await store.sweep(now, LIFETIMES, 1000)
      const row = await db.one('select count(*) as count, min(at) as oldest from refusals', [])
      assert.deepEqual([Number(row!.count), row!.oldest], [100_000, NOW + 51])
      assert.equal(swept, 53, 'the earlier ones as well')
    })
  })
}
