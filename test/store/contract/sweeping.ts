import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import type { Store } from '../../../src/store/store.ts'
import { freshUrl, open, openBelow } from '../engines.ts'
import { issue, makePlace, NOW, newApproval, newEvent, newRequest, newSession, type Place } from '../things.ts'
import type { Given } from './given.ts'

const HOUR = 3600
const DAY = 86_400
const LIFETIMES = { tombstone: 10 * DAY, event: 100 * DAY }

export function sweeping({ engine }: Given): void {
  describe('sweeping', () => {
    let store: Store
    let place: Place
    let countRows: (table: string) => Promise<number>
    before(async () => {
      const url = await freshUrl(engine)
      store = await open(url)
      place = await makePlace(store)
      const db = await openBelow(url)
      countRows = async (table) => Number((await db.one(`select count(*) as count from ${table}`, []))!.count)
    })

    const sweepAll = async (now: number) => {
      let swept = 0
      for (let more = -1; more !== 0; swept += more) more = await store.sweep(now, LIFETIMES, 1000)
      return swept
    }
    const count = async () => ({
      codes: await countRows('codes'),
      tokens: await countRows('access_tokens'),
      chains: await countRows('chains'),
    })

    it('keeps everything that is alive, and tombstones that are still needed', async () => {
      const { token, code } = await issue(store, place, NOW, 100 * DAY)
      const brief = await issue(store, place, NOW, 60)
      const ended = await issue(store, place, NOW, 100 * DAY)
      await store.chains.end(ended.chainUid, NOW, 'replay', newEvent())
      assert.equal(await sweepAll(NOW + 10 * DAY), 0)
      assert.ok(await store.accessTokens.findLive(token, NOW))
      assert.ok(await store.codes.find(code))
      assert.equal((await store.codes.find(brief.code))?.redeemedAt, NOW)
      assert.deepEqual(await count(), { codes: 3, tokens: 3, chains: 3 })
    })

    it('deletes what expired, what ended, and every chain with its last token', async () => {
      const alive = await issue(store, place, NOW, 1000 * DAY)
      await issue(store, place, NOW, 3600)
      const endedToken = await issue(store, place, NOW, 1000 * DAY)
      await store.accessTokens.end(endedToken.token, NOW, newEvent())
      const endedChain = await issue(store, place, NOW, 1000 * DAY)
      await store.chains.end(endedChain.chainUid, NOW, 'replay', newEvent())
      const unused = newApproval(place)
      await store.codes.begin(unused)
      const later = NOW + 10 * DAY + 3601
      assert.ok((await sweepAll(later)) > 0)
      assert.ok(await store.accessTokens.findLive(alive.token, later))
      assert.equal(await store.codes.find(unused.outcome.code.digest), undefined)
      // One more row than in the test before has a live token.
      assert.deepEqual(await count(), { codes: 0, tokens: 2, chains: 2 })
      assert.equal(await store.chains.end(alive.chainUid, later, 'revoked', newEvent()), true)
      await sweepAll(NOW + 2000 * DAY)
      assert.deepEqual(await count(), { codes: 0, tokens: 0, chains: 0 })
      assert.ok(await store.installs.findLive(place.app.uid, place.business.uid))
    })

    it('works in batches and finishes', async () => {
      for (let index = 0; index < 25; index++) await issue(store, place, NOW + index, 60)
      const later = NOW + 20 * DAY
      const first = await store.sweep(later, LIFETIMES, 10)
      assert.deepEqual(await count(), { codes: 15, tokens: 15, chains: 15 })
      assert.ok(first >= 30)
      await sweepAll(later)
      assert.deepEqual(await count(), { codes: 0, tokens: 0, chains: 0 })
    })

    it('on two servers at once leaves nothing behind', async () => {
      const issued = Array.from({ length: 30 }, (_, index) => issue(store, place, NOW + (index % 3), 60))
      await Promise.all(issued)
      const later = NOW + 20 * DAY
      for (let round = 0; round < 4; round++) {
        await Promise.all([store.sweep(later, LIFETIMES, 10), store.sweep(later, LIFETIMES, 7)])
      }
      assert.deepEqual(await count(), { codes: 0, tokens: 0, chains: 0 })
    })

    it('deletes sessions, requests, attempts and events when they are due', async () => {
      await sweepAll(NOW + 1000 * DAY)
      const session = newSession(place.person.uid, { expiresAt: NOW + DAY })
      const request = newRequest(place.app.uid, { expiresAt: NOW + 600 })
      const [old, young] = [newEvent({ at: NOW, type: 'swept' }), newEvent({ at: NOW + DAY, type: 'swept' })]
      await store.sessions.begin(session, old)
      await store.requests.add(request)
      await store.events.add(young)
      await store.attempts.count(newUid(), NOW, 60)
      assert.equal(await countRows('attempts'), 1)
      const steps: [at: number, swept: number][] = [
        [NOW + 60, 0],
        [NOW + 61, 1],
        [NOW + 600 + HOUR, 0],
        [NOW + 601 + HOUR, 1],
        [NOW + 11 * DAY, 0],
        [NOW + 11 * DAY + 1, 1],
        [NOW + 100 * DAY, 0],
        [NOW + 100 * DAY + 1, 1],
      ]
      for (const [at, swept] of steps) assert.equal(await sweepAll(at), swept, `at ${at - NOW}`)
      const left = await store.events.list({ type: 'swept' }, 5)
      assert.deepEqual(
        left.map(({ uid }) => uid),
        [young.uid],
      )
    })
  })
}
