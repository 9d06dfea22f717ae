import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { IssuedRefreshToken, RefreshToken } from '../../../src/store/nouns/refresh-tokens.ts'
import type { Store } from '../../../src/store/store.ts'
import { freshUrl, open, openBelow } from '../engines.ts'
import { makePlace, NOW, newAccessToken, newApproval, newEvent, newRefreshToken, type Place } from '../things.ts'
import type { Given } from './given.ts'

const DAY = 86_400
const LIFETIMES = { tombstone: 10 * DAY, event: 1000 * DAY }

/** Goes from the approval to a live refresh token. */
async function begin(store: Store, place: Place, facts: Partial<RefreshToken> = {}) {
  const approval = newApproval(place)
  const { installUid } = (await store.codes.begin(approval))!
  const { uid: chainUid } = approval.chain
  const [access, refresh] = [newAccessToken(chainUid, NOW, 60), newRefreshToken(chainUid, facts)]
  assert.equal(await store.codes.redeem(approval.outcome.code.digest, NOW, { access, refresh }, newEvent()), true)
  return { installUid, chainUid, access, refresh }
}

type Begun = Awaited<ReturnType<typeof begin>>

/** The three uses of a refresh token, each with its own access token. */
const uses = (store: Store, { chainUid, refresh }: Begun, at = NOW) => {
  const access = newAccessToken(chainUid, at)
  const successor = newRefreshToken(chainUid, { createdAt: at, expiresAt: refresh.expiresAt })
  return {
    access,
    successor,
    rotate: () => store.refreshTokens.rotate(refresh.digest, at, successor, access, newEvent()),
    renew: (idle = at + 30 * DAY) => store.refreshTokens.renew(refresh.digest, at, idle, access, newEvent()),
    repeat: (digest = refresh.digest, most = 3) =>
      store.refreshTokens.repeat(digest, at, most, access, newEvent({ type: 'refresh.repeated' })),
  }
}

const ENDS: Record<string, (store: Store, place: Place, begun: Begun) => Promise<boolean>> = {
  chain: (store, _, { chainUid }) => store.chains.end(chainUid, NOW, 'replay', newEvent()),
  install: (store, _, { installUid }) => store.installs.end(installUid, NOW, 'disconnected', newEvent()),
  app: (store, { app }) => store.apps.end(app.uid, NOW, newEvent()),
  business: (store, { business }) => store.businesses.end(business.uid, NOW, newEvent()),
  directory: (store, { directory }) => store.directories.end(directory.uid, NOW, newEvent()),
  staff: (store, { staff }) => store.staff.end(staff.uid, NOW, newEvent()),
  person: (store, { person }) => store.people.end(person.uid, NOW, newEvent()),
}

