import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Store } from '../../../src/store/store.ts'
import { issue, makePlace, NOW, newEvent, newSecret } from '../things.ts'
import type { Given } from './given.ts'
import { ENDS } from './liveness.ts'

/** The queries of every use of a token or a secret. They are cached, but a cached answer must never outlive its truth. */
export function caching({ store: opened, another }: Given): void {
  describe('a cached answer', () => {
    let other: Store
    before(async () => {
      other = await another()
    })

    for (const [what, end] of Object.entries(ENDS)) {
      it(`is read again after another server ended the ${what}`, async () => {
        const place = await makePlace(opened())
        const issued = await issue(opened(), place)
        for (const store of [opened(), other, opened(), other, opened(), other]) {
          assert.ok(await store.accessTokens.findLive(issued.token, NOW))
          assert.ok((await store.codes.find(issued.code))?.principal)
          assert.ok(await store.presentedTokens.findLive(issued.token, NOW))
        }
        assert.equal(await end(other, place, issued), true)
        for (const store of [opened(), other]) {
          assert.equal(await store.accessTokens.findLive(issued.token, NOW), undefined)
          assert.equal(await store.presentedTokens.findLive(issued.token, NOW), undefined)
          assert.equal((await store.codes.find(issued.code))?.principal === undefined, what !== 'token')
        }
      })
    }

    it('is read again after any server changed a name', async () => {
      const place = await makePlace(opened())
      const { token } = await issue(opened(), place)
      const nameAt = async (store: Store) => (await store.accessTokens.findLive(token, NOW))?.chain.principal?.name
      const both = async () => [await nameAt(opened()), await nameAt(other)]
      const { person } = place
      for (let round = 0; round < 3; round++) assert.deepEqual(await both(), [person.name, person.name])
      const [second, third] = [
        { ...person, name: 'Second' },
        { ...person, name: 'Third' },
      ]
      assert.equal(await other.people.change(second, newEvent(), person), true)
      for (let round = 0; round < 3; round++) assert.deepEqual(await both(), ['Second', 'Second'])
      assert.equal(await opened().people.change(third, newEvent(), second), true)
      assert.deepEqual(await both(), ['Third', 'Third'])
    })

    it('is read again after an app gets or loses a secret, or changes a setting', async () => {
      const { app, secret } = await makePlace(opened())
      const rightAt = async ({ digest }: { digest: string }) =>
        Promise.all(
          [opened(), other].map(
            async (store) => (await store.apps.authenticate(app.clientId, digest, NOW))?.isSecretRight,
          ),
        )
      const added = newSecret(app.uid)
      for (let round = 0; round < 3; round++)
        assert.deepEqual([await rightAt(secret), await rightAt(added)].flat(), [true, true, false, false])
      assert.equal(await other.appSecrets.add(added, 10, newEvent()), true)
      assert.deepEqual([await rightAt(secret), await rightAt(added)].flat(), [true, true, true, true])
      assert.equal(await opened().appSecrets.end(secret.uid, NOW, newEvent()), true)
      assert.deepEqual([await rightAt(secret), await rightAt(added)].flat(), [false, false, true, true])
      await other.appSecrets.recordUse([{ uid: added.uid, at: NOW }])
      const found = await opened().apps.authenticate(app.clientId, added.digest, NOW)
      assert.equal(found?.secret?.lastUsedAt, NOW)
      assert.equal(await other.apps.change({ ...app, name: 'Another name' }, newEvent(), app, false), true)
      assert.equal((await opened().apps.authenticate(app.clientId, added.digest, NOW))?.app.name, 'Another name')
    })

    it('does not outlive the directory that owns the app', async () => {
      const { app, directory, secret } = await makePlace(opened())
      const found = async (store: Store) =>
        (await store.apps.authenticate(app.clientId, secret.digest, NOW)) !== undefined
      for (let round = 0; round < 3; round++)
        assert.deepEqual([await found(opened()), await found(other)], [true, true])
      await other.directories.end(directory.uid, NOW, newEvent())
      assert.deepEqual([await found(opened()), await found(other)], [false, false])
    })
  })
}
