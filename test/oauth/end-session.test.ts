import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { mirroredMessages } from '../login/mirrored-messages.ts'
import { exchange, read, toForm, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { text, type Visitor } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'

const BYE = 'https://app.example/bye?lang=en'
const signOutForm = (form: { fields: Record<string, string> }) => !('everywhere' in form.fields)

const stories = { sqlite: await tellStory(), postgres: await tellStory({ engine: 'postgres' }) }

test('the pages use the language that the app requests with ui_locales (RP-Initiated Logout §2)', async () => {
  const { world } = await tellStory({ own: { messages: await mirroredMessages() } })
  const app = await world.makeApp({ name: 'Ledger', protocol: { postLogoutRedirectUris: [BYE] } })
  const visitor = world.visitor()
  const path = (locales: string) =>
    `/oauth/logout?${toForm({ client_id: app.clientId, post_logout_redirect_uri: BYE, ui_locales: locales })}`
  for (const [locales, direction] of Object.entries({ 'xx he-IL en': 'rtl', 'en he': 'ltr', '<b>': 'ltr' })) {
    assert.match((await visitor.open(path(locales))).html, new RegExp(`<html lang="\\w+" dir="${direction}"`), locales)
  }
  await visitor.open('/login')
  await visitor.signIn('dana@example.com', PASSWORD)
  assert.match((await visitor.open(path('he'))).html, /dir="rtl"[\s\S]*id="sign-out"/)
})

onBothEngines((engine) => {
  const story = stories[engine]
  const { test: server, world } = story
  let [app, other] = [] as unknown as [TestApp, TestApp]
  before(async () => {
    const postLogoutRedirectUris = [
      BYE,
      'com.example.ledger:/bye',
      'https://app.example/plain',
      'http://localhost:3000/bye',
    ]
    app = await world.makeApp({ name: 'Ledger & Co', protocol: { postLogoutRedirectUris } })
    other = await world.makeApp({ name: 'Other', protocol: { postLogoutRedirectUris: ['https://other.example/'] } })
  })

  /** A person who signed in at the app, with the tokens the app got. */
  async function signsIn(email = 'dana@example.com', by: TestApp = app, parameters: Record<string, string> = {}) {
    const { code, visitor } = await connect(story, by, email, parameters)
    const tokens = await read(exchange(server, by, code))
    return { visitor, idToken: tokens.id_token as string, accessToken: tokens.access_token as string }
  }
  const logoutPath = (parameters: Record<string, string>) => `/oauth/logout?${toForm(parameters)}`
  const isSignedIn = async (visitor: Visitor) => {
    const { url } = await visitor.open('/signed-in')
    return url.endsWith('/signed-in')
  }

  test('the ID token contains the session as sid, and the metadata the endpoint (Back-Channel Logout §2.1)', async () => {
    const first = await signsIn()
    const { sid } = decodeJwt(first.idToken)
    assert.match(String(sid), /^[a-z0-9]{16}$/)
    const again = await connect(story, other, 'dana@example.com', {}, first.visitor)
    assert.equal(decodeJwt((await read(exchange(server, other, again.code))).id_token).sid, sid)
    assert.notEqual(decodeJwt((await signsIn()).idToken).sid, sid, 'another browser has another session')
    const metadata = await read(server.fetch('/.well-known/openid-configuration'))
    assert.equal(metadata.end_session_endpoint, `${server.origin}/oauth/logout`)
    assert.equal(metadata.backchannel_logout_supported, true)
    assert.equal(metadata.backchannel_logout_session_supported, true)
    assert.ok(metadata.claims_supported.includes('sid'))
  })

  test('with an ID token of the current session there is no confirmation page, and the state is returned unchanged (RP-Initiated Logout §2, §3)', async () => {
    for (const state of ['', 'a b/c?d=e&f#g%20', 'ä – 日本 "<>\'']) {
      const { visitor, idToken } = await signsIn()
      const place = await visitor.open(
        logoutPath({ id_token_hint: idToken, post_logout_redirect_uri: BYE, ...(state ? { state } : {}) }),
      )
      assert.equal(place.status, 303)
      assert.equal(place.away?.href, state ? `${BYE}&state=${encodeURIComponent(state)}`.replace(/'/g, '%27') : BYE)
      assert.equal(place.headers.get('cache-control'), 'no-store')
      assert.equal(await isSignedIn(visitor), false)
    }
  })

  test('an expired ID token, or one signed by a retired key, is still accepted as a hint (RP-Initiated Logout §2)', async () => {
    const { visitor, idToken } = await signsIn()
    server.clock.advance(5000)
    await server.site.keys.rotate('RS256', operatorActor)
    server.clock.advance(4 * 86_400)
    await visitor.open('/login')
    await visitor.signIn('dana@example.com', PASSWORD)
    const place = await visitor.open(logoutPath({ id_token_hint: idToken, post_logout_redirect_uri: BYE }))
    assert.equal(place.away?.href, BYE)
    assert.equal(await isSignedIn(visitor), false)
  })

  test('a logout form posted by the app works, although browsers send it without our cookies (RP-Initiated Logout §2)', async () => {
    const { visitor, idToken } = await signsIn()
    const body = toForm({ id_token_hint: idToken, post_logout_redirect_uri: BYE, state: 's' })
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' }
    const posted = await server.fetch('/oauth/logout', { method: 'POST', headers, body })
    assert.equal(posted.status, 303)
    assert.deepEqual(posted.headers.getSetCookie(), [], 'the cookies that were held back are unchanged')
    const location = posted.headers.get('location')!
    assert.match(location, /^\/oauth\/logout\?logout_request=[\w-]+$/)
    assert.ok(!location.includes(idToken))
    const place = await visitor.open(location)
    assert.equal(place.away?.href, `${BYE}&state=s`)
    assert.equal(await isSignedIn(visitor), false)
  })

  test('without an ID token a page asks the person, who may stay signed in (RP-Initiated Logout §2)', async () => {
    const { visitor } = await signsIn()
    const path = logoutPath({ client_id: app.clientId, post_logout_redirect_uri: BYE, state: 's' })
    const place = await visitor.open(path)
    assert.match(place.url, /\/logout\?logout_request=/)
    assert.match(text(place.html), /Ledger &amp; Co asks to sign you out here as well\. You are signed in as Dana Levi/)
    assert.match(place.html, /id="stay" href="\/signed-in"/)
    assert.equal(await isSignedIn(visitor), true)
    await visitor.open(path)
    await visitor.submit({}, signOutForm)
    assert.equal(visitor.place.away?.href, `${BYE}&state=s`)
    assert.equal(await isSignedIn(visitor), false)
  })

  test('an ID token of another person shows the confirmation page (RP-Initiated Logout §2)', async () => {
    const { idToken } = await signsIn()
    const { visitor } = await signsIn('omar@example.com', app, { business_uid: story.bakery.uid })
    await visitor.open(logoutPath({ id_token_hint: idToken, post_logout_redirect_uri: BYE }))
    assert.match(visitor.place.url, /\/logout\?logout_request=/)
    assert.match(text(visitor.place.html), /signed in as Omar Haddad/)
    const own = await signsIn('omar@example.com', app, { business_uid: story.garage.uid })
    await own.visitor.open(logoutPath({ id_token_hint: own.idToken, logout_hint: 'dana@example.com' }))
    assert.match(own.visitor.place.url, /\/logout\?logout_request=/, 'logout_hint names another person')
    await own.visitor.open(logoutPath({ id_token_hint: own.idToken, logout_hint: 'OMAR@ｅxample.com' }))
    assert.match(own.visitor.place.url, /\/signed-out/)
  })

  test('an invalid logout request shows an error page, redirects nowhere and ends no session (RP-Initiated Logout §2, §3, §4)', async () => {
    const { visitor, idToken } = await signsIn()
    const claims = decodeJwt(idToken)
    const { keys } = await read(server.fetch('/oauth/jwks'))
    const own = await generateKeyPair('RS256')
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keys[0].kid })
      .sign(own.privateKey)
    const wrong: Record<string, [Record<string, string>, RegExp]> = {
      'a forged hint': [{ id_token_hint: forged }, /id_token_hint is not an ID token of this server/],
      'a changed hint': [{ id_token_hint: `${idToken.slice(0, -6)}AAAAAA` }, /it was changed/],
      'no token': [{ id_token_hint: 'x' }, /id_token_hint/],
      'another app': [{ id_token_hint: idToken, client_id: other.clientId }, /client_id is not that of the app/],
      nobody: [{ client_id: 'nobody' }, /No app has this client_id/],
      'a URI without a client': [{ post_logout_redirect_uri: BYE }, /also send the id_token_hint/],
      'a long state': [{ id_token_hint: idToken, state: 'x'.repeat(9000) }, /shorter state/],
      'a long hint': [{ id_token_hint: idToken, logout_hint: 'x'.repeat(2000) }, /logout_hint is longer/],
    }
    for (const [what, [parameters, sentence]] of Object.entries(wrong)) {
      const place = await visitor.open(logoutPath({ state: 's', post_logout_redirect_uri: BYE, ...parameters }))
      assert.deepEqual([place.status, place.away], [400, undefined], what)
      assert.match(text(place.html).replaceAll('&#39;', "'"), sentence, what)
      assert.match(place.html, /id="way-out" href="\/logout"/, what)
    }
    const twice = await visitor.open(`${logoutPath({ id_token_hint: idToken })}&state=a&state=b`)
    assert.equal(twice.status, 400)
    assert.equal(await isSignedIn(visitor), true)
  })

  test('the post-logout redirect URI must equal a registered one character by character (RP-Initiated Logout §3)', async () => {
    const { visitor, idToken } = await signsIn()
    const spellings = [
      ...['https://app.example/bye', `${BYE}&x=1`, `${BYE}&state=1`, `${BYE}#x`, 'https://app.example/bye?lang=e%6e'],
      ...['https://app.example/plain/', 'https://app.example/plain/evil', 'https://app.example/plain/../evil'],
      ...['https://app.example/plain/%2e%2e/evil', 'https://app.example/plain%2f..', 'https://app.example//plain'],
      ...['https://app.example.evil.com/plain', 'https://evil-app.example/plain', 'https://app.example@evil.com/plain'],
      ...[
        'HTTPS://app.example/plain',
        'https://APP.example/plain',
        'https://app.example/PLAIN',
        'http://app.example/plain',
      ],
      ...[
        'https://app.example:443/plain',
        'https://app.example./plain',
        'https:app.example/plain',
        'https:/\\app.example/plain',
      ],
      ...[
        '//app.example/plain',
        '/\\app.example/plain',
        '/plain',
        ' https://app.example/plain',
        'https://app.example/plain\t',
      ],
      ...['javascript:alert(1)', 'data:text/html,x', 'com.example.ledger:/bye2', 'com.example.ledger://bye'],
      ...[app.redirectUri, 'https://other.example/'],
    ]
    for (const uri of spellings) {
      const place = await visitor.open(logoutPath({ id_token_hint: idToken, post_logout_redirect_uri: uri }))
      assert.deepEqual([place.status, place.away, place.headers.get('location')], [400, undefined, null], uri)
    }
    assert.equal(await isSignedIn(visitor), true)
    const place = await visitor.open(
      logoutPath({ id_token_hint: idToken, post_logout_redirect_uri: 'com.example.ledger:/bye', state: 's' }),
    )
    assert.equal(place.away?.href, 'com.example.ledger:/bye?state=s')
  })

  test('the port of a loopback post-logout redirect URI may differ, as that of a redirect URI may (RFC 8252 §7.3)', async () => {
    const { visitor, idToken } = await signsIn()
    const uri = 'http://localhost:51004/bye'
    await visitor.open(logoutPath({ id_token_hint: idToken, post_logout_redirect_uri: uri, state: 's' }))
    assert.equal(visitor.place.away?.href, `${uri}?state=s`)
  })

  test('without a session only an ID token redirects immediately; otherwise the page has a button (RP-Initiated Logout §3)', async () => {
    const { idToken } = await signsIn()
    const visitor = world.visitor()
    await visitor.open(logoutPath({ id_token_hint: idToken, post_logout_redirect_uri: BYE, state: 's' }))
    assert.equal(visitor.place.away?.href, `${BYE}&state=s`)
    await visitor.open(logoutPath({ client_id: app.clientId, post_logout_redirect_uri: BYE, state: 's' }))
    assert.equal(visitor.place.away, undefined)
    assert.match(
      visitor.place.html,
      /id="back" href="https:\/\/app\.example\/bye\?lang=en&amp;state=s"><span>Back to <bdi translate="no">Ledger/,
    )
    await visitor.open('/oauth/logout')
    assert.match(visitor.place.url, /\/signed-out/)
    assert.ok(!visitor.place.html.includes('id="back"'))
  })

  test('a confirmation is valid only for the request that was shown, in the same browser and from our own page', async () => {
    const { visitor } = await signsIn()
    await visitor.open(logoutPath({ client_id: other.clientId, post_logout_redirect_uri: 'https://other.example/' }))
    const { logout_request: sealed } = visitor.place.forms.find(signOutForm)!.fields
    await visitor.open(logoutPath({ client_id: app.clientId, post_logout_redirect_uri: BYE }))
    await visitor.submit({ logout_request: sealed! }, signOutForm)
    assert.equal(visitor.place.status, 403)
    assert.equal(await isSignedIn(visitor), true)
    await visitor.open(logoutPath({ client_id: app.clientId, post_logout_redirect_uri: BYE }))
    const { fields } = visitor.place.forms.find(signOutForm)!
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie, 'sec-fetch-site': 'cross-site' }
    const forged = await server.fetch('/logout', { method: 'POST', headers, body: toForm(fields) })
    assert.equal(forged.status, 403)
    assert.equal(await isSignedIn(visitor), true)
  })

  test('a post-logout redirect URI that is removed while the page is open is not used', async () => {
    const late = await world.makeApp({ name: 'Late', protocol: { postLogoutRedirectUris: [BYE] } })
    const { visitor } = await signsIn('dana@example.com', late)
    await visitor.open(logoutPath({ client_id: late.clientId, post_logout_redirect_uri: BYE }))
    const { secret: _, ...was } = late
    const event = { uid: 'e', type: 't', at: 1, actor: 'operator', result: 'done' as const }
    await server.site.store.apps.change({ ...was, protocol: { postLogoutRedirectUris: [] } }, event, was, false)
    await visitor.submit({}, signOutForm)
    assert.match(visitor.place.url, /\/signed-out/)
    assert.ok(!visitor.place.html.includes('id="back"'))
    assert.equal(await isSignedIn(visitor), false)
  })

  test('an expired or forged logout request counts as none', async () => {
    const { visitor } = await signsIn()
    await visitor.open(logoutPath({ client_id: app.clientId, post_logout_redirect_uri: BYE }))
    const { fields } = visitor.place.forms.find(signOutForm)!
    server.clock.advance(3601)
    await visitor.open(`/logout?logout_request=${fields.logout_request}`)
    assert.match(text(visitor.place.html), /You are signed in as Dana/)
    assert.ok(!visitor.place.html.includes('Ledger'))
    for (const path of [
      '/logout?logout_request=x',
      '/oauth/logout?logout_request=x',
      `/oauth/logout?logout_request=${fields.logout_request}`,
    ]) {
      const place = await visitor.open(path)
      assert.equal(place.status, 200, path)
      assert.match(place.html, /id="stay"/, path)
    }
  })

  test('signing out does not disconnect the app from the business', async () => {
    const { visitor, idToken, accessToken } = await signsIn()
    await visitor.open(logoutPath({ id_token_hint: idToken }))
    assert.match(visitor.place.url, /\/signed-out/)
    assert.equal((await userinfo(server, accessToken)).status, 200)
  })

  test('a second click gets the same redirect, and HEAD ends no session', async () => {
    const { visitor, idToken } = await signsIn()
    const head = await server.fetch(logoutPath({ id_token_hint: idToken }), { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers.get('allow')], [405, 'GET, POST'])
    await visitor.open(logoutPath({ client_id: app.clientId, post_logout_redirect_uri: BYE }))
    const shown = visitor.place
    await visitor.submit({}, signOutForm)
    visitor.place = shown
    await visitor.submit({}, signOutForm)
    assert.equal(visitor.place.away?.href, BYE)
    const events = await server.site.store.events.list({ appUid: app.uid, type: 'logout.done' }, 1)
    assert.equal(events.length, 1)
    assert.match(events[0]!.actor, /^person:/)
  })

  test('the person can sign out on all devices', async () => {
    const [here, there] = [await signsIn(), await signsIn()]
    const stranger = await signsIn('omar@example.com', app, { business_uid: story.bakery.uid })
    await here.visitor.open('/logout')
    await here.visitor.submit({}, (form) => 'everywhere' in form.fields)
    assert.equal(await isSignedIn(here.visitor), false)
    assert.equal(await isSignedIn(there.visitor), false)
    assert.equal(await isSignedIn(stranger.visitor), true)
  })
})