export function refreshing({ engine, store: opened, another }: Given): void {
  describe('a refresh token', () => {
    it('is issued with the code, and found with its app and its chain', async () => {
      const store = opened()
      const place = await makePlace(store)
      const context = { sid: 's', amr: ['pwd'], resources: ['https://api.example'] }
      const { refresh } = await begin(store, place, { context, scopes: ['a', 'b'], authTime: NOW - 7 })
      const { principal, ...found } = (await store.refreshTokens.find(refresh.digest))!
      const rest = { rotatedAt: null, successor: undefined, appUid: place.app.uid }
      assert.deepEqual(found, { ...refresh, ...rest } satisfies Omit<IssuedRefreshToken, 'principal'>)
      assert.deepEqual([principal?.staffUid, principal?.businessUid], [place.staff.uid, place.business.uid])
      assert.equal(await store.refreshTokens.find('unknown'), undefined)
    })

    it('is rotated once, and then names its successor', async () => {
      const store = opened()
      const begun = await begin(store, await makePlace(store))
      const { access, successor, ...use } = uses(store, begun, NOW + 5)
      assert.equal(await use.rotate(), true)
      assert.ok(await store.accessTokens.findLive(access.digest, NOW + 5))
      const { digest } = begun.refresh
      const parent = (await store.refreshTokens.find(digest))!
      assert.equal(parent.rotatedAt, NOW + 5)
      assert.deepEqual(parent.successor, {
        digest: successor.digest,
        isUsed: false,
        endsAt: successor.idleExpiresAt,
        repeats: 0,
      })
      assert.deepEqual((await store.refreshTokens.find(successor.digest))?.idleExpiresAt, successor.idleExpiresAt)
      for (const again of [uses(store, begun, NOW + 5).rotate, uses(store, begun, NOW + 5).renew])
        assert.equal(await again(), false)
      assert.equal(await uses(store, begun).repeat(), false, 'a replaced token is not returned again')
      assert.deepEqual((await store.refreshTokens.find(digest))?.successor, parent.successor)
      assert.equal(await uses(store, { ...begun, refresh: successor }, NOW + 6).rotate(), true)
      assert.equal((await store.refreshTokens.find(digest))?.successor?.isUsed, true)
    })

    it('is repeated up to a maximum number of times, which is counted', async () => {
      const store = opened()
      const begun = await begin(store, await makePlace(store))
      const { successor, rotate } = uses(store, begun)
      await rotate()
      const results: boolean[] = []
      for (let times = 0; times < 5; times++) results.push(await uses(store, begun).repeat(successor.digest))
      assert.deepEqual(results, [true, true, true, false, false])
      assert.equal((await store.refreshTokens.find(begun.refresh.digest))?.successor?.repeats, 3)
    })

    it('lives while it is used, up to its maximum lifetime', async () => {
      const store = opened()
      const place = await makePlace(store)
      const begun = await begin(store, place, { idleExpiresAt: NOW + 100, expiresAt: NOW + 300 })
      for (const use of ['rotate', 'renew', 'repeat'] as const)
        assert.equal(await uses(store, begun, NOW + 100)[use](), false, use)
      assert.equal(await uses(store, begun, NOW + 99).renew(NOW + 400), true)
      assert.equal((await store.refreshTokens.find(begun.refresh.digest))?.idleExpiresAt, NOW + 400)
      for (const use of ['rotate', 'renew', 'repeat'] as const)
        assert.equal(await uses(store, begun, NOW + 300)[use](), false, use)
      assert.equal(await uses(store, begun, NOW + 299).rotate(), true)
    })

    for (const [what, end] of Object.entries(ENDS)) {
      it(`is not found after its ${what} has ended`, async () => {
        const store = opened()
        const place = await makePlace(store)
        const begun = await begin(store, place)
        assert.equal(await end(store, place, begun), true)
        assert.equal((await store.refreshTokens.find(begun.refresh.digest))?.principal, undefined)
        const expected = what === 'chain' ? { at: NOW, reason: 'replay' } : undefined
        assert.deepEqual(
          await store.chains.findEnd(begun.chainUid),
          expected,
          'the reason, if the chain itself was ended',
        )
        if (what !== 'chain') return
        for (const use of ['rotate', 'renew', 'repeat'] as const) {
          const { access, successor, ...by } = uses(store, begun)
          assert.equal(await by[use](), false, use)
          assert.equal(await store.refreshTokens.find(successor.digest), undefined)
        }
      })
    }

    it('used fifty times at once through two servers has one successor, and the others leave nothing', async () => {
      const servers = [opened(), await another()]
      const begun = await begin(opened(), await makePlace(opened()))
      const all = Array.from({ length: 50 }, (_, index) => uses(servers[index % 2]!, begun))
      const results = await Promise.all(all.map(({ rotate }) => rotate()))
      assert.equal(results.filter(Boolean).length, 1)
      for (const [index, { access, successor }] of all.entries()) {
        assert.equal((await opened().refreshTokens.find(successor.digest)) !== undefined, results[index])
        assert.equal((await opened().accessTokens.findLive(access.digest, NOW)) !== undefined, results[index])
      }
    })

    it('keeps its chain from being swept while it is alive, and is swept after it expired', async () => {
      const url = await freshUrl(engine)
      const store = await open(url)
      const db = await openBelow(url)
      const count = async (table: string) => Number((await db.one(`select count(*) as n from ${table}`, []))!.n)
      const counts = async () => ({ refresh: await count('refresh_tokens'), chains: await count('chains') })
      const sweep = async (now: number) => {
        while ((await store.sweep(now, LIFETIMES, 2)) > 0);
        return counts()
      }
      const place = await makePlace(store)
      const used = await begin(store, place)
      const [unused, ended] = [await begin(store, place), await begin(store, place)]
      const { successor, rotate } = uses(store, used)
      await rotate()
      await store.chains.end(ended.chainUid, NOW, 'revoked', newEvent())
      assert.deepEqual(await sweep(NOW + 10 * DAY), { refresh: 4, chains: 3 }, 'all are still stored')
      assert.deepEqual(await sweep(NOW + 10 * DAY + 1), { refresh: 3, chains: 2 }, 'those of an ended chain are not')
      assert.ok(
        (await store.refreshTokens.find(used.refresh.digest))?.successor,
        'a used one is, to recognise a replay',
      )
      assert.ok((await store.refreshTokens.find(successor.digest))?.principal)
      assert.deepEqual(await sweep(NOW + 40 * DAY), { refresh: 3, chains: 2 })
      assert.equal(await count('access_tokens'), 0)
      assert.ok((await store.refreshTokens.find(unused.refresh.digest))?.principal)
      assert.deepEqual(await sweep(NOW + 40 * DAY + 1), { refresh: 0, chains: 0 })
    })
  })
}
