import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeApp, endApp, registerApp } from '../../src/domain/apps/app.ts'
import { addSecret } from '../../src/domain/apps/app-secrets.ts'
import {
  type Actor,
  anonymousActor,
  appActor,
  mayReach,
  operatorActor,
  personActor,
} from '../../src/domain/audit/actor.ts'
import { createBusiness, endBusiness } from '../../src/domain/businesses/business.ts'
import { createDirectory, endDirectory } from '../../src/domain/businesses/directory.ts'
import { createStaff, endStaff } from '../../src/domain/businesses/staff.ts'
import { disconnectApp } from '../../src/domain/installs/disconnect-app.ts'
import { changePerson, endPerson, setPassword } from '../../src/domain/people/change-person.ts'
import { endOwnTokens, endToken } from '../../src/domain/tokens/end-token.ts'
import { createPlatformToken, endPlatformToken } from '../../src/domain/tokens/platform-token.ts'
import { changeResource, registerResource } from '../../src/domain/tokens/resource.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { allowedApp, KEEPING } from '../oauth/refreshing.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'

const reaching = (directoryUid: string): Actor => ({ name: `directory:${directoryUid}`, directoryUid })

test('an actor reaches its own directory, the platform reaches everything, and others reach only their own app', () => {
  const theirs = { directoryUid: 'one', appUid: 'a' }
  const platforms = { directoryUid: null, appUid: 'a' }
  assert.deepEqual(
    [operatorActor, reaching('one')].map((by) => mayReach(by, theirs)),
    [true, true],
  )
  assert.deepEqual(
    [operatorActor, reaching('one')].map((by) => mayReach(by, platforms)),
    [true, false],
  )
  for (const by of [reaching('two'), appActor({ uid: 'b' }), personActor('a'), anonymousActor('r')]) {
    assert.deepEqual([mayReach(by, theirs), mayReach(by, platforms)], [false, false], by.name)
  }
  assert.deepEqual(
    [mayReach(appActor({ uid: 'a' }), theirs), mayReach(appActor({ uid: 'a' }), platforms)],
    [true, true],
  )
})

