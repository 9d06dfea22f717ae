import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import { MAX_WRONG_VERIFIERS } from '../../../src/store/nouns/codes.ts'
import type { Store } from '../../../src/store/store.ts'
import { issue, makePlace, NOW, newAccessToken, newApproval, newEvent, newRequest, type Place } from '../things.ts'
import type { Given } from './given.ts'

export function approvals({ store: opened }: Given): void {
  describe('an approval', () => {
    it('answers the request and stores an install, a consent, a chain, a code and an event', async () => {
      const store = opened()
      const place = await makePlace(store)
      const { app, business, person, staff, directory } = place
      const request = newRequest(app.uid)
      await store.requests.add(request)
      const approval = newApproval(place)
      approval.outcome.code.codeChallenge = 'challenge'
      approval.outcome.code.nonce = 'nonce'
      approval.outcome.code.redirectUriSent = false
      const begun = await store.codes.begin({ ...approval, request: { digest: request.digest, at: NOW + 1 } })
      assert.deepEqual(begun, { installUid: approval.install.uid })

      assert.equal((await store.requests.find(request.digest))?.answeredAt, NOW + 1)
      const install = await store.installs.findLive(app.uid, business.uid)
      assert.partialDeepStrictEqual(install, approval.install)
      const consent = await store.installs.findConsent(person.uid, app.uid, business.uid, '')
      assert.partialDeepStrictEqual(consent, { ...approval.consent, installUid: approval.install.uid })
      assert.deepEqual(await store.codes.find(approval.outcome.code.digest), {
        ...approval.outcome.code,
        redeemedAt: null,
        wrongVerifiers: 0,
        appUid: app.uid,
        scopes: ['clients:read'],
        principal: {
          staffUid: staff.uid,
          role: staff.role,
          personUid: person.uid,
          email: person.email,
          emailVerified: false,
          name: person.name,
          profileJson: null,
          businessUid: business.uid,
          businessName: business.name,
          directoryUid: directory.uid,
          brandHost: directory.host,
          themeJson: JSON.stringify(directory.theme),
        },
      })
      assert.equal((await store.events.list({ businessUid: business.uid, type: 'consent.given' }, 5)).length, 1)
    })

    it('is listed by app, by business or by both, while everything on its chain is alive', async () => {
      const store = opened()
      const [place, other] = [await makePlace(store), await makePlace(store)]
      const { install } = newApproval(place)
      const { installUid } = await issue(store, place)
      const { installUid: platforms } = await issue(store, { ...place, app: other.app })
      const { app, business } = place
      const uids = async (filter: Parameters<Store['installs']['list']>[0]) =>
        (await store.installs.list(filter)).map(({ uid }) => uid)
      const [first] = await store.installs.list({ appUid: app.uid })
      const names = { appCodeName: app.codeName, businessName: business.name }
      assert.deepEqual(first, { ...install, uid: installUid, ...names })
      assert.deepEqual(new Set(await uids({ businessUid: business.uid })), new Set([installUid, platforms]))
      assert.deepEqual(await uids({ appUid: other.app.uid, businessUid: business.uid }), [platforms])
      assert.equal((await uids({})).filter((uid) => uid === installUid).length, 1)
      assert.equal(await store.installs.end(installUid, NOW, 'disconnected', newEvent()), true)
      assert.deepEqual(await uids({ appUid: app.uid }), [])
      await store.directories.end(place.directory.uid, NOW, newEvent())
      assert.deepEqual(await uids({ appUid: other.app.uid }), [])
    })

    it('given again, widens the install and the consent, and keeps the first install', async () => {
      const store = opened()
      const place = await makePlace(store)
      const [first, second] = [newApproval(place), newApproval(place, NOW + 5)]
      second.install = { ...second.install, scopes: ['clients:read', 'clients:write'] }
      second.consent = { ...second.consent!, scopes: ['clients:write'] }
      await store.codes.begin(first)
      assert.deepEqual(await store.codes.begin(second), { installUid: first.install.uid })
      const install = await store.installs.findLive(place.app.uid, place.business.uid)
      assert.partialDeepStrictEqual(install, {
        uid: first.install.uid,
        scopes: second.install.scopes,
        createdAt: NOW,
        changedAt: NOW + 5,
      })
      const consent = await store.installs.findConsent(place.person.uid, place.app.uid, place.business.uid, '')
      assert.deepEqual(consent?.scopes, ['clients:write'])
    })

    it('begins a new install after the old one ended, and drops the consent for the old one', async () => {
      const store = opened()
      const place = await makePlace(store)
      const { person, app, business } = place
      const old = (await store.codes.begin(newApproval(place)))!.installUid
      assert.equal(await store.installs.end(old, NOW, 'disconnected', newEvent()), true)
      assert.equal(await store.installs.end(old, NOW, 'disconnected', newEvent()), false)
      assert.equal(await store.installs.findLive(app.uid, business.uid), undefined)
      const { consent: _, ...trusted } = newApproval(place)
      const renewed = (await store.codes.begin(trusted))!.installUid
      assert.notEqual(renewed, old)
      assert.equal(await store.installs.findConsent(person.uid, app.uid, business.uid, ''), undefined)
      await store.codes.begin(newApproval(place))
      assert.equal((await store.installs.findConsent(person.uid, app.uid, business.uid, ''))?.installUid, renewed)
    })

    const ways: Record<string, (store: Store, place: Place) => Promise<unknown>> = {
      app: (store, { app }) => store.apps.end(app.uid, NOW, newEvent()),
      business: (store, { business }) => store.businesses.end(business.uid, NOW, newEvent()),
      directory: (store, { directory }) => store.directories.end(directory.uid, NOW, newEvent()),
      'staff membership': (store, { staff }) => store.staff.end(staff.uid, NOW, newEvent()),
      person: (store, { person }) => store.people.end(person.uid, NOW, newEvent()),
    }
    for (const [what, end] of Object.entries(ways)) {
      it(`whose ${what} ended while the page was shown writes nothing`, async () => {
        const store = opened()
        const place = await makePlace(store)
        const request = newRequest(place.app.uid)
        await store.requests.add(request)
        await end(store, place)
        const approval = newApproval(place)
        const begun = await store.codes.begin({ ...approval, request: { digest: request.digest, at: NOW } })
        assert.equal(begun, undefined)
        assert.equal((await store.requests.find(request.digest))?.answeredAt, null)
        assert.equal(await store.installs.findLive(place.app.uid, place.business.uid), undefined)
        const consent = await store.installs.findConsent(place.person.uid, place.app.uid, place.business.uid, '')
        assert.equal(consent, undefined)
        assert.equal(await store.codes.find(approval.outcome.code.digest), undefined)
        assert.deepEqual(await store.events.list({ type: 'consent.given', businessUid: place.business.uid }, 5), [])
      })
    }

    it('writes nothing if the membership is of another business', async () => {
      const store = opened()
      const [place, other] = [await makePlace(store), await makePlace(store)]
      assert.equal(await store.codes.begin(newApproval({ ...place, staff: other.staff })), undefined)
    })

    it('of an answered or expired request writes nothing', async () => {
      const store = opened()
      const place = await makePlace(store)
      const [answered, late] = [newRequest(place.app.uid), newRequest(place.app.uid)]
      await store.requests.add(answered)
      await store.requests.add(late)
      await store.requests.answer(answered.digest, NOW, newEvent())
      const begin = (digest: string, at: number) =>
        store.codes.begin({ ...newApproval(place), request: { digest, at } })
      assert.equal(await begin(answered.digest, NOW), undefined)
      assert.equal(await begin(late.digest, late.expiresAt), undefined)
      assert.equal(await begin(newUid(), NOW), undefined)
      assert.ok(await begin(late.digest, late.expiresAt - 1))
    })
  })

  describe('a code', () => {
    it('is redeemed once, before it expires, while its chain is alive', async () => {
      const store = opened()
      const place = await makePlace(store)
      const [spent, late, ended] = [newApproval(place), newApproval(place), newApproval(place)]
      for (const approval of [spent, late, ended]) await store.codes.begin(approval)
      const redeem = async ({ outcome: { code } }: typeof spent, at: number) => {
        const token = newAccessToken(code.chainUid)
        const event = newEvent({ type: `redeem.${token.digest}` })
        const isRedeemed = await store.codes.redeem(code.digest, at, { access: token }, event)
        assert.equal((await store.accessTokens.findLive(token.digest, NOW)) !== undefined, isRedeemed)
        assert.equal((await store.events.list({ type: event.type }, 5)).length, isRedeemed ? 1 : 0)
        return isRedeemed
      }
      assert.equal(await redeem(spent, NOW + 29), true)
      assert.equal(await redeem(spent, NOW + 29), false)
      assert.equal((await store.codes.find(spent.outcome.code.digest))?.redeemedAt, NOW + 29)
      assert.equal(await redeem(late, NOW + 30), false)
      assert.equal(await store.chains.end(ended.chain.uid, NOW, 'replay', newEvent()), true)
      assert.equal(await store.chains.end(ended.chain.uid, NOW, 'replay', newEvent()), false)
      assert.equal(await redeem(ended, NOW), false)
      assert.equal(await store.codes.find(newUid()), undefined)
    })

    it('is not redeemed after too many wrong verifiers, even if it was found before the last one', async () => {
      const store = opened()
      const approval = newApproval(await makePlace(store))
      await store.codes.begin(approval)
      const { digest } = approval.outcome.code
      for (let times = 0; times < MAX_WRONG_VERIFIERS; times++) await store.codes.countWrongVerifier(digest, newEvent())
      const access = newAccessToken(approval.chain.uid)
      assert.equal(await store.codes.redeem(digest, NOW, { access }, newEvent()), false)
      assert.equal(await store.accessTokens.findLive(access.digest, NOW), undefined)
    })

    it('is still found after everything on its chain has ended', async () => {
      const store = opened()
      const place = await makePlace(store)
      const { code, chainUid } = await issue(store, place)
      await store.people.end(place.person.uid, NOW, newEvent())
      const found = await store.codes.find(code)
      assert.equal(found?.principal, undefined)
      assert.partialDeepStrictEqual(found, { chainUid, appUid: place.app.uid, redeemedAt: NOW })
    })
  })
}
