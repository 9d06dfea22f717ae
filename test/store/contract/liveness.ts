import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Cached } from '../../../src/kit/cached.ts'
import type { Store } from '../../../src/store/store.ts'
import { issue, makePlace, NOW, newEvent, type Place } from '../things.ts'
import type { Given } from './given.ts'

type Issued = Awaited<ReturnType<typeof issue>>

/** Everything on the chain of a token, and how each part ends. */
export const ENDS: Record<string, (store: Store, place: Place, issued: Issued) => Promise<boolean>> = {
  token: (store, _, { token }) => store.accessTokens.end(token, NOW, newEvent()),
  chain: (store, _, { chainUid }) => store.chains.end(chainUid, NOW, 'replay', newEvent()),
  install: (store, _, { installUid }) => store.installs.end(installUid, NOW, 'disconnected', newEvent()),
  app: (store, { app }) => store.apps.end(app.uid, NOW, newEvent()),
  business: (store, { business }) => store.businesses.end(business.uid, NOW, newEvent()),
  directory: (store, { directory }) => store.directories.end(directory.uid, NOW, newEvent()),
  staff: (store, { staff }) => store.staff.end(staff.uid, NOW, newEvent()),
  person: (store, { person }) => store.people.end(person.uid, NOW, newEvent()),
}

export function liveness({ store: opened }: Given): void {
  describe('a token', () => {
    it('is found with everything on its chain, until it expires', async () => {
      const store = opened()
      const place = await makePlace(store)
      const { token, chainUid } = await issue(store, place, NOW, 3600)
      assert.deepEqual(await store.accessTokens.findLive(token, NOW + 3599), {
        chainUid,
        scopes: ['clients:read'],
        createdAt: NOW,
        expiresAt: NOW + 3600,
        audience: null,
        claims: null,
        cnf: null,
        chain: {
          appUid: place.app.uid,
          clientId: place.app.clientId,
          codeName: place.app.codeName,
          appDirectoryUid: place.app.directoryUid,
          appBusinessUid: null,
          protocol: {},
          appOrigin: place.app.origin,
          appScopes: place.app.scopes,
          redirectUri: place.app.redirectUri,
          principal: {
            staffUid: place.staff.uid,
            role: place.staff.role,
            personUid: place.person.uid,
            email: place.person.email,
            emailVerified: false,
            name: place.person.name,
            profileJson: null,
            businessUid: place.business.uid,
            businessName: place.business.name,
            directoryUid: place.directory.uid,
            brandHost: place.directory.host,
            themeJson: JSON.stringify(place.directory.theme),
          },
        },
        claimsJson: new Cached(),
      })
      assert.equal(await store.accessTokens.findLive(token, NOW + 3600), undefined)
      assert.equal(await store.accessTokens.findLive('unknown', NOW), undefined)
    })

    for (const [what, end] of Object.entries(ENDS)) {
      it(`ends with its ${what} on every server, and nothing ends twice`, async () => {
        const store = opened()
        const place = await makePlace(store)
        const [issued, bystander] = [await issue(store, place), await issue(store, await makePlace(store))]
        assert.ok(await store.accessTokens.findLive(issued.token, NOW))
        assert.equal(await end(store, place, issued), true)
        assert.equal(await store.accessTokens.findLive(issued.token, NOW), undefined)
        assert.equal((await store.codes.find(issued.code))?.principal === undefined, what !== 'token')
        assert.equal(await end(store, place, issued), false)
        assert.ok(await store.accessTokens.findLive(bystander.token, NOW))
      })
    }

    it('keeps the latest time of use', async () => {
      const store = opened()
      const place = await makePlace(store)
      const [one, two] = [await issue(store, place), await issue(store, place)]
      await store.accessTokens.recordUse([])
      await store.accessTokens.recordUse([
        { digest: two.token, at: NOW + 7 },
        { digest: 'unknown', at: NOW },
        { digest: one.token, at: NOW + 5 },
      ])
      await store.accessTokens.recordUse([{ digest: one.token, at: NOW + 4 }])
      assert.equal(await store.accessTokens.findLastUsed(one.token), NOW + 5)
      assert.equal(await store.accessTokens.findLastUsed(two.token), NOW + 7)
      const again = (at: number) => store.accessTokens.recordUse([{ digest: one.token, at }], 3600)
      await again(NOW + 3604)
      assert.equal(await store.accessTokens.findLastUsed(one.token), NOW + 5, 'recorded to the hour')
      await again(NOW + 3605)
      assert.equal(await store.accessTokens.findLastUsed(one.token), NOW + 3605)
    })
  })
}