onBothEngines((engine) => {
  test('an end out of reach changes nothing, an end in reach works once, and each end is one event', async () => {
    const story = await tellStory({ engine })
    const { site } = story.test
    const other = await story.world.makeDirectory('Other')
    const { app, approve } = await allowedApp(story, KEEPING)
    const [first, second] = [await approve(), await approve()]
    const { uid: businessUid } = story.bakery
    const { directoryUid } = (await site.store.businesses.find(businessUid))!
    const internal = { kind: 'internal', directoryUid: null, name: 'ours' } as const
    const { row } = await createPlatformToken({ kind: 'directory', directoryUid, name: 'theirs' }, operatorActor, site)
    const ours = (await createPlatformToken(internal, operatorActor, site)).row
    const person = (await site.store.people.find(story.dana.uid))!
    const { staffUid } = story.dana
    const owner = reaching(directoryUid)
    const ends: [type: string, end: (by: Actor) => Promise<{ endedAt: number } | undefined>, by: Actor][] = [
      ['token.ended', (by) => endToken(first.access_token, by, site), owner],
      ['token.ended', (by) => endToken(second.refresh_token, by, site), appActor(app)],
      ['install.ended', (by) => disconnectApp(app, businessUid, by, site), owner],
      ['app.ended', (by) => endApp(app, by, site), appActor(app)],
      ['staff.ended', (by) => endStaff(staffUid, by, site), owner],
      ['platform-token.ended', (by) => endPlatformToken(row.uid, by, site), owner],
      ['platform-token.ended', (by) => endPlatformToken(ours.uid, by, site), operatorActor],
      ['business.ended', (by) => endBusiness(businessUid, by, site), owner],
      ['person.ended', (by) => endPerson(person, by, site), operatorActor],
      ['directory.ended', (by) => endDirectory(directoryUid, by, site), operatorActor],
    ]
    const listed = (type: string) => site.store.events.list({ type }, 10)
    for (const [type, end, by] of ends) {
      const before = (await listed(type)).length
      const strangers = [
        reaching(other.uid),
        anonymousActor('r'),
        appActor({ uid: 'another' }),
        personActor(person.uid),
      ]
      if (by === operatorActor) strangers.push(owner)
      for (const stranger of strangers) assert.equal(await end(stranger), undefined, `${type} by ${stranger.name}`)
      assert.equal((await listed(type)).length, before, type)
      assert.equal((await end(by))?.endedAt, site.clock.now(), type)
      assert.equal(await end(by), undefined, `${type} twice`)
      const after = await listed(type)
      assert.equal(after.length, before + 1, type)
      assert.ok(
        after.some(({ actor }) => actor === by.name),
        type,
      )
    }
    const out = createBusiness({ directoryUid: other.uid, name: 'Not theirs' }, owner, site)
    await assert.rejects(out, { key: 'directory.unknown' })
  })

  test('an act that creates or changes something out of reach is refused, and stores nothing', async () => {
    const story = await tellStory({ engine })
    const { site } = story.test
    const other = await story.world.makeDirectory('Other')
    const { app } = await allowedApp(story, KEEPING)
    const { uid: businessUid } = story.bakery
    const { directoryUid } = (await site.store.businesses.find(businessUid))!
    const person = (await site.store.people.find(story.dana.uid))!
    const { resource } = await registerResource(
      { identifier: 'https://orders.example', name: 'Orders', directoryUid },
      operatorActor,
      site,
    )
    const owner = reaching(directoryUid)
    const forPlatform: [name: string, act: (by: Actor) => Promise<unknown>][] = [
      ['createDirectory', (by) => createDirectory({ name: 'New', hosts: ['new.example'] }, by, site)],
      ['changePerson', (by) => changePerson(person, { emailVerified: true }, by, site)],
      ['setPassword', (by) => setPassword(person, 'another horse battery', by, site)],
      ['an internal token', (by) => createPlatformToken({ kind: 'internal', directoryUid: null, name: 'x' }, by, site)],
      ['keys.rotate', (by) => site.keys.rotate('RS256', by)],
      ['keys.retire', async (by) => site.keys.retire((await site.store.signingKeys.list())[0]!.kid, by)],
    ]
    const forOwner: typeof forPlatform = [
      ['createPlatformToken', (by) => createPlatformToken({ kind: 'directory', directoryUid, name: 'x' }, by, site)],
      ['addSecret', (by) => addSecret(app, { name: 'x' }, by, site)],
      ['createBusiness', (by) => createBusiness({ directoryUid, name: 'New' }, by, site)],
      [
        'createStaff',
        (by) => createStaff({ businessUid, email: 'new@example.com', role: 'owner', name: 'N' }, by, site),
      ],
      [
        'registerApp',
        (by) => registerApp({ name: 'New', redirectUri: 'https://new.example/cb', directoryUid }, by, site),
      ],
      ['changeApp', (by) => changeApp(app.codeName, { name: 'New' }, by, site)],
      [
        'registerResource',
        (by) => registerResource({ identifier: 'https://x.example', name: 'X', directoryUid }, by, site),
      ],
      ['changeResource', (by) => changeResource(resource.uid, { name: 'New' }, by, site)],
      ['endOwnTokens', (by) => endOwnTokens(app, by, site)],
    ]
    const strangers = [reaching(other.uid), anonymousActor('r'), appActor({ uid: 'another' }), personActor(person.uid)]
    const before = await site.store.events.list({}, 1000)
    for (const [acts, who] of [
      [forPlatform, [...strangers, owner]],
      [forOwner, strangers],
    ] as const) {
      for (const [name, act] of acts)
        for (const by of who) {
          const outcome = await act(by).catch((error: unknown) => {
            if (error instanceof Refusal) return undefined
            throw error
          })
          assert.equal(outcome, undefined, `${name} by ${by.name}`)
        }
    }
    assert.deepEqual(await site.store.events.list({}, 1000), before)
    // In reach, each of them works.
    for (const [name, act] of forOwner.slice(0, -1)) assert.ok(await act(owner), name)
    for (const [name, act] of forPlatform) assert.ok(await act(operatorActor), name)
  })
})
