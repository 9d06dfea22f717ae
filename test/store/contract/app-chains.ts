import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Store } from '../../../src/store/store.ts'
import { freshUrl, open, openBelow } from '../engines.ts'
import { issue, makePlace, NOW, newAppToken, newEvent } from '../things.ts'
import type { Given } from './given.ts'

const DAY = 86_400
const LIFETIMES = { tombstone: 10 * DAY, event: 1000 * DAY }

export function appChains({ engine }: Given): void {
  describe("an app's own chain", () => {
    let servers: [Store, Store]
    let countChains: (appUid: string, condition?: string) => Promise<number>
    before(async () => {
      const url = await freshUrl(engine)
      servers = [await open(url), await open(url)]
      const db = await openBelow(url)
      countChains = async (appUid, condition = '') => {
        const sql = `select count(*) as count from chains where app_uid = $1 ${condition}`
        return Number((await db.one(sql, [appUid]))!.count)
      }
    })

    it('begins with the first token, and once even if many are requested at once', async () => {
      const { app } = await makePlace(servers[0])
      const tokens = Array.from({ length: 40 }, () => newAppToken())
      const added = await Promise.all(
        tokens.map((token, index) => servers[index % 2]!.accessTokens.addForApp(token, app, newEvent())),
      )
      assert.ok(added.every(Boolean))
      assert.equal(await countChains(app.uid), 1)
      const live = await servers[1].accessTokens.findLive(tokens[0]!.digest, NOW)
      assert.deepEqual([live?.chain.appUid, live?.chain.principal], [app.uid, undefined])
    })

    it('does not begin for an app that was changed or has ended', async () => {
      const [store] = servers
      const { app } = await makePlace(store)
      assert.equal(await store.accessTokens.addForApp(newAppToken(), { ...app, scopes: [] }, newEvent()), false)
      await store.apps.end(app.uid, NOW, newEvent())
      assert.equal(await store.accessTokens.addForApp(newAppToken(), app, newEvent()), false)
      assert.equal(await countChains(app.uid), 0)
    })

    it('ends with all its tokens and no others, and the next token begins another chain', async () => {
      const [store, other] = servers
      const place = await makePlace(store)
      const { app } = place
      const approved = await issue(store, place)
      const tokens = [newAppToken(), newAppToken(), newAppToken()]
      for (const token of tokens) await store.accessTokens.addForApp(token, app, newEvent())
      assert.ok(await other.presentedTokens.findLive(tokens[0]!.digest, NOW))
      assert.equal(await store.chains.endOfApp(app.uid, NOW, 'revoked', newEvent()), true)
      assert.equal(await store.chains.endOfApp(app.uid, NOW, 'revoked', newEvent()), false)
      for (const server of servers)
        for (const { digest } of tokens) {
          assert.equal(await server.accessTokens.findLive(digest, NOW), undefined)
          assert.equal(await server.presentedTokens.findLive(digest, NOW), undefined)
        }
      assert.ok(await store.accessTokens.findLive(approved.token, NOW))
      const next = newAppToken()
      assert.equal(await other.accessTokens.addForApp(next, app, newEvent()), true)
      assert.ok(await store.accessTokens.findLive(next.digest, NOW))
      assert.deepEqual([await countChains(app.uid), await countChains(app.uid, 'and ended_at is null')], [2, 1])
    })

    it('is swept after it ended, and kept while it is alive, even without tokens', async () => {
      const [store] = servers
      const { app } = await makePlace(store)
      const sweepAt = async (now: number) => {
        while ((await store.sweep(now, LIFETIMES, 100)) > 0);
      }
      await store.accessTokens.addForApp(newAppToken(), app, newEvent())
      await sweepAt(NOW + 20 * DAY)
      assert.equal(await countChains(app.uid), 1)
      const token = newAppToken(NOW + 20 * DAY, 100 * DAY)
      await store.accessTokens.addForApp(token, app, newEvent())
      assert.equal(await countChains(app.uid), 1)
      await store.chains.endOfApp(app.uid, NOW + 21 * DAY, 'revoked', newEvent())
      await sweepAt(NOW + 31 * DAY)
      assert.equal(await countChains(app.uid), 1)
      await sweepAt(NOW + 31 * DAY + 1)
      assert.equal(await countChains(app.uid), 0)
      assert.equal(await store.accessTokens.findLastUsed(token.digest), undefined)
    })
  })
}
