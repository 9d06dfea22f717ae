import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Store } from '../../../src/store/store.ts'
import { freshUrl, open, openBelow } from '../engines.ts'
import {
  makePlace,
  NOW,
  newApp,
  newApproval,
  newEvent,
  newPerson,
  newSession,
  newStaff,
  type Place,
} from '../things.ts'
import type { Given } from './given.ts'

export function signOuts(given: Given): void {
  describe('sessions that sign in to apps, and their end', () => {
    let store: Store
    let place: Place
    before(async () => {
      store = given.store()
      place = await makePlace(store)
      const app = newApp(place.directory.uid, { protocol: { backchannelLogoutUri: 'https://app.example.com/out' } })
      await store.apps.add(app, undefined, newEvent())
      place = { ...place, app }
    })

    const begin = async (personUid = place.person.uid, replaced?: string) => {
      const session = newSession(personUid)
      await store.sessions.begin(session, newEvent(), { replaced })
      return session
    }
    const approve = (uid: string, signsIn = true) =>
      store.codes.begin({ ...newApproval(place), session: { uid, signsIn } })
    /** Claims everything that is due, so that each test finds only its own deliveries. */
    const takeDue = async () => {
      const due = await store.outbox.listDue('logout', NOW, 100)
      for (const each of due) {
        assert.equal(await store.outbox.claim(each, NOW + 60), true)
        assert.equal(await store.outbox.end({ ...each, tries: each.tries + 1 }, newEvent()), true)
      }
      return due
    }

    it('an approval needs a live session, and otherwise writes nothing', async () => {
      const session = await begin()
      assert.ok(await approve(session.uid))
      assert.equal(await store.sessions.end(session.digest, NOW, newEvent()), true)
      assert.equal(await approve(session.uid), undefined)
      assert.equal(await approve('nobody', false), undefined)
      await takeDue()
    })

    it('the end of a session begins one delivery for each app that signed in and has a logout URI', async () => {
      const session = await begin()
      await approve(session.uid)
      await approve(session.uid)
      const plain = { ...place, app: newApp(place.directory.uid) }
      await store.apps.add(plain.app, undefined, newEvent())
      await store.codes.begin({ ...newApproval(plain), session: { uid: session.uid, signsIn: true } })
      assert.deepEqual(await store.outbox.listDue('logout', NOW, 10), [])
      await store.sessions.end(session.digest, NOW, newEvent())
      const { app, staff } = place
      const [delivery, ...more] = await takeDue()
      assert.deepEqual(more, [])
      const { payload, ...rest } = delivery!
      assert.deepEqual(JSON.parse(payload), { sid: session.uid, appUid: app.uid, staffUid: staff.uid })
      const key = `${session.uid} ${app.uid} ${staff.uid}`
      assert.deepEqual(rest, { kind: 'logout', key, createdAt: NOW, tries: 0, nextAt: NOW })
    })

    it('an app that did not sign in gets no delivery', async () => {
      const session = await begin()
      await approve(session.uid, false)
      await store.sessions.end(session.digest, NOW, newEvent())
      assert.deepEqual(await takeDue(), [])
    })

    it('of many concurrent ends one counts, and of many claims too', async () => {
      const session = await begin()
      await approve(session.uid)
      const ends = await Promise.all(
        Array.from({ length: 8 }, () => store.sessions.end(session.digest, NOW, newEvent())),
      )
      assert.equal(ends.filter(Boolean).length, 1)
      const [due, ...more] = await store.outbox.listDue('logout', NOW, 10)
      assert.ok(due)
      assert.deepEqual(more, [])
      const another = await given.another()
      const stores = [store, another, store, another]
      const claims = await Promise.all(stores.map((each) => each.outbox.claim(due, NOW + 60)))
      assert.equal(claims.filter(Boolean).length, 1)
      assert.deepEqual(await store.outbox.listDue('logout', NOW + 59, 10), [])
      const [again] = await store.outbox.listDue('logout', NOW + 60, 10)
      assert.deepEqual(again, { ...due, tries: 1, nextAt: NOW + 60 })
      assert.equal(await store.outbox.end(due, undefined), false, 'only the server that claimed it can end it')
      assert.equal(await store.outbox.end(again, newEvent()), true)
      assert.equal(await store.outbox.end(again, newEvent()), false)
    })

    it('the next session of the same person takes over the apps; a session of another person ends them', async () => {
      const first = await begin()
      await approve(first.uid)
      const second = await begin(place.person.uid, first.digest)
      assert.deepEqual(await takeDue(), [])
      await approve(second.uid)
      const stranger = newPerson()
      await store.staff.add(newStaff(place.business.uid, stranger.uid), stranger, newEvent())
      await begin(stranger.uid, second.digest)
      const due = await takeDue()
      assert.deepEqual(
        due.map(({ payload }) => JSON.parse(payload).sid),
        [second.uid],
        'the app knows only the later session of the person',
      )
      const third = await begin()
      await approve(third.uid)
      const fourth = await begin(place.person.uid, third.digest)
      await store.sessions.end(fourth.digest, NOW, newEvent())
      assert.deepEqual(
        (await takeDue()).map(({ payload }) => JSON.parse(payload).sid),
        [third.uid],
        'and here by the earlier',
      )
    })

    it('another password, a sign-out on all devices and the end of the person end every session once', async () => {
      const ends = [
        () => store.people.setPassword(place.person.uid, 'x', NOW, newEvent()),
        () => store.sessions.endAll(place.person.uid, NOW, newEvent()),
        () => store.people.end(place.person.uid, NOW, newEvent()),
      ]
      for (const end of ends) {
        const sessions = [await begin(), await begin()]
        for (const { uid } of sessions) await approve(uid)
        await end()
        const due = await takeDue()
        assert.deepEqual(
          due.map(({ payload }) => JSON.parse(payload).sid).sort(),
          sessions.map(({ uid }) => uid).sort(),
        )
        assert.equal(await store.sessions.findLive(sessions[0]!.digest, NOW, 3600), undefined)
      }
    })

    it('the list of apps is deleted with the session, in batches too', async () => {
      const url = await freshUrl(given.engine)
      const own = await open(url)
      const db = await openBelow(url)
      const there = await makePlace(own)
      const countRows = async (table: string) =>
        Number((await db.one(`select count(*) as count from ${table}`, []))!.count)
      const apps = [newApp(null), newApp(null), newApp(null)]
      for (const app of apps) await own.apps.add(app, undefined, newEvent())
      const sessions = Array.from({ length: 4 }, () => newSession(there.person.uid, { expiresAt: NOW + 100 }))
      for (const session of sessions) {
        await own.sessions.begin(session, newEvent())
        for (const app of apps)
          await own.codes.begin({ ...newApproval({ ...there, app }), session: { uid: session.uid, signsIn: true } })
      }
      const lifetimes = { tombstone: 3600, event: 1_000_000 }
      await own.sweep(NOW + 3700, lifetimes, 100)
      assert.deepEqual([await countRows('sessions'), await countRows('session_apps')], [4, 12])
      while ((await own.sweep(NOW + 3701, lifetimes, 2)) > 0);
      assert.deepEqual([await countRows('sessions'), await countRows('session_apps')], [0, 0])
    })
  })
}
