import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import { freshUrl, open } from '../engines.ts'
import { makePlace, NOW, newApp, newEvent, newSecret } from '../things.ts'
import type { Given } from './given.ts'

export function secrets({ engine, store: opened, another }: Given): void {
  describe('secrets of apps', () => {
    it('are listed while they are alive, without their digests', async () => {
      const store = opened()
      const { app, secret } = await makePlace(store)
      const sealed = newSecret(app.uid, { name: 'second', createdAt: NOW + 1, expiresAt: NOW + 100, sealed: 'sealed' })
      assert.equal(await store.appSecrets.add(sealed, 10, newEvent()), true)
      const { uid, name, createdAt, expiresAt } = sealed
      const second = { uid, appUid: app.uid, name, createdAt, expiresAt, lastUsedAt: null, sealed: 'sealed' }
      const [first, ...others] = await store.appSecrets.listLive(app.uid, NOW + 99)
      assert.deepEqual([first!.uid, first!.sealed], [secret.uid, null])
      assert.deepEqual(others, [second])
      assert.deepEqual(await store.appSecrets.findLive(uid, NOW + 99), second)
      assert.equal(await store.appSecrets.findLive(uid, NOW + 100), undefined)
      assert.equal((await store.appSecrets.listLive(app.uid, NOW + 100)).length, 1)
      assert.equal(await store.appSecrets.end(uid, NOW + 100, newEvent()), false, 'it expired before')
    })

    it('end once, and authenticate nothing after that', async () => {
      const store = opened()
      const { app, secret } = await makePlace(store)
      assert.equal(await store.appSecrets.end(secret.uid, NOW, newEvent()), true)
      assert.equal(await store.appSecrets.end(secret.uid, NOW, newEvent()), false)
      assert.deepEqual(await store.appSecrets.listLive(app.uid, NOW), [])
      assert.equal((await store.apps.authenticate(app.clientId, secret.digest, NOW))?.isSecretRight, false)
    })

    it('never exceed their maximum number, even if many are added at once', async () => {
      const [store, other] = [opened(), await another()]
      const { app } = await makePlace(store)
      const additions = Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? store : other).appSecrets.add(newSecret(app.uid), 5, newEvent()),
      )
      assert.equal((await Promise.all(additions)).filter(Boolean).length, 4, 'one existed before')
      assert.equal((await store.appSecrets.listLive(app.uid, NOW)).length, 5)
    })

    it('are refused to an app that cannot keep them, and to an ended app', async () => {
      const store = opened()
      const [open, over] = [newApp(null, { public: true }), newApp(null)]
      for (const app of [open, over]) await store.apps.add(app, undefined, newEvent())
      await store.apps.end(over.uid, NOW, newEvent())
      for (const app of [open, over]) assert.equal(await store.appSecrets.add(newSecret(app.uid), 5, newEvent()), false)
    })

    it('record their last use, and never an earlier one', async () => {
      const store = opened()
      const { app, secret } = await makePlace(store)
      const lastUsed = async () => (await store.apps.authenticate(app.clientId, secret.digest, NOW))?.secret?.lastUsedAt
      assert.equal(await lastUsed(), null)
      await store.appSecrets.recordUse([{ uid: secret.uid, at: NOW + 5 }])
      await store.appSecrets.recordUse([{ uid: secret.uid, at: NOW + 3 }])
      await store.appSecrets.recordUse([])
      assert.equal(await lastUsed(), NOW + 5)
    })
  })

  describe('expired secrets and assertions', () => {
    it('are swept, and no others', async () => {
      const store = await open(await freshUrl(engine))
      const { app } = await makePlace(store)
      const [passing, ended] = [newSecret(app.uid, { expiresAt: NOW + 60 }), newSecret(app.uid)]
      for (const secret of [passing, ended]) await store.appSecrets.add(secret, 10, newEvent())
      await store.appSecrets.end(ended.uid, NOW + 50, newEvent())
      await store.assertions.claim('used', NOW + 40)
      const sweep = (now: number) => store.sweep(now, { tombstone: 3600, event: 1_000_000_000 }, 100)
      const steps: [at: number, swept: number][] = [
        [NOW + 40, 0],
        [NOW + 41, 1],
        [NOW + 3650, 0],
        [NOW + 3651, 1],
        [NOW + 3660, 0],
        [NOW + 3661, 1],
        [NOW + 1_000_000, 0],
      ]
      for (const [at, swept] of steps) assert.equal(await sweep(at), swept, `at ${at - NOW}`)
      assert.equal((await store.appSecrets.listLive(app.uid, NOW)).length, 1)
    })
  })

  describe('assertions', () => {
    it('are used once, across all servers', async () => {
      const [store, other] = [opened(), await another()]
      const name = newUid()
      const claims = Array.from({ length: 30 }, (_, index) =>
        (index % 2 ? store : other).assertions.claim(name, NOW + 60),
      )
      assert.equal((await Promise.all(claims)).filter(Boolean).length, 1)
      assert.equal(await store.assertions.claim(newUid(), NOW + 60), true)
    })
  })
}
