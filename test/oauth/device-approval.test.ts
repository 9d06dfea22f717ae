import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentHost } from '../../src/domain/installs/consent-host.ts'
import type { AuthorizationRequest } from '../../src/domain/requests/authorization-request.ts'
import { approve } from '../../src/oauth/authorize/approve.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { newDeviceCode, newEvent, newSession } from '../store/things.ts'

onBothEngines((engine) => {
  test('an approval finishes a device code once, and then makes no code (RFC 8628 §3.3)', async () => {
    const story = await tellStory({ engine })
    const { site } = story.test
    const { store, clock } = site
    const test = await story.world.makeApp({ scopes: ['openid', 'clients_read'] })
    const app = (await store.apps.findLive(test.uid))!
    const person = story.dana
    const [membership] = await store.staff.memberships(person.uid)
    const now = clock.now()
    const times = { createdAt: now, seenAt: now, expiresAt: now + 3600, authTime: now }
    const session = newSession(person.uid, times)
    await store.sessions.begin(session, newEvent({ at: now }))
    const code = newDeviceCode(app.uid, { scopes: ['openid'], createdAt: now, expiresAt: now + 600 })
    await store.deviceCodes.add(code)
    const request = { scopes: ['openid'], claims: null, resources: [], pushed: null } as unknown as AuthorizationRequest
    const install = await store.installs.findLive(app.uid, membership!.businessUid)
    const situation = { request, app, install, consent: undefined, allowed: true }
    const finish = () =>
      approve(
        situation as unknown as Parameters<typeof approve>[0],
        { session, membership: membership! } as unknown as Parameters<typeof approve>[1],
        { device: code.digest },
        'abcdefghjkmn',
        site,
      )
    const answers = await Promise.all([finish(), finish()])
    assert.equal(answers.filter((each) => each !== undefined).length, 1)
    const found = (await store.deviceCodes.find(code.digest))!
    assert.deepEqual([found.decidedAt, found.authTime, found.context?.sid], [now, now, session.uid])
    assert.deepEqual([found.principal?.personUid, found.principal?.businessUid], [person.uid, membership!.businessUid])
    const host = consentHost(app, app.redirectUri)
    assert.equal(await store.installs.findConsent(person.uid, app.uid, membership!.businessUid, host), undefined)
    const [event] = await store.events.list({ appUid: app.uid, type: 'consent.given' }, 1)
    assert.equal(event!.actor, `person:${person.uid}`)
  })
})
