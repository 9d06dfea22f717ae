import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import type { PlatformToken } from '../../../src/store/nouns/platform-tokens.ts'
import type { SigningKey } from '../../../src/store/nouns/signing-keys.ts'
import { makePlace, NOW, newEvent, newRequest, newSession } from '../things.ts'
import type { Given } from './given.ts'

export function upkeep({ store: opened }: Given): void {
  describe('platform tokens', () => {
    it('are alive until they or their directory end, by digest or by uid', async () => {
      const store = opened()
      const { directory } = await makePlace(store)
      const add = async (directoryUid: string | null) => {
        const kind = directoryUid ? 'directory' : 'internal'
        const token: PlatformToken = {
          digest: newUid(64),
          uid: newUid(),
          kind,
          directoryUid,
          name: 'n',
          createdAt: NOW,
        }
        await store.platformTokens.add(token, newEvent())
        return token
      }
      const [one, two, internal] = [await add(directory.uid), await add(directory.uid), await add(null)]
      assert.partialDeepStrictEqual(await store.platformTokens.findLive(one.digest), one)
      assert.equal(await store.platformTokens.end({ uid: one.uid }, NOW, newEvent()), true)
      assert.equal(await store.platformTokens.end({ digest: one.digest }, NOW, newEvent()), false)
      assert.equal(await store.platformTokens.findLive(one.digest), undefined)
      const listed = async () => (await store.platformTokens.list()).filter(({ uid }) => uids.includes(uid))
      const uids = [one, two, internal].map(({ uid }) => uid)
      const endOf = Object.fromEntries((await listed()).map(({ uid, endedAt }) => [uid, endedAt]))
      assert.deepEqual(endOf, { [one.uid]: NOW, [two.uid]: null, [internal.uid]: null })
      await store.directories.end(directory.uid, NOW + 1, newEvent())
      const ended = (await listed()).find(({ uid }) => uid === two.uid)
      const { digest: _, ...known } = two
      assert.deepEqual(ended, { ...known, endedAt: NOW + 1 })
      assert.equal(await store.platformTokens.findLive(two.digest), undefined)
      assert.partialDeepStrictEqual(await store.platformTokens.findLive(internal.digest), internal)
      assert.equal(await store.platformTokens.end({ digest: internal.digest }, NOW, newEvent()), true)
      assert.equal(await store.platformTokens.findLive(internal.digest), undefined)
    })
  })

  describe('sessions', () => {
    it('are alive within both lifetimes, while their person is alive', async () => {
      const store = opened()
      const { person } = await makePlace(store)
      const session = newSession(person.uid, { methods: ['pwd', 'otp'], expiresAt: NOW + 1000 })
      await store.sessions.begin(session, newEvent())
      const isLive = async (now: number) => (await store.sessions.findLive(session.digest, now, 100)) !== undefined
      const found = await store.sessions.findLive(session.digest, NOW, 100)
      assert.partialDeepStrictEqual(found, { ...session, email: person.email, name: person.name })
      assert.deepEqual([await isLive(NOW + 99), await isLive(NOW + 100)], [true, false])
      await store.sessions.seen(session.digest, NOW + 950)
      assert.deepEqual([await isLive(NOW + 999), await isLive(NOW + 1000)], [true, false])
      await store.people.end(person.uid, NOW, newEvent())
      assert.equal(await isLive(NOW + 960), false)
    })

    it('begin only if the person still has the password that was checked', async () => {
      const store = opened()
      const { person } = await makePlace(store)
      const session = newSession(person.uid)
      const isBegun = (password: string | null) => store.sessions.begin(session, newEvent(), { password })
      assert.deepEqual([await isBegun('another'), await isBegun(person.password ? null : 'x')], [false, false])
      assert.equal(await store.sessions.findLive(session.digest, NOW, 100), undefined)
      assert.equal(await isBegun(person.password), true)
      assert.ok(await store.sessions.findLive(session.digest, NOW, 100))
    })

    it('replace the previous one and are bound to the pending request, whose choice of business is cleared', async () => {
      const store = opened()
      const { person, app, business } = await makePlace(store)
      const [old, renewed] = [newSession(person.uid), newSession(person.uid)]
      const request = newRequest(app.uid)
      await store.requests.add(request)
      await store.sessions.begin(old, newEvent(), { requestDigest: request.digest })
      assert.equal((await store.requests.find(request.digest))?.sessionUid, old.uid)
      assert.equal(await store.requests.chooseBusiness(request.digest, business.uid, NOW), true)
      await store.sessions.begin(renewed, newEvent(), { replaced: old.digest, requestDigest: request.digest })
      assert.equal(await store.sessions.findLive(old.digest, NOW, 100), undefined)
      assert.ok(await store.sessions.findLive(renewed.digest, NOW, 100))
      const bound = await store.requests.find(request.digest)
      assert.partialDeepStrictEqual(bound, { sessionUid: renewed.uid, businessUid: null })
      assert.equal(await store.sessions.end(renewed.digest, NOW, newEvent()), true)
      assert.equal(await store.sessions.end(renewed.digest, NOW, newEvent()), false)
      assert.equal(await store.sessions.findLive(renewed.digest, NOW, 100), undefined)
    })
  })

  describe('waiting requests', () => {
    it('clear the chosen business when a session begins in their browser, and in no other', async () => {
      const store = opened()
      const { person, app, business } = await makePlace(store)
      const browser = newUid()
      const [here, also, elsewhere] = [
        newRequest(app.uid, { browser }),
        newRequest(app.uid, { browser }),
        newRequest(app.uid),
      ]
      for (const request of [here, also, elsewhere]) {
        await store.requests.add(request)
        await store.requests.chooseBusiness(request.digest, business.uid, NOW)
      }
      await store.sessions.begin(newSession(person.uid), newEvent(), { browser })
      const chosen = async ({ digest }: typeof here) => (await store.requests.find(digest))?.businessUid
      assert.deepEqual([await chosen(here), await chosen(also), await chosen(elsewhere)], [null, null, business.uid])
    })

    it('are stored unchanged, and confirmed, decided and answered only while they are pending', async () => {
      const store = opened()
      const { app, business } = await makePlace(store)
      const request = newRequest(app.uid, { request: '{"state":"\\u0000 \\" ✓"}' })
      await store.requests.add(request)
      assert.deepEqual(await store.requests.find(request.digest), request)
      assert.equal(await store.requests.confirm(request.digest, 'session', request.expiresAt), false)
      assert.equal(await store.requests.confirm(request.digest, 'session', NOW), true)
      assert.equal(await store.requests.chooseBusiness(request.digest, business.uid, request.expiresAt), false)
      assert.equal(await store.requests.chooseBusiness(request.digest, business.uid, NOW), true)
      const found = await store.requests.find(request.digest)
      assert.deepEqual(found, { ...request, sessionUid: 'session', businessUid: business.uid })

      const event = newEvent({ type: `denied.${request.digest}` })
      assert.equal(await store.requests.answer(request.digest, NOW + 3, event), true)
      assert.equal(await store.requests.answer(request.digest, NOW + 4, newEvent({ type: event.type })), false)
      assert.equal((await store.requests.find(request.digest))?.answeredAt, NOW + 3)
      assert.equal((await store.events.list({ type: event.type }, 5)).length, 1)
      assert.equal(await store.requests.confirm(request.digest, 'another', NOW), false)
      assert.equal(await store.requests.chooseBusiness(request.digest, 'another', NOW), false)
      assert.equal(await store.requests.find('unknown'), undefined)
    })
  })

  describe('attempts', () => {
    it('count in their window, then start again, and can be reset', async () => {
      const store = opened()
      const key = newUid()
      assert.equal(await store.attempts.findExpiry(key), undefined)
      assert.deepEqual(await store.attempts.count(key, NOW, 60), { count: 1, expiresAt: NOW + 60 })
      assert.equal(await store.attempts.findExpiry(key), NOW + 60)
      assert.deepEqual(await store.attempts.count(key, NOW + 59, 60), { count: 2, expiresAt: NOW + 60 })
      assert.deepEqual(await store.attempts.count(key, NOW + 60, 60), { count: 1, expiresAt: NOW + 120 })
      await store.attempts.count(key, NOW + 61, 60)
      await store.attempts.forget(key)
      assert.deepEqual(await store.attempts.count(key, NOW + 62, 60), { count: 1, expiresAt: NOW + 122 })
    })
  })

  describe('signing keys', () => {
    it('are one per algorithm and generation, listed in order, and retire once', async () => {
      const store = opened()
      const algorithm = newUid()
      const newKey = (generation: number): SigningKey => ({
        kid: newUid(),
        algorithm,
        generation,
        publicJwk: '{}',
        sealedJwk: 'sealed',
        createdAt: NOW,
        signsFrom: NOW + 60,
        neededUntil: 0,
        retiredAt: null,
      })
      const [second, first] = [newKey(2), newKey(1)]
      const event = newEvent({ type: `key.${algorithm}` })
      const another = () => newEvent({ type: event.type })
      assert.equal(await store.signingKeys.add(second, event), true)
      assert.equal(await store.signingKeys.add(first, another()), true)
      assert.equal(await store.signingKeys.add(newKey(1), another()), false)
      assert.equal((await store.events.list({ type: event.type }, 5)).length, 2, 'a lost race writes no event')
      const list = async () => (await store.signingKeys.list()).filter((key) => key.algorithm === algorithm)
      assert.deepEqual(await list(), [first, second])
      assert.equal(await store.signingKeys.retire(first.kid, NOW, another()), true)
      assert.equal(await store.signingKeys.retire(first.kid, NOW, another()), false)
      assert.equal((await store.events.list({ type: event.type }, 5)).length, 3)
      assert.deepEqual(await list(), [{ ...first, retiredAt: NOW }, second])
      for (const until of [NOW + 9, NOW + 7]) await store.signingKeys.keepUntil(second.kid, until)
      assert.equal((await list())[1]!.neededUntil, NOW + 9)
    })
  })

  describe('salts', () => {
    it('are made by the first server, and sealed again by one server', async () => {
      const store = opened()
      const name = newUid()
      const made = ['one', 'two', 'three'].map((sealed) => ({ name, sealed, createdAt: NOW }))
      await Promise.all(made.map((salt) => store.salts.add(salt)))
      const kept = (await store.salts.find(name))!
      assert.ok(made.some(({ sealed }) => sealed === kept.sealed))
      await store.salts.reseal(name, 'another', 'lost')
      assert.deepEqual(await store.salts.find(name), kept)
      await store.salts.reseal(name, kept.sealed, 'anew')
      assert.deepEqual(await store.salts.find(name), { ...kept, sealed: 'anew' })
      assert.equal(await store.salts.find('nobody'), undefined)
    })
  })

  describe('events', () => {
    it('are listed from the newest, by business, app and type', async () => {
      const store = opened()
      const [businessUid, appUid] = [newUid(), newUid()]
      const facts = { businessUid, appUid, directoryUid: 'd', subject: 's', reference: 'r', details: '{"a":1}' }
      const [one, two, three] = [
        newEvent({ ...facts, at: NOW, type: 'a' }),
        newEvent({ ...facts, at: NOW + 1, type: 'b', appUid: null, result: 'refused' }),
        newEvent({ ...facts, at: NOW + 2, type: 'a' }),
      ]
      for (const event of [two, one, three]) await store.events.add(event)
      assert.deepEqual(await store.events.list({ businessUid }, 10), [three, two, one])
      assert.deepEqual(await store.events.list({ businessUid }, 2), [three, two])
      assert.deepEqual(await store.events.list({ appUid }, 10), [three, one])
      assert.deepEqual(await store.events.list({ businessUid, type: 'b' }, 10), [two])
      assert.deepEqual(await store.events.list({ businessUid, reference: 'r' }, 2), [three, two])
      assert.deepEqual(await store.events.list({ reference: newUid() }, 2), [])
      assert.deepEqual(await store.events.list({ businessUid, appUid, type: 'b' }, 10), [])
      assert.equal((await store.events.list({}, 3)).length, 3)
    })
  })

  it('returns its clock and its schema version', async () => {
    const { clock, schema } = await opened().examine()
    assert.ok(Math.abs(clock - Date.now() / 1000) < 60)
    assert.ok(schema >= 1)
  })
}
