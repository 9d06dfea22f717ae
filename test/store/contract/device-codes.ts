import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newToken } from '../../../src/kit/id.ts'
import type { Store } from '../../../src/store/store.ts'
import {
  makePlace,
  NOW,
  newAccessToken,
  newApproval,
  newDeviceCode,
  newEvent,
  newRefreshToken,
  type Place,
} from '../things.ts'
import type { Given } from './given.ts'

export function deviceCodes({ store: opened, another }: Given): void {
  const approve = async (store: Store, place: Place, digest: string, at = NOW + 1) => {
    const approval = newApproval(place, at)
    const device = { digest, authTime: at, context: { amr: ['pwd'] } }
    return (await store.codes.begin({ ...approval, outcome: { kind: 'device', device } })) && approval.chain.uid
  }
  const added = async (store: Store, place: Place, facts = {}) => {
    const code = newDeviceCode(place.app.uid, facts)
    await store.deviceCodes.add(code)
    return code
  }

  describe('a device code', () => {
    it('is found by both codes, approved once, and redeemed once for its tokens', async () => {
      const store = opened()
      const place = await makePlace(store)
      const code = await added(store, place, { cnf: '{"jkt":"x"}', resources: ['https://api.example'] })
      const undecided = { decidedAt: null, chainUid: null, authTime: null, context: null, redeemedAt: null }
      assert.deepEqual(await store.deviceCodes.find(code.digest), { ...code, ...undecided, principal: undefined })
      assert.deepEqual(await store.deviceCodes.findByUserCode(code.userCodeDigest, NOW), code)
      const mint = (chainUid: string) => ({ access: newAccessToken(chainUid), refresh: newRefreshToken(chainUid) })
      assert.equal(await store.deviceCodes.redeem(code.digest, NOW, mint('none'), newEvent()), false)

      const chainUid = (await approve(store, place, code.digest))!
      const found = (await store.deviceCodes.find(code.digest))!
      assert.deepEqual(
        [found.decidedAt, found.chainUid, found.authTime, found.context, found.principal?.personUid],
        [NOW + 1, chainUid, NOW + 1, { amr: ['pwd'] }, place.person.uid],
      )
      assert.equal(await store.deviceCodes.findByUserCode(code.userCodeDigest, NOW), undefined)
      assert.equal(await approve(store, place, code.digest), undefined)
      assert.equal(await store.deviceCodes.deny(code.digest, NOW + 2, newEvent()), false)

      const other = await another()
      const minted = [1, 2, 3, 4].map(() => mint(chainUid))
      const redeemed = await Promise.all(
        minted.map((each, index) =>
          [store, other][index % 2]!.deviceCodes.redeem(code.digest, NOW + 3, each, newEvent()),
        ),
      )
      assert.equal(redeemed.filter(Boolean).length, 1)
      for (const [index, each] of minted.entries()) {
        const isLive = (await store.accessTokens.findLive(each.access.digest, NOW + 3)) !== undefined
        assert.equal(isLive, redeemed[index])
      }
    })

    it('that was denied, has expired or is of another app cannot be approved, and nothing is written', async () => {
      const store = opened()
      const [place, other] = [await makePlace(store), await makePlace(store)]
      const [denied, late, foreign] = [await added(store, place), await added(store, place), await added(store, other)]
      assert.equal(await store.deviceCodes.deny(denied.digest, NOW, newEvent()), true)
      assert.equal(await store.deviceCodes.deny(denied.digest, NOW, newEvent()), false)
      assert.equal((await store.deviceCodes.find(denied.digest))!.decidedAt, NOW)
      assert.equal(await store.deviceCodes.findByUserCode(late.userCodeDigest, NOW + 600), undefined)
      assert.equal(await approve(store, place, denied.digest), undefined)
      assert.equal(await approve(store, place, late.digest, NOW + 600), undefined)
      assert.equal(await approve(store, place, foreign.digest), undefined)
      assert.equal(await approve(store, place, newToken(NOW)), undefined)
      assert.equal(await store.installs.findLive(place.app.uid, place.business.uid), undefined)
    })

    it('cannot be redeemed after it has expired or its approval has ended', async () => {
      const store = opened()
      const place = await makePlace(store)
      const [late, ended] = [await added(store, place), await added(store, place)]
      const chains = [await approve(store, place, late.digest), await approve(store, place, ended.digest)]
      const redeem = (digest: string, at: number, chainUid: string) =>
        store.deviceCodes.redeem(digest, at, { access: newAccessToken(chainUid) }, newEvent())
      assert.equal(await redeem(late.digest, NOW + 600, chains[0]!), false)
      await store.chains.end(chains[1]!, NOW + 2, 'revoked', newEvent())
      assert.equal((await store.deviceCodes.find(ended.digest))!.principal, undefined)
      assert.equal(await redeem(ended.digest, NOW + 3, chains[1]!), false)
    })

    it('may be polled at its interval, which a poll that comes too early lengthens by five seconds', async () => {
      const store = opened()
      const { digest } = await added(store, await makePlace(store))
      const times = [4, 14, 23, 38, 53].map((after) => NOW + after)
      const polls: boolean[] = []
      for (const at of times) polls.push(await store.deviceCodes.poll(digest, at))
      assert.deepEqual(polls, [false, true, false, true, true])
      assert.equal((await store.deviceCodes.find(digest))!.pollInterval, 15)
      const both = await Promise.all([1, 2].map(() => store.deviceCodes.poll(digest, NOW + 100)))
      assert.deepEqual(both.sort(), [false, true])
    })

    it('is swept when it has expired long ago, with the chain that nothing else hangs on', async () => {
      const store = opened()
      const place = await makePlace(store)
      const [old, denied, fresh] = [
        await added(store, place, { expiresAt: NOW + 60 }),
        await added(store, place, { expiresAt: NOW + 60 }),
        await added(store, place, { expiresAt: NOW + 5000 }),
      ]
      await approve(store, place, old.digest)
      await store.deviceCodes.deny(denied.digest, NOW, newEvent())
      await store.sweep(NOW + 1100, { tombstone: 1000, event: 100_000 }, 1000)
      assert.equal(await store.deviceCodes.find(old.digest), undefined)
      assert.equal(await store.deviceCodes.find(denied.digest), undefined)
      assert.ok(await store.deviceCodes.find(fresh.digest))
    })
  })
}
