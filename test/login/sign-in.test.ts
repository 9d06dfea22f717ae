import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { createStaff } from '../../src/domain/businesses/staff.ts'
import { openPasswords } from '../../src/kit/password.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { countedStore } from '../parts/counted-store.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { heldClock } from '../parts/test-site.ts'
import { type Place, text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'

const signInForm = (place: Place) => place.forms.find((form) => 'password' in form.fields)
const WRONG = 'Wrong email or password.'

async function events({ test: { site } }: Story, type: string) {
  return site.store.events.list({ type }, 500)
}

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })

  test('the fields have the names that password managers and tests expect', async () => {
    const app = await story.world.makeApp()
    const { html } = await story.world.visitor().open(authorizationPath(app))
    assert.match(html, /<input[^>]*name="email" type="text" inputmode="email"[^>]*autocomplete="username"/)
    assert.match(html, /<input[^>]*name="password" type="password"[^>]*autocomplete="current-password"/)
    assert.match(html, /<button[^>]*id="sign-in"[^>]*type="submit"/)
    assert.match(text(html), /Sign in to continue to Ledger/)
    assert.match(text(html), /Cancel and go back to Ledger/)
  })

  test('the right password redirects by 303 to the pending request, with a session and nothing else in the URL', async () => {
    const { world, dana } = story
    const app = await world.makeApp({ trusted: true })
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, { state: 'xyz' }))
    const place = await visitor.signIn(' DANA@Example.com ', PASSWORD)
    assert.equal(visitor.answer().state, 'xyz')
    assert.equal(place.status, 303)
    assert.equal(visitor.cookies.has('behalf-session'), true)
    assert.ok(dana.uid)
  })

  test('without a ticket the person is signed in and sees their account; a URL to go to is never accepted', async () => {
    const { world } = story
    const visitor = world.visitor()
    await visitor.open('/login?next=https://evil.example&return_to=//evil.example&redirect_uri=https://evil.example')
    assert.ok(!visitor.place.html.includes('evil'))
    const place = await visitor.submit({ email: 'omar@example.com', password: PASSWORD, next: 'https://evil.example' })
    assert.equal(new URL(place.url).pathname, '/signed-in')
    assert.match(
      text(place.html),
      /Omar Haddad omar@example\.com Your businesses Bread &amp; Butter Admin Garage Owner/,
    )
    assert.match(place.html, /id="sign-out"/)
    const back = await visitor.open('/login')
    assert.match(back.html, /<a class="account primary" id="continue" href="\/signed-in">/)
  })

  test('unknown, wrong, passwordless, ended, invalid and oversized credentials get the same answer', async () => {
    const story = await tellStory({ engine })
    const { world, test: server, bakery } = story
    const business = { uid: bakery.uid, directoryUid: world.directory.uid, name: '', createdAt: 1, endedAt: null }
    const silent = await world.makePerson('silent@example.com', 'Silent', [business])
    await server.site.store.people.replacePassword(silent.uid, silent.password, '')
    const gone = await world.makePerson('gone@example.com', 'Gone', [business])
    const event = { uid: 'x', type: 'person.ended', at: 1, actor: 'operator', result: 'done' } as const
    await server.site.store.people.end(gone.uid, server.clock.now(), event)
    const tries: [string, string][] = [
      ['dana@example.com', 'not hers'],
      ['nobody@example.com', PASSWORD],
      ['silent@example.com', ''],
      ['silent@example.com', PASSWORD],
      ['gone@example.com', PASSWORD],
      ['dana', PASSWORD],
      ['', ''],
      ['dana@example.com', `${PASSWORD} `],
      ['dana@example.com', 'x'.repeat(60_000)],
      ['dana@example.com', PASSWORD.toUpperCase()],
    ]
    const answers = new Set<string>()
    for (const [email, password] of tries) {
      const visitor = world.visitor()
      await visitor.open('/login')
      const place = await visitor.submit({ email, password })
      assert.equal(visitor.cookies.has('behalf-session'), false, email)
      assert.equal(signInForm(place)?.fields.email, email)
      assert.ok(!place.html.includes(password) || password === '')
      const same = place.html
        .replace(/name="csrf" value="[^"]+"/, '')
        .replace(/ value="[^"]*" autocomplete="username"/, '')
      const headers = JSON.stringify([...place.headers].filter(([name]) => name !== 'set-cookie'))
      answers.add(`${place.status} ${headers} ${same.replaceAll(' autofocus', '')}`)
    }
    assert.equal(answers.size, 1, [...answers].join('\n\n'))
    const [answer] = [...answers]
    assert.match(answer!, /^400 /)
    assert.ok(answer!.includes(WRONG))
    assert.match(answer!, /<div class="problem" id="problem" role="alert" tabindex="-1">/)
    assert.match(answer!, /name="password"[^>]*aria-describedby="problem" aria-invalid="true"/)
    assert.equal((await events(story, 'login.refused')).length, 10)
    assert.equal((await events(story, 'login.done')).length, 0)
  })

  test('an unknown person takes as much work as a known one', async () => {
    const hashed: string[] = []
    const passwords = openPasswords({ memory: 64, passes: 1, parallelism: 1 }, 4, 1000)
    const counting = {
      ...passwords,
      isRight: (password: string, stored: string | undefined) => {
        hashed.push(stored === undefined ? 'unknown' : 'known')
        return passwords.isRight(password, stored)
      },
    }
    const clock = heldClock()
    const { store, counted } = await countedStore(clock.now(), engine)
    const { world } = await tellStory({ clock, own: { passwords: counting, store } })
    const silent = await world.makePerson('silent@example.com', 'Silent', [await world.makeBusiness('Quiet')])
    await store.people.setPassword(silent.uid, '', clock.now(), newEvent({ type: 'person.changed', at: 0 }))
    const guess = async (email: string) => {
      const visitor = world.visitor()
      await visitor.open('/login')
      counted()
      hashed.length = 0
      const { status } = await visitor.submit({ email, password: 'wrong' })
      return { ...counted(), hashes: hashed.length, status }
    }
    const guessAtAll = async () => {
      const work = []
      for (const email of ['dana@example.com', 'nobody@example.com', 'silent@example.com'])
        work.push(await guess(email))
      for (const each of work) assert.deepEqual(each, work[0])
      return [work[0]!.hashes, work[0]!.status]
    }
    assert.deepEqual(await guessAtAll(), [1, 400])
    // The audit log keeps ten lines a minute per address, of either kind.
    for (let count = 0; count < 20; count++) await guess('others@example.com')
    for (let count = 0; count < 9; count++) assert.deepEqual(await guessAtAll(), [1, 400])
    assert.deepEqual(await guessAtAll(), [0, 429])
  })

  test('every character of a password counts, exactly as typed', async () => {
    const { test: server, world, bakery } = story
    // A hash that stops at 72 bytes or at NUL would accept other passwords.
    const password = `${'correct horse battery staple '.repeat(4)}ünd 🥐 Z`
    const { person } = await createStaff(
      { businessUid: bakery.uid, email: 'long@example.com', name: 'Long', role: 'admin', password },
      operatorActor,
      server.site,
    )
    const signsIn = async (typed: string) => {
      const visitor = world.visitor()
      await visitor.open('/login')
      await visitor.submit({ email: person.email, password: typed })
      return visitor.cookies.has('behalf-session')
    }
    const others = [
      password.slice(0, -1),
      password.slice(0, 72),
      `${password.slice(0, 72)}${'x'.repeat(password.length - 72)}`,
      `${password}x`,
      ` ${password}`,
      password.toUpperCase(),
      password.replace('ü', 'u'),
      `${password}\0`,
    ]
    for (const other of others) {
      assert.equal(await signsIn(other), false, JSON.stringify(other))
      server.clock.advance(900)
    }
    assert.equal(await signsIn(password), true)
  })

  test('the login hint fills in the form, escaped, and does not reveal whether the account exists', async () => {
    const { world } = story
    const app = await world.makeApp()
    const pageFor = async (hint: string) => {
      const place = await world.visitor().open(authorizationPath(app, { login_hint: hint }))
      assert.equal(signInForm(place)?.fields.email, hint)
      return place.html.replaceAll(/value="[^"]*"/g, '').replaceAll(/ticket=\w+/g, '')
    }
    assert.equal(await pageFor('dana@example.com'), await pageFor('nobody@example.com'))
    assert.ok(!(await pageFor('"><svg onload=alert(1)>')).includes('<svg'))
  })

  test('signing in starts a new session and ends the previous one; a cookie set beforehand is not adopted', async () => {
    const { world } = story
    const visitor = world.visitor()
    const planted = 'f'.repeat(64)
    visitor.cookies.set('behalf-session', planted)
    await visitor.open('/login')
    await visitor.submit({ email: 'dana@example.com', password: PASSWORD })
    const first = visitor.cookies.get('behalf-session')!
    assert.notEqual(first, planted)
    await visitor.open('/login')
    await visitor.submit({ email: 'omar@example.com', password: PASSWORD }, (form) => 'password' in form.fields)
    assert.notEqual(visitor.cookies.get('behalf-session'), first)
    const thief = world.visitor()
    thief.cookies.set('behalf-session', first)
    assert.equal(new URL((await thief.open('/signed-in')).url).pathname, '/login')
  })

  test('cookies are HttpOnly, SameSite=Lax and host-only, and the session ends with the browser', async () => {
    for (const issuer of ['http://localhost:7200', 'https://auth.example.com']) {
      const { world, test: server } = await tellStory({
        engine,
        env: { BEHALF_ISSUER: issuer, BEHALF_ENV: 'development' },
      })
      const visitor = world.visitor()
      const opened = await visitor.open('/login')
      const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
      const body = new URLSearchParams({ ...signInForm(opened)!.fields, email: 'dana@example.com', password: PASSWORD })
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie }
      const response = await server.fetch('/login', { method: 'POST', headers, body: String(body) })
      const secure = issuer.startsWith('https')
      const prefix = secure ? '__Host-' : ''
      const flags = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
      const [session, browser] = response.headers.getSetCookie()
      assert.match(session!, new RegExp(`^${prefix}behalf-session=[0-9a-f]{64}; ${flags}$`))
      assert.match(browser!, new RegExp(`^${prefix}behalf-browser=[0-9a-f]{64}; ${flags}; Max-Age=15552000$`))
      assert.equal(response.status, 303)
      assert.equal(response.headers.get('cache-control'), 'no-store')
    }
  })

  test('a password hashed at another cost is hashed again when its owner signs in', async () => {
    const { world, test: server, dana } = await tellStory({ engine })
    const old = await openPasswords({ memory: 32, passes: 1, parallelism: 1 }).seal(PASSWORD)
    const person = (await server.site.store.people.find(dana.uid))!
    await server.site.store.people.replacePassword(dana.uid, person.password, old)
    for (const cost of ['m=64,', 'm=64,']) {
      const visitor = world.visitor()
      await visitor.open('/login')
      await visitor.submit({ email: dana.email, password: PASSWORD })
      assert.equal(new URL(visitor.place.url).pathname, '/signed-in')
      assert.ok((await server.site.store.people.find(dana.uid))!.password!.includes(cost))
    }
  })

  test('a signed-in person continues with one click, unless the app requires a fresh sign-in', async () => {
    const { world, test: server } = story
    const app = await world.makeApp({ trusted: true })
    const visitor = world.visitor()
    await visitor.open('/login')
    await visitor.submit({ email: 'dana@example.com', password: PASSWORD })

    const choice = await visitor.open(authorizationPath(app, { prompt: 'select_account' }))
    assert.match(text(choice.html), /Continue as Dana Levi dana@example\.com or with another account/)
    await visitor.submit({}, (form) => form.action === '/login/continue')
    assert.ok(visitor.answer().code)

    server.clock.advance(100)
    const fresh: Record<string, string>[] = [
      { prompt: 'login' },
      { max_age: '60' },
      { max_age: '0' },
      { logout: 'true' },
    ]
    for (const parameters of fresh) {
      const place = await visitor.open(authorizationPath(app, parameters))
      const shown = JSON.stringify(parameters)
      assert.ok(!place.html.includes('/login/continue'), shown)
      assert.match(text(place.html), /Sign in again/, shown)
      assert.equal(signInForm(place)!.fields.email, 'dana@example.com', shown)
      // Posting a form that the page does not offer does not avoid the sign-in.
      const { fields } = signInForm(place)!
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        cookie: [...visitor.cookies].map((pair) => pair.join('=')).join('; '),
      }
      const response = await server.fetch('/login/continue', {
        method: 'POST',
        headers,
        body: String(new URLSearchParams(fields)),
      })
      assert.equal(response.headers.get('location'), `/login?ticket=${fields.ticket}`, shown)
      const cancelled = await visitor.submit({ decision: 'deny' }, (form) => form.action === '/oauth/consent')
      assert.equal(cancelled.away?.searchParams.get('error'), 'access_denied', shown)
      assert.equal(new URL((await visitor.open('/signed-in')).url).pathname, '/signed-in', 'the session is unchanged')
    }
    await visitor.open(authorizationPath(app, { prompt: 'login' }))
    await visitor.signIn('dana@example.com', PASSWORD)
    assert.ok(visitor.answer().code)
  })

  test('a session ends when it is unused, and at the end of its maximum lifetime', async () => {
    const env = { BEHALF_SESSION_IDLE_LIFETIME: '600', BEHALF_SESSION_LIFETIME: '3600' }
    const { world, test: server } = await tellStory({ engine, env })
    const visitor = world.visitor()
    const isSignedIn = async () => new URL((await visitor.open('/signed-in')).url).pathname === '/signed-in'
    const signIn = async () => {
      await visitor.open('/login')
      await visitor.submit({ email: 'dana@example.com', password: PASSWORD }, (form) => 'password' in form.fields)
    }
    await signIn()
    server.clock.advance(590)
    assert.equal(await isSignedIn(), true)
    server.clock.advance(601)
    assert.equal(await isSignedIn(), false)
    await signIn()
    for (let minutes = 0; minutes < 60; minutes += 5) {
      assert.equal(await isSignedIn(), true, `${minutes} min`)
      server.clock.advance(300)
    }
    assert.equal(await isSignedIn(), false)
  })
})
