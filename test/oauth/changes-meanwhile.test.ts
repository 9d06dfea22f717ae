import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import type { Store } from '../../src/store/store.ts'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, refresh, userinfo } from '../parts/app-calls.ts'
import { answerDialog, changeApp, hasCode, openDialog } from '../parts/permission-dialog.ts'
import { askToken, CLIENT_CREDENTIALS, introspect } from '../parts/resources.ts'
import { makeFolder } from '../parts/server-process.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

/** Runs `change` once, between the decision and the write that stores it. */
function justBefore(store: Store, happens: () => Promise<unknown>): void {
  const { begin } = store.codes
  store.codes.begin = async (approval) => {
    store.codes.begin = begin
    await happens()
    return begin(approval)
  }
}

function disconnect({ test: { site, clock }, bakery }: Story, app: TestApp) {
  return async () => {
    const install = await site.store.installs.findLive(app.uid, bakery.uid)
    const event = newEvent({ type: 'install.ended', at: clock.now() })
    assert.ok(await site.store.installs.end(install!.uid, clock.now(), 'disconnected', event))
  }
}

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })

  test('an app that is disconnected while it is approved without a dialog needs a new permission', async () => {
    const { store } = story.test.site
    const app = await story.world.makeApp({ scopes: ['openid', 'clients_read'] })
    const { visitor } = await connect(story, app)
    justBefore(store, disconnect(story, app))
    const place = await visitor.open(authorizationPath(app, { scope: 'openid' }))
    assert.ok(place.url.includes('/login/consent'))
    assert.equal(await store.installs.findLive(app.uid, story.bakery.uid), undefined)
    await visitor.allow()
    const install = await store.installs.findLive(app.uid, story.bakery.uid)
    assert.deepEqual(install?.scopes, ['openid'], 'the earlier permission has ended')
  })

  test('an app that is no longer registered for authorization_code exchanges no code', async () => {
    const app = await story.world.makeApp({ trusted: true })
    const { code } = await connect(story, app)
    await changeApp(story, app, { protocol: { grantTypes: ['client_credentials'] } })
    await isOAuthError(await exchange(story.test, app, code), 400, 'unauthorized_client')
    await changeApp(story, app, { protocol: {} })
    assert.equal((await exchange(story.test, app, code)).status, 200, 'the code was not used up')
  })

  test('tokens lose a scope that is removed from the app, and have it again when the scope returns', async () => {
    const app = await story.world.makeApp({
      ...CLIENT_CREDENTIALS,
      scopes: [...CLIENT_CREDENTIALS.scopes!, 'openid', 'clients_read'],
      trusted: true,
    })
    const { code } = await connect(story, app, 'dana@example.com', { scope: 'openid clients_read' })
    const { access_token: token } = await read(exchange(story.test, app, code))
    const { access_token: alone } = await read(askToken(story.test, app, { grant_type: 'client_credentials' }))
    const scopesNow = async () => [
      (await read(userinfo(story.test, token))).scope,
      (await read(introspect(story.test, app, token))).scope,
      (await read(introspect(story.test, app, alone))).scope,
    ]
    const before = await scopesNow()
    assert.deepEqual(before.slice(0, 2), ['openid clients_read', 'openid clients_read'])
    assert.ok(before[2])
    await changeApp(story, app, { scopes: ['openid'] })
    assert.deepEqual(await scopesNow(), ['openid', 'openid', undefined])
    await changeApp(story, app, { scopes: app.scopes })
    assert.deepEqual(await scopesNow(), before)
  })

  test('an app that loses its trust while it is approved needs the permission dialog', async () => {
    const { site, clock } = story.test
    const app = await story.world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    justBefore(site.store, async () => {
      const was = (await site.store.apps.findLive(app.uid))!
      const event = newEvent({ type: 'app.changed', at: clock.now() })
      assert.ok(await site.store.apps.change({ ...was, trusted: false }, event, was, false))
    })
    const place = await visitor.open(authorizationPath(app))
    assert.ok(place.url.includes('/login/consent'))
  })

  test('an app that changes while the dialog is shown is not approved as the dialog showed it', async () => {
    const { site } = story.test
    const changes: Record<string, Partial<TestApp>> = {
      name: { name: 'Another name' },
      'redirect URIs': { redirectUris: ['https://app.example/callback', 'https://evil.example/'] },
      keys: { jwksUri: 'https://evil.example/keys' },
    }
    for (const [what, change] of Object.entries(changes)) {
      const app = await story.world.makeApp({ scopes: ['openid'] })
      const visitor = await openDialog(story, app)
      const shown = visitor.place
      await changeApp(story, app, change)
      assert.ok(!hasCode(await answerDialog(story, shown, visitor.cookies)), what)
      assert.equal(await site.store.installs.findLive(app.uid, story.bakery.uid), undefined, what)
      await visitor.open(shown.url)
      await visitor.allow()
      assert.ok(visitor.answer().code, `the changed dialog can be allowed: ${what}`)
    }
    const app = await story.world.makeApp({ scopes: ['openid'], directoryUid: story.world.directory.uid })
    const visitor = await openDialog(story, app)
    justBefore(site.store, () => changeApp(story, app, { name: 'Renamed at the last moment' }))
    await visitor.allow()
    assert.ok(visitor.place.url.includes('/login/consent'), 'the dialog is shown again')
    assert.match(visitor.place.html, /Renamed at the last moment/)
    assert.equal(await site.store.installs.findLive(app.uid, story.bakery.uid), undefined)
  })

  test('a renamed app is asked about again', async () => {
    const app = await story.world.makeApp({ scopes: ['openid'] })
    const { visitor } = await connect(story, app)
    assert.ok((await visitor.open(authorizationPath(app))).away)
    await changeApp(story, app, { name: 'Another name' })
    assert.ok((await visitor.open(authorizationPath(app))).url.includes('/login/consent'))
  })

  test('when two people of one business allow an app at once, both approvals are stored', async () => {
    const app = await story.world.makeApp({ scopes: ['openid', 'clients_read'] })
    const [dana, omar] = [story.world.visitor(), story.world.visitor()]
    await dana.open(authorizationPath(app, { scope: 'openid' }))
    await dana.signIn('dana@example.com', PASSWORD)
    await omar.open(authorizationPath(app, { scope: 'clients_read', business_uid: story.bakery.uid }))
    await omar.signIn('omar@example.com', PASSWORD)
    await Promise.all([dana.allow(), omar.allow()])
    assert.ok(dana.answer().code && omar.answer().code)
    const install = await story.test.site.store.installs.findLive(app.uid, story.bakery.uid)
    assert.deepEqual([...install!.scopes].sort(), ['clients_read', 'openid'])
  })

  test('a scope that is removed from the app before the exchange is not granted', async () => {
    const { site, clock } = story.test
    const app = await story.world.makeApp({ scopes: ['openid', 'clients_read'] })
    const { code } = await connect(story, app)
    const was = (await site.store.apps.findLive(app.uid))!
    const event = newEvent({ type: 'app.changed', at: clock.now() })
    assert.ok(await site.store.apps.change({ ...was, scopes: ['openid'] }, event, was, false))
    const answer = await read(exchange(story.test, app, code))
    assert.equal(answer.error, 'invalid_grant')
    assert.match(answer.error_description, /clients_read is no longer registered/)
  })

  test('a claim ends with the scope that covers it when that scope is removed from the app', async () => {
    const scopes = JSON.parse(readFileSync(new URL('../../schema/scopes.json', import.meta.url), 'utf8'))
    scopes.phone.available_to = 'registered'
    const file = join(makeFolder(), 'scopes.json')
    writeFileSync(file, JSON.stringify(scopes))
    const story = await tellStory({ engine, env: { BEHALF_SCOPES_FILE: file } })
    const { test: server, world, dana } = story
    const { store, clock } = server.site
    const event = () => newEvent({ type: 'app.changed', at: clock.now() })
    const was = (await store.people.find(dana.uid))!
    await store.people.change({ ...was, profile: { phone_number: '+33142685300' } }, event(), was)
    const claims = JSON.stringify({ id_token: { phone_number: null }, userinfo: { phone_number: null, locale: null } })
    const app = await world.makeApp({ scopes: ['openid', 'phone'], protocol: { refresh: 'always' } })
    const asked = { scope: 'openid', claims }
    const phoneNumbers = async (answer: { access_token: string; id_token: string }) => [
      (await read(userinfo(server, answer.access_token))).phone_number,
      decodeJwt(answer.id_token).phone_number,
    ]
    const given = await read(exchange(server, app, (await connect(story, app, undefined, asked)).code))
    assert.deepEqual(await phoneNumbers(given), ['+33142685300', '+33142685300'])
    const { code } = await connect(story, app, undefined, asked)
    const current = (await store.apps.findLive(app.uid))!
    assert.ok(await store.apps.change({ ...current, scopes: ['openid'] }, event(), current, false))
    const refused = await read(exchange(server, app, code))
    assert.deepEqual([refused.error, /phone/.test(refused.error_description)], ['invalid_grant', true])
    assert.equal(
      (await read(userinfo(server, given.access_token))).phone_number,
      undefined,
      'nor with the existing token',
    )
    assert.deepEqual(await phoneNumbers(await read(refresh(server, app, given.refresh_token))), [undefined, undefined])
  })

  test('an app ends with the directory that owns it', async () => {
    const { site, clock } = story.test
    const other = await story.world.makeDirectory('Southwind')
    const app = await story.world.makeApp({ directoryUid: other.uid })
    await site.store.directories.end(other.uid, clock.now(), newEvent({ type: 'directory.ended', at: clock.now() }))
    const place = await story.world.visitor().open(authorizationPath(app))
    assert.equal(place.status, 400)
    assert.equal((await exchange(story.test, app, 'x')).status, 401)
  })

  test('a request that waits for a sign-in is limited in size, also when its characters need escaping', async () => {
    const { test: server, world } = story
    const app = await world.makeApp()
    const visitor = world.visitor()
    await visitor.open(
      authorizationPath(app, { state: 's', login_hint: '\u0001'.repeat(1000), nonce: '\u0001'.repeat(1000) }),
    )
    assert.equal(visitor.answer().error, 'invalid_request')
    assert.equal(visitor.answer().state, 's')
    await visitor.open(authorizationPath(app, { state: 'x'.repeat(8192) }))
    assert.ok(visitor.place.url.includes('/login'))
    assert.ok(server.logged.every((line) => !line.includes('"status":5')))
  })

  test('denials before sign-in are written to the audit log at a limited rate', async () => {
    const { test: server, world } = story
    const app = await world.makeApp()
    const visitor = world.visitor()
    for (let n = 0; n < 20; n++) {
      await visitor.open(authorizationPath(app))
      await visitor.deny()
      assert.equal(visitor.answer().error, 'access_denied')
    }
    const denied = await server.site.store.events.list({ type: 'consent.denied' }, 100)
    assert.equal(denied.length, 10)
  })

  test('a browser that gets approvals repeatedly without a click must wait', async () => {
    const story = await tellStory({ engine, env: { BEHALF_ADDRESS_REQUESTS: '5' } })
    const app = await story.world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    for (let n = 0; n < 4; n++) assert.ok((await visitor.open(authorizationPath(app))).away)
    const place = await visitor.open(authorizationPath(app))
    assert.equal(place.status, 429)
    assert.ok(place.headers.get('retry-after'))
  })

  test('the dialog shows only the scheme of the redirect URI of a native app', async () => {
    const { world } = story
    const app = await world.makeApp({ redirectUri: 'com.evil.app://accounts.example.com/cb' })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app))
    const dialog = await visitor.signIn('dana@example.com', PASSWORD)
    assert.match(text(dialog.html), /return to com\.evil\.app/)
    assert.doesNotMatch(text(dialog.html), /accounts\.example\.com/)
  })
})
