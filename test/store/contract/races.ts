import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import type { Store } from '../../../src/store/store.ts'
import {
  issue,
  makePlace,
  NOW,
  newAccessToken,
  newApproval,
  newBusiness,
  newEvent,
  newPerson,
  newRequest,
  newStaff,
} from '../things.ts'
import type { Given } from './given.ts'

const COUNT = 50

export function races({ store: opened, another }: Given): void {
  describe('many concurrent writes through two servers:', () => {
    let servers: Store[]
    before(async () => {
      servers = [opened(), await another()]
    })

    /** Runs the same action fifty times, alternating between both servers. */
    const concurrently = <T>(act: (store: Store, index: number) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: COUNT }, (_, index) => act(servers[index % 2]!, index)))
    const winners = (results: unknown[]) => results.filter((result) => result !== false && result !== undefined).length

    it('a code is redeemed once, and exactly one token is alive', async () => {
      const place = await makePlace(opened())
      const approval = newApproval(place)
      const { chain, outcome } = approval
      await opened().codes.begin(approval)
      const tokens = Array.from({ length: COUNT }, () => newAccessToken(chain.uid))
      const type = `redeemed.${chain.uid}`
      const results = await concurrently((store, i) =>
        store.codes.redeem(outcome.code.digest, NOW, { access: tokens[i]! }, newEvent({ type })),
      )
      assert.equal(winners(results), 1)
      const live = await concurrently((store, i) => store.accessTokens.findLive(tokens[i]!.digest, NOW))
      assert.deepEqual(live.map(Boolean), results)
      assert.equal((await opened().events.list({ type }, 100)).length, 1)
    })

    it('no consent is left for an app as it was before a change', async () => {
      for (let round = 0; round < 30; round++) {
        const place = await makePlace(opened())
        const { app, person, business } = place
        await opened().codes.begin(newApproval(place))
        const [first, second] = round % 2 === 0 ? servers : [...servers].reverse()
        const install = (await opened().installs.findLive(app.uid, business.uid))!
        const approval = { ...newApproval(place), basis: { install, app, isShown: true } }
        const acts = [
          () => first!.codes.begin(approval),
          () => second!.apps.change({ ...app, name: 'Renamed' }, newEvent(), app, true),
        ]
        await Promise.all((round % 3 === 0 ? acts : acts.reverse()).map((act) => act()))
        const consent = await opened().installs.findConsent(person.uid, app.uid, business.uid, '')
        assert.equal(consent, undefined, `round ${round}`)
      }
    })

    it('a pending request is approved once, and leaves one install and one code', async () => {
      const place = await makePlace(opened())
      const request = newRequest(place.app.uid)
      await opened().requests.add(request)
      const approvals = Array.from({ length: COUNT }, () => newApproval(place))
      const results = await concurrently((store, i) =>
        store.codes.begin({ ...approvals[i]!, request: { digest: request.digest, at: NOW } }),
      )
      assert.equal(winners(results), 1)
      const codes = await concurrently((store, i) => store.codes.find(approvals[i]!.outcome.code.digest))
      assert.deepEqual(codes.map(Boolean), results.map(Boolean))
    })

    it('a request is approved or denied, never both', async () => {
      const place = await makePlace(opened())
      for (let round = 0; round < 10; round++) {
        const request = newRequest(place.app.uid)
        await opened().requests.add(request)
        const [begun, denied] = await Promise.all([
          servers[0]!.codes.begin({ ...newApproval(place), request: { digest: request.digest, at: NOW } }),
          servers[1]!.requests.answer(request.digest, NOW, newEvent()),
        ])
        assert.notEqual(begun !== undefined, denied)
      }
    })

    it('first approvals for one business share one install', async () => {
      const place = await makePlace(opened())
      const begun = await concurrently((store) => store.codes.begin(newApproval(place)))
      assert.equal(new Set(begun.map((each) => each?.installUid)).size, 1)
      assert.equal(winners(begun), COUNT)
    })

    it('every attempt counts', async () => {
      const key = newUid()
      const counts = await concurrently((store) => store.attempts.count(key, NOW, 60))
      const expected = Array.from({ length: COUNT }, (_, index) => index + 1)
      assert.deepEqual(
        counts.map(({ count }) => count).sort((a, b) => a - b),
        expected,
      )
    })

    it('one signing key is stored, and all servers read it', async () => {
      const algorithm = newUid()
      const seen = await concurrently(async (store) => {
        const facts = {
          publicJwk: '{}',
          sealedJwk: 's',
          createdAt: NOW,
          signsFrom: NOW,
          neededUntil: 0,
          retiredAt: null,
        }
        await store.signingKeys.add({ kid: newUid(), algorithm, generation: 1, ...facts }, newEvent())
        return (await store.signingKeys.list()).find((key) => key.algorithm === algorithm)?.kid
      })
      assert.equal(new Set(seen).size, 1)
    })

    it('everything that ends, ends once', async () => {
      const place = await makePlace(opened())
      const { token, chainUid, installUid } = await issue(opened(), place)
      assert.equal(winners(await concurrently((store) => store.accessTokens.end(token, NOW, newEvent()))), 1)
      assert.equal(winners(await concurrently((store) => store.chains.end(chainUid, NOW, 'x', newEvent()))), 1)
      assert.equal(winners(await concurrently((store) => store.installs.end(installUid, NOW, 'x', newEvent()))), 1)
    })

    it('a person with one email is created once, and the others leave nothing', async () => {
      const store = opened()
      const { directory, business } = await makePlace(store)
      const emailKey = `${newUid()}@example.com`
      const results = await concurrently(async (each) => {
        const person = newPerson({ emailKey })
        const adding = each.staff.add(newStaff(business.uid, person.uid), person, newEvent())
        return adding.then(() => true).catch(() => false)
      })
      assert.equal(winners(results), 1)
      const added = await concurrently((each) => each.businesses.add(newBusiness(directory.uid), newEvent()))
      assert.equal(winners(added), COUNT)
      assert.equal((await store.businesses.list(directory.uid)).length, COUNT + 1)
    })

    it('one server sees a request that another has answered', async () => {
      const [one, two] = servers as [Store, Store]
      const place = await makePlace(one)
      for (let round = 0; round < 10; round++) {
        const { token } = await issue(one, place)
        assert.ok(await two.accessTokens.findLive(token, NOW))
        await two.accessTokens.end(token, NOW, newEvent())
        assert.equal(await one.accessTokens.findLive(token, NOW), undefined)
      }
    })

    it('every recorded last use is stored, in any order', async () => {
      const place = await makePlace(opened())
      const issued = await concurrently((store) => issue(store, place))
      await concurrently((store, index) => {
        const uses = issued.map(({ token }) => ({ digest: token, at: NOW + index }))
        return store.accessTokens.recordUse(index % 3 === 0 ? uses.reverse() : uses)
      })
      const found = await concurrently((store, index) => store.accessTokens.findLastUsed(issued[index]!.token))
      assert.ok(found.every((lastUse) => lastUse === NOW + COUNT - 1))
    })
  })
}
