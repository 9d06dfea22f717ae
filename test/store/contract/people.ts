import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import { Conflict } from '../../../src/store/engine/db.ts'
import { makePlace, NOW, newBusiness, newDirectory, newEvent, newPerson, newSession, newStaff } from '../things.ts'
import type { Given } from './given.ts'

export function people({ store: opened }: Given): void {
  describe('directories', () => {
    it('are found by uid and by each of their hosts, and listed from the oldest', async () => {
      const store = opened()
      const [older, newer] = [newDirectory({ createdAt: 10 }), newDirectory({ createdAt: 20, logo: 'data:,' })]
      await store.directories.add(newer, [newer.host, `also.${newer.host}`], newEvent())
      await store.directories.add(older, [older.host], newEvent())
      assert.deepEqual(await store.directories.find(newer.uid), newer)
      assert.deepEqual(await store.directories.findLiveByHost(`also.${newer.host}`), newer)
      assert.equal(await store.directories.findLiveByHost('nobody.example'), undefined)
      assert.equal(await store.directories.find('nobody'), undefined)
      const uids = (await store.directories.list()).map(({ uid }) => uid)
      assert.ok(uids.indexOf(older.uid) < uids.indexOf(newer.uid))
    })

    it('cannot take a host of another directory; the attempt writes nothing', async () => {
      const store = opened()
      const { directory } = await makePlace(store)
      const other = newDirectory()
      const event = newEvent({ type: `taken.${other.uid}` })
      await assert.rejects(store.directories.add(other, [other.host, directory.host], event), (error) => {
        return error instanceof Conflict && error.constraint.includes('directory_hosts')
      })
      assert.equal(await store.directories.find(other.uid), undefined)
      assert.deepEqual(await store.events.list({ type: event.type }, 5), [])
    })

    it('end once, keep their row, and accept no more businesses', async () => {
      const store = opened()
      const { directory } = await makePlace(store)
      assert.equal(await store.directories.end(directory.uid, NOW + 1, newEvent()), true)
      assert.equal(await store.directories.end(directory.uid, NOW + 2, newEvent()), false)
      assert.equal(await store.directories.end('nobody', NOW, newEvent()), false)
      assert.equal((await store.directories.find(directory.uid))?.endedAt, NOW + 1)
      assert.equal(await store.directories.findLiveByHost(directory.host), undefined)
      const late = newBusiness(directory.uid)
      const event = newEvent({ businessUid: late.uid })
      assert.equal(await store.businesses.add(late, event), undefined)
      assert.equal(await store.businesses.find(late.uid), undefined)
      assert.deepEqual(await store.events.list({ businessUid: late.uid }, 5), [])
    })
  })

  describe('businesses', () => {
    it('are found, and listed by directory or all together', async () => {
      const store = opened()
      const [here, there] = [await makePlace(store), await makePlace(store)]
      const older = newBusiness(here.directory.uid, { createdAt: NOW - 5 })
      assert.deepEqual(await store.businesses.add(older, newEvent()), older)
      assert.deepEqual(await store.businesses.find(older.uid), older)
      assert.deepEqual(await store.businesses.list(here.directory.uid), [older, here.business])
      const all = (await store.businesses.list()).map(({ uid }) => uid)
      assert.ok(all.includes(here.business.uid) && all.includes(there.business.uid))
      assert.equal(await store.businesses.add(newBusiness('nobody'), newEvent()), undefined)
      assert.equal(await store.businesses.end(older.uid, NOW, newEvent()), true)
      assert.equal(await store.businesses.end(older.uid, NOW, newEvent()), false)
    })
  })

  describe('people and staff', () => {
    it('are found by the key of their email while they are alive; after that the email is free again', async () => {
      const store = opened()
      const { person, business } = await makePlace(store)
      assert.deepEqual(await store.people.find(person.uid), person)
      assert.deepEqual(await store.people.findLiveByEmail(person.emailKey), person)
      const again = newPerson({ email: person.email, emailKey: person.emailKey })
      const membership = newStaff(business.uid, again.uid)
      await assert.rejects(store.staff.add(membership, again, newEvent()), Conflict)
      assert.equal(await store.people.find(again.uid), undefined)
      assert.equal(await store.people.end(person.uid, NOW, newEvent()), true)
      assert.equal(await store.people.end(person.uid, NOW, newEvent()), false)
      assert.equal(await store.people.findLiveByEmail(person.emailKey), undefined)
      await store.staff.add(membership, again, newEvent())
      assert.equal((await store.people.findLiveByEmail(person.emailKey))?.uid, again.uid)
    })

    it('change their password only if it is unchanged since it was read', async () => {
      const store = opened()
      const { person } = await makePlace(store)
      assert.equal(await store.people.replacePassword(person.uid, 'other', 'x'), false)
      assert.equal(await store.people.replacePassword(person.uid, null, 'first'), true)
      assert.equal(await store.people.replacePassword(person.uid, null, 'x'), false)
      assert.equal(await store.people.replacePassword(person.uid, 'first', 'second'), true)
      assert.equal((await store.people.find(person.uid))?.password, 'second')
    })

    it('change only while they are alive, and only if they are unchanged since they were read', async () => {
      const store = opened()
      const { person } = await makePlace(store)
      const changed = {
        ...person,
        name: 'Ada L.',
        emailVerified: true,
        profile: { given_name: 'Ada', updated_at: NOW },
      }
      assert.equal(await store.people.change(changed, newEvent(), changed), false)
      assert.equal(await store.people.change(changed, newEvent(), person), true)
      assert.deepEqual(await store.people.find(person.uid), changed)
      assert.equal(await store.people.change({ ...person, name: 'Late' }, newEvent(), person), false)
      assert.equal(await store.people.change(person, newEvent(), changed), true)
      assert.deepEqual(await store.people.find(person.uid), person)
      await store.people.end(person.uid, NOW, newEvent())
      assert.equal(await store.people.change(changed, newEvent(), person), false)
    })

    it('get another password while they are alive, which ends all their sessions and no others', async () => {
      const store = opened()
      const [{ person }, { person: other }] = [await makePlace(store), await makePlace(store)]
      const sessions = [newSession(person.uid), newSession(person.uid), newSession(other.uid)]
      for (const session of sessions) await store.sessions.begin(session, newEvent())
      const live = async () => {
        const found = await Promise.all(sessions.map(({ digest }) => store.sessions.findLive(digest, NOW + 1, 100)))
        return found.map((session) => session !== undefined)
      }
      assert.equal(await store.people.setPassword(newUid(), 'new', NOW + 1, newEvent()), false)
      assert.deepEqual(await live(), [true, true, true])
      const businessUid = newUid()
      assert.equal(await store.people.setPassword(person.uid, 'new', NOW + 1, newEvent({ businessUid })), true)
      assert.deepEqual(await live(), [false, false, true])
      assert.equal((await store.people.find(person.uid))?.password, 'new')
      assert.equal((await store.events.list({ businessUid }, 5)).length, 1)
      await store.people.end(person.uid, NOW + 2, newEvent())
      assert.equal(await store.people.setPassword(person.uid, 'late', NOW + 3, newEvent()), false)
      assert.equal((await store.people.find(person.uid))?.password, 'new')
    })

    it('lose their personal values once, whether they are alive or ended, and are signed out', async () => {
      const store = opened()
      const { person } = await makePlace(store)
      await store.people.change({ ...person, profile: { nickname: 'Ada' } }, newEvent(), person)
      const session = newSession(person.uid)
      await store.sessions.begin(session, newEvent())
      assert.equal(await store.people.erase(person.uid, NOW + 1, newEvent()), true)
      const empty = { email: '', emailKey: person.uid, name: '', password: null, profile: null, endedAt: NOW + 1 }
      const { emailVerified: _, ...erased } = (await store.people.find(person.uid))!
      assert.deepEqual(erased, { uid: person.uid, createdAt: person.createdAt, ...empty })
      assert.equal(await store.sessions.findLive(session.digest, NOW + 1, 100), undefined)
      const event = newEvent({ type: `erased.${person.uid}` })
      assert.equal(await store.people.erase(person.uid, NOW + 2, event), false)
      assert.deepEqual(await store.events.list({ type: event.type }, 5), [])
      const { person: ended } = await makePlace(store)
      await store.people.end(ended.uid, NOW, newEvent())
      assert.equal(await store.people.erase(ended.uid, NOW + 2, newEvent()), true)
      assert.equal((await store.people.find(ended.uid))?.endedAt, NOW)
    })

    it('list their live memberships in live businesses of live directories, by name', async () => {
      const store = opened()
      const { person, staff, business, directory } = await makePlace(store)
      const join = async (directoryUid: string, name: string, role: string) => {
        const joined = newBusiness(directoryUid, { name })
        await store.businesses.add(joined, newEvent())
        const membership = newStaff(joined.uid, person.uid, { role })
        await store.staff.add(membership, undefined, newEvent())
        return { joined, membership }
      }
      // Both engines compare bytes: capitals first, accents last.
      const [lower, accented] = [
        await join(directory.uid, 'apple', 'admin'),
        await join(directory.uid, 'Éclair', 'admin'),
      ]
      const [left, closed] = [await join(directory.uid, 'Left', 'admin'), await join(directory.uid, 'Closed', 'admin')]
      const elsewhere = newDirectory()
      await store.directories.add(elsewhere, [], newEvent())
      await join(elsewhere.uid, 'Elsewhere', 'admin')
      assert.equal((await store.staff.memberships(person.uid)).length, 6)

      await store.staff.end(left.membership.uid, NOW, newEvent())
      await store.businesses.end(closed.joined.uid, NOW, newEvent())
      await store.directories.end(elsewhere.uid, NOW, newEvent())
      const found = await store.staff.memberships(person.uid)
      assert.deepEqual(
        found.map(({ businessName }) => businessName),
        ['Harbour Clinic', 'apple', 'Éclair'],
      )
      assert.deepEqual(found[0], {
        staffUid: staff.uid,
        role: 'owner',
        businessUid: business.uid,
        businessName: 'Harbour Clinic',
        directoryUid: directory.uid,
      })
      assert.deepEqual(
        found.slice(1).map(({ staffUid }) => staffUid),
        [lower.membership.uid, accented.membership.uid],
      )
    })

    it('are staff of a business once at a time, and only of an existing one', async () => {
      const store = opened()
      const { business, person, staff } = await makePlace(store)
      const again = newStaff(business.uid, person.uid, { role: 'admin' })
      await assert.rejects(store.staff.add(again, undefined, newEvent()), Conflict)
      assert.equal(await store.staff.end(staff.uid, NOW, newEvent()), true)
      assert.equal(await store.staff.end(staff.uid, NOW, newEvent()), false)
      await store.staff.add(again, undefined, newEvent())
      assert.deepEqual(await store.staff.find(again.uid), again)
      assert.equal((await store.staff.find(staff.uid))?.endedAt, NOW)
      const stranger = newPerson()
      const nowhere = store.staff.add(newStaff(newUid(), stranger.uid), stranger, newEvent())
      await assert.rejects(nowhere, (error) => !(error instanceof Conflict))
      assert.equal(await store.people.find(stranger.uid), undefined)
    })
  })
}
