import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { text, type Visitor } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'

const ticketOf = (visitor: Visitor) => new URL(visitor.place.url).searchParams.get('ticket')!
const pathOf = (visitor: Visitor) => new URL(visitor.place.url).pathname

async function signedIn({ world }: Story, app: TestApp, email: string, parameters: Record<string, string> = {}) {
  const visitor = world.visitor()
  await visitor.open(authorizationPath(app, parameters))
  await visitor.signIn(email, PASSWORD)
  return visitor
}

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })

  test('a person in several businesses must choose one', async () => {
    const visitor = await signedIn(story, await story.world.makeApp(), 'omar@example.com')
    const { html } = visitor.place
    assert.equal(pathOf(visitor), '/login/business')
    const radios = [...html.matchAll(/<input type="radio" name="business" value="(\w+)" required( checked)?>/g)]
    assert.deepEqual(
      radios.map(([, uid, checked]) => [uid, checked]),
      [
        [story.bakery.uid, undefined],
        [story.garage.uid, undefined],
      ],
    )
    assert.match(html, /<button[^>]*id="choose"/)
    assert.match(text(html), /Bread &amp; Butter Admin Garage Owner/)
    assert.match(text(html), /Signed in as Omar Haddad omar@example\.com Use another account/)

    await visitor.submit({}, (form) => 'business' in form.fields)
    assert.equal(visitor.place.status, 400)
    assert.match(visitor.place.html, /role="alert"[^>]*>Choose a business\./)
    await visitor.chooseBusiness(story.garage.uid)
    assert.equal(pathOf(visitor), '/login/consent')
    await visitor.open(`/login/business?ticket=${ticketOf(visitor)}`)
    assert.match(visitor.place.html, new RegExp(`value="${story.garage.uid}" required checked`))
  })

  test('a business of another person or directory, or one the person has just left, is refused', async () => {
    const { world, test: server } = story
    const elsewhere = await world.makeDirectory('Elsewhere')
    const foreign = await world.makeBusiness('Foreign', elsewhere)
    const [one, two] = [await world.makeBusiness('One'), await world.makeBusiness('Two')]
    const person = await world.makePerson('ada@example.com', 'Ada', [one], [two], [foreign])
    const visitor = await signedIn(story, await world.makeApp(), 'ada@example.com')
    assert.ok(!visitor.place.html.includes('Foreign'))
    const event = { uid: 'x', type: 'staff.ended', at: 1, actor: 'operator', result: 'done' } as const
    await server.site.store.staff.end(person.staff[1]!.uid, server.clock.now(), event)
    for (const uid of [story.bakery.uid, foreign.uid, two.uid, 'nonsense', '']) {
      await visitor.chooseBusiness(uid)
      assert.equal(visitor.place.status, 400, uid)
      assert.equal(pathOf(visitor), '/login/business')
    }
  })

  test('the page lists two hundred businesses', async () => {
    const places: [Awaited<ReturnType<typeof story.world.makeBusiness>>][] = []
    for (let n = 0; n < 200; n++) places.push([await story.world.makeBusiness(`Business ${n}`)])
    await story.world.makePerson('many@example.com', 'Many', ...places)
    const visitor = await signedIn(story, await story.world.makeApp(), 'many@example.com')
    assert.equal(visitor.place.html.match(/type="radio"/g)?.length, 200)
    await visitor.chooseBusiness(places[150]![0].uid)
    assert.match(text(visitor.place.html), /Allow Ledger to work with Business 150\?/)
  })

  test('the permission dialog shows everything that is being allowed', async () => {
    const app = await story.world.makeApp({ scopes: ['openid', 'clients_read'] })
    const visitor = await signedIn(story, app, 'omar@example.com', { scope: 'openid clients_read' })
    await visitor.chooseBusiness(story.bakery.uid)
    const shown = text(visitor.place.html)
    for (const words of [
      'Ledger By Northwind Allow Ledger to work with Bread &amp; Butter?',
      'See your name, your email address and your role in the business',
      'See the clients of the business',
      'Business Bread &amp; Butter Admin Change business',
      'Signed in as Omar Haddad omar@example.com Use another account',
      'You then return to app.example',
      'To disconnect Ledger later, ask the support team of Northwind.',
    ]) {
      assert.ok(shown.includes(words), `${words} in ${shown}`)
    }
    assert.ok(!shown.includes('cannot check'))
    const form = /<form method="post" action="\/oauth\/consent\?[^>]*>([\s\S]*?)<\/form>/.exec(visitor.place.html)![1]!
    assert.match(form, /<button[^>]*id="allow" type="submit" name="decision" value="allow">Allow</)
    assert.match(form, /<button[^>]*id="deny" type="submit" name="decision" value="deny">Deny</)
    assert.equal(visitor.place.html.match(/action="\/oauth\/consent\?/g)?.length, 1)
  })

  test('the dialog names the platform as the owner of its apps, and warns about a public app on the person’s device', async () => {
    const story = await tellStory({ engine, env: { BEHALF_NAME: 'Harbour' } })
    const app = await story.world.makeApp({
      directoryUid: null,
      redirectUri: 'com.example.ledger:/callback',
      public: true,
    })
    // Public apps must use PKCE.
    const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
    const visitor = await signedIn(story, app, 'dana@example.com', challenge)
    const shown = text(visitor.place.html)
    assert.match(shown, /Ledger By Harbour/)
    assert.match(shown, /You then return to com\.example\.ledger/)
    assert.match(shown, /cannot check that this is really Ledger/)
    assert.ok(!shown.includes('Change business'))
    const local = await story.world.makeApp({ redirectUri: 'http://localhost:9000/callback' })
    const again = await signedIn(story, local, 'dana@example.com')
    assert.match(text(again.place.html), /You then return to localhost:9000/)
    assert.doesNotMatch(again.place.html, /cannot check/, 'an app with a secret proves itself')
    const editor = await story.world.makeApp({ redirectUri: 'cursor://vendor.mcp/callback', name: 'Editor' })
    const inEditor = await signedIn(story, editor, 'dana@example.com')
    assert.match(
      text(inEditor.place.html),
      /cannot check that this is really Editor/,
      'any program can claim the scheme',
    )
  })

  test('names chosen by strangers are escaped, and no logo is loaded from elsewhere', async () => {
    const app = await story.world.makeApp({
      name: '\u202E<script>alert(1)</script>\u200B"',
      listing: { description: { logo: 'https://cdn.example/x.png" onerror="alert(1)' } },
    })
    const evil = await story.world.makeBusiness('<img src=x onerror=alert(1)>')
    await story.world.makePerson('evil@example.com', '"><svg onload=alert(1)>', [evil, '<b>boss</b>'])
    const visitor = await signedIn(story, app, 'evil@example.com')
    assert.equal(pathOf(visitor), '/login/consent')
    for (const never of ['<script>', '<svg onload', '<img', '<b>', 'cdn.example', '\u202E', '\u200B']) {
      assert.ok(!visitor.place.html.includes(never), never)
    }
    assert.match(visitor.place.html, /class="monogram monogram-app/)
  })

  test('switching accounts shows an empty form, and the session lasts until another one starts', async () => {
    const app = await story.world.makeApp()
    const visitor = await signedIn(story, app, 'dana@example.com')
    const session = visitor.cookies.get('behalf-session')
    await visitor.submit({}, (form) => form.action === '/login/switch')
    assert.equal(pathOf(visitor), '/login')
    assert.ok(!visitor.place.html.includes('dana@example.com') && !visitor.place.html.includes('Dana'))
    assert.equal(visitor.cookies.get('behalf-session'), session)
    await visitor.signIn('omar@example.com', PASSWORD)
    assert.equal(pathOf(visitor), '/login/business')
    await visitor.chooseBusiness(story.garage.uid)
    assert.match(text(visitor.place.html), /Signed in as Omar Haddad/)
  })

  test('a business chosen by one person does not apply to the next person, who signs in from another tab', async () => {
    const { world } = story
    const [kiosk, garage] = [await world.makeBusiness('Kiosk'), await world.makeBusiness('Garage')]
    await world.makePerson('mia@example.com', 'Mia', [kiosk], [garage])
    await world.makePerson('eve@example.com', 'Eve', [kiosk], [garage])
    const app = await world.makeApp()
    for (const leave of [false, true]) {
      const visitor = await signedIn(story, app, 'mia@example.com')
      const ticket = ticketOf(visitor)
      await visitor.chooseBusiness(garage.uid)
      assert.equal(pathOf(visitor), '/login/consent')
      if (leave) {
        await visitor.open('/logout')
        await visitor.submit({}, (form) => form.action === '/logout')
      }
      await visitor.open('/login')
      await visitor.signIn('eve@example.com', PASSWORD)
      await visitor.open(`/oauth/resume?ticket=${ticket}`)
      assert.equal(pathOf(visitor), '/login/business')
      assert.doesNotMatch(visitor.place.html, / checked>/)
      await visitor.open(`/login/consent?ticket=${ticket}`)
      assert.equal(pathOf(visitor), '/login/business')
    }
  })

  test('a step that is not due redirects to the current one', async () => {
    const app = await story.world.makeApp()
    const visitor = story.world.visitor()
    await visitor.open(authorizationPath(app))
    const ticket = ticketOf(visitor)
    for (const step of ['business', 'consent']) {
      await visitor.open(`/login/${step}?ticket=${ticket}`)
      assert.equal(pathOf(visitor), '/login', step)
    }
    await visitor.signIn('omar@example.com', PASSWORD)
    await visitor.open(`/login/consent?ticket=${ticket}`)
    assert.equal(pathOf(visitor), '/login/business')
  })

  test('a page for an unusable ticket says so, and the browser that started the request can start it again', async () => {
    const app = await story.world.makeApp()
    const parameters = { state: 'a b&c', scope: 'openid email', prompt: 'consent', login_hint: 'dana@example.com' }
    const visitor = await signedIn(story, app, 'dana@example.com', parameters)
    const ticket = ticketOf(visitor)
    const wayOut = (html: string) => /id="way-out" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    const reference = /<code id="reference" dir="ltr" translate="no">\w{12}<\/code>/

    for (const nothing of ['a'.repeat(64), 'x', `${ticket}0`, `${ticket}' or 1=1`]) {
      const place = await story.world.visitor().open(`/login?ticket=${encodeURIComponent(nothing)}`)
      assert.equal(place.status, 404)
      assert.match(place.html, reference)
      assert.equal(wayOut(place.html), undefined)
    }

    const stranger = story.world.visitor()
    for (const path of ['/login', '/login/business', '/login/consent']) {
      const place = await stranger.open(`${path}?ticket=${ticket}`)
      assert.equal(place.status, 403, path)
      assert.match(place.html, reference)
      assert.equal(place.forms.length, 0)
      assert.equal(wayOut(place.html), undefined)
    }
    assert.match(text(stranger.place.html), /Go back to the app and start again there/)

    await visitor.deny()
    assert.equal(visitor.answer().error, 'access_denied')
    await visitor.open(`/login/consent?ticket=${ticket}`)
    assert.equal(visitor.place.status, 410)
    const late = await story.world.visitor().open(`/login?ticket=${ticket}`)
    assert.equal(late.status, 403, 'another browser does not learn that the request was answered')
    assert.ok(!late.html.includes('dana'))
    const again = new URL(wayOut(visitor.place.html)!, story.test.origin)
    assert.equal(again.pathname, '/oauth/authorize')
    for (const [name, value] of Object.entries(parameters)) assert.equal(again.searchParams.get(name), value, name)
    await visitor.open(again.pathname + again.search)
    assert.equal(pathOf(visitor), '/login/consent')
    assert.notEqual(ticketOf(visitor), ticket)
    story.test.clock.advance(3601)
    await visitor.open(visitor.place.url.replace(story.test.origin, ''))
    assert.equal(visitor.place.status, 410)
    assert.ok(wayOut(visitor.place.html))
  })

  test('a person without a business for the app sees so, and can switch accounts or return', async () => {
    const { world } = story
    const elsewhere = await world.makeDirectory('Southwind')
    const kiosk = await world.makeBusiness('Kiosk', elsewhere)
    await world.makePerson('kim@example.com', 'Kim', [kiosk])
    const app = await world.makeApp()
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, { state: 's' }))
    const place = await visitor.signIn('kim@example.com', PASSWORD)
    assert.match(text(place.html), /No business to connect .* has no business that Ledger can connect to/)
    const login = await visitor.submit({}, (form) => form.action === '/login/switch')
    assert.ok('password' in login.forms[0]!.fields)
    await visitor.deny()
    assert.equal(visitor.answer().error, 'access_denied')
  })
})
