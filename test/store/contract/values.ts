import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import { issue, makePlace, newApp, newBusiness, newEvent, newPerson, newStaff } from '../things.ts'
import type { Given } from './given.ts'

const TEXTS = {
  'emoji and joined ones': '🦊👩‍👩‍👧‍👦 Ünïcode é é',
  'right to left': 'مركز الميناء – בית ספר \u202eabc\u202c',
  'quotes and SQL': `O'Brien "x" \\ '); drop table people; -- $1 ? :a /* */ %_\``,
  'white space': ' \t\r\n\u00a0\u2028 ',
  nothing: '',
  'a long text': '漢'.repeat(40_000),
}

export function values({ store: opened }: Given): void {
  describe('values', () => {
    for (const [what, text] of Object.entries(TEXTS)) {
      it(`keep ${what} unchanged`, async () => {
        const store = opened()
        const { directory } = await makePlace(store)
        const business = newBusiness(directory.uid, { name: text })
        const person = newPerson({ name: text, emailKey: `${newUid()}${text.slice(0, 500)}` })
        const staff = newStaff(business.uid, person.uid, { role: text })
        const app = newApp(null, { name: text, listing: { [text]: text }, scopes: [text] })
        await store.businesses.add(business, newEvent())
        await store.staff.add(staff, person, newEvent({ details: text }))
        await store.apps.add(app, undefined, newEvent())
        assert.deepEqual(await store.businesses.find(business.uid), business)
        assert.deepEqual(await store.people.findLiveByEmail(person.emailKey), person)
        assert.deepEqual(await store.staff.find(staff.uid), staff)
        assert.deepEqual(await store.apps.findLive(app.uid), app)
      })
    }

    it('keep integers up to the largest exact one', async () => {
      const store = opened()
      const { directory } = await makePlace(store)
      for (const createdAt of [0, 1, -1, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]) {
        const app = newApp(directory.uid, { createdAt, accessTokenLifetime: createdAt })
        await store.apps.add(app, undefined, newEvent())
        assert.deepEqual(await store.apps.findLive(app.uid), app)
        assert.equal((await store.apps.list(directory.uid, 1, app.uid)).length, createdAt < 2 ** 31 ? 1 : 0)
        await store.apps.end(app.uid, createdAt, newEvent())
      }
    })

    it('keep times after 2038 and in the year 2100', async () => {
      const store = opened()
      const place = await makePlace(store)
      const at = Date.UTC(2100, 0, 1) / 1000
      const { token } = await issue(store, place, at, 631_152_000)
      const found = await store.accessTokens.findLive(token, at + 631_151_999)
      assert.equal(found?.expiresAt, at + 631_152_000)
      assert.equal(await store.accessTokens.findLive(token, at + 631_152_000), undefined)
    })
  })
}
