import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { allowForm, answerDialog, changeApp, hasCode, openDialog, ticketOf } from '../parts/permission-dialog.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { type Place, text, type Visitor } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

/** Posts a dialog that is no longer right, and checks that it allows nothing, and that the current one says why it is shown. */
async function isShownAgain(story: Story, shown: Place, visitor: Visitor, why: RegExp): Promise<void> {
  const response = await answerDialog(story, shown, visitor.cookies)
  assert.ok(!hasCode(response))
  const again = response.headers.get('location')!
  assert.ok(response.status === 303 && again.startsWith('/login/consent?'), `${response.status} ${again}`)
  assert.match(text((await visitor.open(again)).html), why)
}

onBothEngines((engine) => {
  test('an approval is valid only for the business, the person and the request that were shown', async () => {
    const story = await tellStory({ engine })
    const { world, garage } = story
    const app = await world.makeApp()
    const omar = await openDialog(story, app, {}, 'omar@example.com')
    const forBakery = omar.place
    const ticket = ticketOf(forBakery)

    await omar.open(`/login/business?ticket=${ticket}`)
    await omar.chooseBusiness(garage.uid)
    assert.match(text(omar.place.html), /Garage/)
    await isShownAgain(story, forBakery, omar, /Another business was chosen.*Garage/)

    const other = await omar.open(authorizationPath(app, { business_uid: story.bakery.uid }))
    const moved = await answerDialog(story, forBakery, omar.cookies, { ticket: ticketOf(other) })
    assert.equal(moved.status, 403, 'it does not answer another request for the same business')

    const dana = await openDialog(story, app, { business_uid: story.bakery.uid })
    const hers = dana.place
    await dana.submit({}, (form) => form.action.includes('/login/switch'))
    await dana.signIn('omar@example.com', PASSWORD)
    assert.match(text(dana.place.html), /Omar Haddad/, 'who belongs to the same business')
    await isShownAgain(story, hers, dana, /now signed in as omar@example\.com.*Omar Haddad/)
    await dana.allow()
    const { access_token: token } = await read(exchange(story.test, app, dana.answer().code!))
    assert.equal((await read(userinfo(story.test, token))).email, 'omar@example.com')
  })

  test('other form fields change nothing, and without its token the form is refused', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp({ scopes: ['openid', 'clients_read'] })
    const evil = await world.makeApp({ redirectUri: 'https://evil.example/cb' })
    const { place, cookies } = await openDialog(story, app, { scope: 'openid' })
    const post = (changes: object, headers = {}) => answerDialog(story, place, cookies, changes, headers)
    for (const [changes, headers] of [
      [{ csrf: '' }, {}],
      [{ csrf: 'x'.repeat(43) }, {}],
      [{}, { 'sec-fetch-site': 'cross-site' }],
      [{}, { 'sec-fetch-site': 'same-site' }],
      [{}, { 'sec-fetch-site': 'none' }],
    ]) {
      assert.equal((await post(changes!, headers)).status, 403, JSON.stringify([changes, headers]))
    }
    const foreign = { 'content-type': 'text/plain' }
    assert.equal((await post({}, foreign)).status, 415)
    assert.equal((await post({ decision: 'maybe' })).status, 400)
    const form = new URLSearchParams({ ...allowForm(place).fields, decision: 'allow' })
    const olderBrowser = (origin: string, body = form) =>
      server.fetch('/oauth/consent', {
        method: 'POST',
        headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; '), origin },
        body,
      })
    for (const origin of ['https://evil.example', 'http://localhost:7201', 'http://evil.example/localhost:7200'])
      assert.equal((await olderBrowser(origin)).status, 403, origin)
    const withoutToken = new URLSearchParams(form)
    withoutToken.delete('csrf')
    assert.equal((await olderBrowser('null', withoutToken)).status, 403)

    const more = {
      scope: 'openid clients_read',
      client_id: evil.clientId,
      redirect_uri: evil.redirectUri,
      business_uid: 'x',
    }
    const answer = await post(more)
    assert.ok(hasCode(answer))
    const location = new URL(answer.headers.get('location')!)
    assert.equal(location.origin, 'https://app.example')
    const { scope } = await read(exchange(server, app, location.searchParams.get('code')!))
    assert.equal(scope, 'openid')
  })

  test('a dialog that is no longer right leads to the current one, which says why and can be answered', async () => {
    const story = await tellStory({ engine })
    const { world, bakery } = story
    const app = await world.makeApp({ scopes: ['openid'] })
    const { store } = story.test.site
    const dana = await openDialog(story, app)
    const stale = dana.place
    assert.ok(!stale.html.includes('id="again"'))
    await changeApp(story, app, { name: 'Another name' })
    await isShownAgain(story, stale, dana, /Another name has changed in the meantime/)
    await isShownAgain(story, stale, dana, /Another name has changed/)
    assert.equal(await store.installs.findLive(app.uid, bakery.uid), undefined)
    await dana.allow()
    assert.ok(dana.answer().code)

    // Another person signs in by another request in the same browser.
    const tab = await openDialog(story, app, { prompt: 'consent' })
    const first = tab.place
    await tab.open(authorizationPath(app, { prompt: 'login' }))
    await tab.signIn('omar@example.com', PASSWORD)
    const response = await answerDialog(story, first, tab.cookies)
    assert.ok(!hasCode(response))
    await tab.open(response.headers.get('location')!)
    if (tab.place.url.includes('/login/business')) await tab.chooseBusiness(bakery.uid)
    assert.match(text(tab.place.html), /omar@example\.com/)
    await tab.allow()
    const { access_token: token } = await read(exchange(story.test, app, tab.answer().code!))
    assert.equal((await read(userinfo(story.test, token))).email, 'omar@example.com')

    const refused = await openDialog(story, app, { prompt: 'consent' })
    const asked = refused.place
    await changeApp(story, app, { name: 'A third name' })
    const denied = await answerDialog(story, asked, refused.cookies, { decision: 'deny' })
    assert.match(denied.headers.get('location')!, /error=access_denied/, 'a no needs no second look')
  })

  test('a mark of another dialog, or none, allows nothing', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ scopes: ['openid'] })
    const [one, other] = [await openDialog(story, app), await openDialog(story, app)]
    const markOf = (place: Place) => allowForm(place).fields.shown!
    const right = markOf(one.place)
    assert.match(right, /^[\w-]{43}\.[\w-]{43}\.[\w-]{43}$/)
    const [person, business, rest] = right.split('.')
    const wrong = [
      '',
      markOf(other.place),
      right.slice(0, -1),
      `${right}.`,
      `${right}.${person}`,
      [person, business].join('.'),
      [business, person, rest].join('.'),
      [person, business, business].join('.'),
    ]
    for (const shown of wrong) {
      const response = await answerDialog(story, one.place, one.cookies, { shown })
      assert.ok(!hasCode(response) && response.status === 303, shown)
    }
    const denyOnly = { csrf: allowForm(one.place).fields.csrf!, shown: '' }
    assert.ok(!hasCode(await answerDialog(story, one.place, one.cookies, denyOnly)))
    assert.ok(hasCode(await answerDialog(story, one.place, one.cookies)))
  })

  test('a dialog that was open allows nothing that the app may no longer do', async () => {
    const story = await tellStory({ engine })
    const { test: server, world, dana } = story
    const { store } = server.site
    const now = server.clock.now()
    const event = () => newEvent({ type: 'app.ended', at: now })

    const trusted = await world.makeApp({ trusted: true })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(trusted))
    await changeApp(story, trusted, { trusted: false })
    await visitor.signIn('dana@example.com', PASSWORD)
    assert.ok(visitor.place.url.includes('/login/consent'), 'an app that lost its trust needs a permission')

    const greedy = await world.makeApp({ scopes: ['openid', 'clients_delete'] })
    const before = await openDialog(story, greedy)
    await changeApp(story, greedy, { scopes: ['openid'] })
    const answer = await answerDialog(story, before.place, before.cookies)
    assert.ok(!hasCode(answer), 'a scope that the app lost is not granted')
    assert.match(answer.headers.get('location')!, /[?&]error=invalid_scope&/)

    const ended = await world.makeApp()
    const open = await openDialog(story, ended)
    await store.apps.end(ended.uid, now, event())
    assert.ok(!hasCode(await answerDialog(story, open.place, open.cookies)))

    const plain = await world.makeApp()
    const last = await openDialog(story, plain)
    await store.staff.end(dana.staffUid, now, event())
    assert.ok(
      !hasCode(await answerDialog(story, last.place, last.cookies)),
      'a person who is no longer staff cannot allow',
    )
  })
})
