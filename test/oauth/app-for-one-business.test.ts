import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, refresh, userinfo } from '../parts/app-calls.ts'
import { askToken, CLIENT_CREDENTIALS, introspect, isInactive } from '../parts/resources.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { partner } from '../platform/partner.ts'
import { newEvent } from '../store/things.ts'

const SCOPES = ['openid', 'email', 'offline_access']
const ASKED = { scope: SCOPES.join(' ') }
const GRANT = { grant_type: 'client_credentials' }

onBothEngines((engine) => {
  async function setUp() {
    const story = await tellStory({ engine })
    const { world, test: server } = story
    const api = partner(server, await world.makePlatformToken('internal'))
    const pin = (app: TestApp, business_uid: string | null) => api.change(app.codeName, { business_uid })
    return { story, world, server, api, pin, store: server.site.store }
  }

  async function signIn({ world }: Story, app: TestApp, email: string, parameters = {}) {
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, parameters))
    return (await visitor.signIn(email, PASSWORD)) && visitor
  }

  test('an app for one business is never offered another one', async () => {
    const { story, pin, world } = await setUp()
    const app = await world.makeApp({ scopes: SCOPES })
    assert.equal((await pin(app, story.garage.uid)).body.application.business_uid, story.garage.uid)
    // Omar belongs to two businesses, and would have to choose.
    const { code, visitor } = await connect(story, app, story.omar.email, ASKED)
    const { access_token } = await read(exchange(story.test, app, code))
    assert.equal((await read(userinfo(story.test, access_token))).business_uid, story.garage.uid)
    await visitor.open(authorizationPath(app, { ...ASKED, business_uid: story.bakery.uid }))
    assert.ok(visitor.place.url.includes('/login/business'), visitor.place.url)
    assert.ok(!visitor.place.html.includes(story.bakery.uid))
    await visitor.chooseBusiness(story.bakery.uid)
    assert.equal(visitor.place.status, 400)
  })

  test('a person of another business sees a page that says so, and gets no code', async () => {
    const { story, pin, world } = await setUp()
    for (const trusted of [false, true]) {
      const app = await world.makeApp({ trusted })
      await pin(app, story.garage.uid)
      const visitor = await signIn(story, app, story.dana.email)
      const shown = text(visitor.place.html)
      assert.match(shown, /Ledger is for one business only, and dana@example\.com does not belong to it\./)
      assert.ok(!shown.includes('Garage'), 'the name of a business is for its people')
      assert.ok(!visitor.place.forms.some((form) => 'business' in form.fields))
      await visitor.open(authorizationPath(app, { prompt: 'none' }))
      assert.equal(visitor.answer().error, 'access_denied')
    }
  })

  test('a pin is checked again when the person allows, and when the app exchanges, refreshes and uses a token', async () => {
    const { story, pin, world, server } = await setUp()
    const app = await world.makeApp({ scopes: SCOPES })
    const waiting = await signIn(story, app, story.dana.email)
    assert.ok(waiting.place.url.includes('/login/consent'))
    const { code } = await connect(story, app, story.dana.email, ASKED)
    const later = await connect(story, app, story.dana.email, ASKED)
    const tokens = await read(exchange(server, app, code))
    assert.ok(tokens.refresh_token, JSON.stringify(tokens))
    await pin(app, story.garage.uid)
    await waiting.allow()
    assert.equal(waiting.place.away, undefined)
    assert.match(text(waiting.place.html), /is for one business only/)
    await isOAuthError(await exchange(server, app, later.code), 400, 'invalid_grant')
    await isOAuthError(await refresh(server, app, tokens.refresh_token), 400, 'invalid_grant')
    assert.equal((await userinfo(server, tokens.access_token)).status, 401)
    await isInactive(await introspect(server, app, tokens.access_token))
  })

  test('when the business of an app changes, the tokens of the businesses that it leaves end for ever', async () => {
    const { story, pin, world, server, store } = await setUp()
    const { bakery, garage } = story
    for (const [before, ...pins] of [
      [null, garage.uid, null],
      [null, garage.uid, bakery.uid],
      [garage.uid, null, garage.uid],
      [garage.uid, bakery.uid, null],
    ] as const) {
      const about = JSON.stringify([before, ...pins].map((uid) => (uid === bakery.uid ? 'bakery' : uid && 'garage')))
      const app = await world.makeApp({ scopes: SCOPES })
      if (before) await pin(app, before)
      const [of, other] = before ? [garage, bakery] : [bakery, garage]
      const asked = { ...ASKED, business_uid: of.uid }
      const { code, visitor } = await connect(story, app, story.omar.email, asked)
      const tokens = await read(exchange(server, app, code))
      const waiting = await connect(story, app, story.omar.email, asked, visitor)
      const isKept = (pins as readonly (string | null)[]).every((uid) => uid === null || uid === of.uid)
      for (const uid of pins) await pin(app, uid)
      assert.equal((await userinfo(server, tokens.access_token)).status, isKept ? 200 : 401, about)
      assert.equal((await refresh(server, app, tokens.refresh_token)).status, isKept ? 200 : 400, about)
      assert.equal((await exchange(server, app, waiting.code)).status, isKept ? 200 : 400, about)
      const ended = await store.events.list({ appUid: app.uid, type: 'install.ended' }, 9)
      assert.deepEqual(
        ended.map(({ businessUid, actor }) => [businessUid, actor.split(':')[0]]),
        isKept ? [] : [[of.uid, 'internal']],
        about,
      )
      assert.equal(await store.installs.findLive(app.uid, other.uid), undefined)
    }
  })

  test('the app’s own tokens name its business, and the app ends with it', async () => {
    const { story, pin, world, server, store } = await setUp()
    const app = await world.makeApp(CLIENT_CREDENTIALS)
    await pin(app, story.garage.uid)
    const { access_token } = await read(askToken(server, app, GRANT))
    assert.equal((await read(introspect(server, app, access_token))).business_uid, story.garage.uid)
    const at = server.clock.now()
    await store.businesses.end(story.garage.uid, at, newEvent({ type: 'business.ended', at }))
    assert.equal(await store.apps.findLive(app.uid), undefined)
    await isOAuthError(await askToken(server, app, GRANT), 401, 'invalid_client')
    const resource = partner(server, await world.makePlatformToken('internal'))
    assert.equal((await resource.show(app.codeName)).status, 404)
  })

  test('the management API refuses a business that is unknown, ended or in another directory', async () => {
    const { story, api, world, server, store } = await setUp()
    const directory = partner(server, await world.makePlatformToken('directory'))
    const foreign = await world.makeBusiness('Foreign', await world.makeDirectory('Elsewhere'))
    const over = await world.makeBusiness('Over')
    await store.businesses.end(over.uid, 1, newEvent({ type: 'business.ended', at: 1 }))
    for (const business_uid of ['nothing', foreign.uid, over.uid, 7]) {
      const { status, body } = await directory.register({ business_uid })
      assert.deepEqual([status, body.field], [422, 'business_uid'], JSON.stringify(body))
    }
    assert.equal((await directory.register({ name: 'Pinned', business_uid: story.garage.uid })).status, 201)
    const shown = (await directory.show('pinned')).body.data.application
    assert.equal(shown.business_uid, story.garage.uid)
    assert.equal((await directory.change('pinned', { business_uid: foreign.uid })).status, 422)
    assert.equal((await directory.change('pinned', { business_uid: null })).body.application.business_uid, undefined)
    // An app of the platform can be for a business of any directory.
    assert.equal((await api.register({ name: 'Ours', business_uid: foreign.uid })).status, 201)
  })
})
