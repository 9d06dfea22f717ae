import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csrfToken } from '../../src/http/csrf.ts'
import { openSeal } from '../../src/kit/seal.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { openDialog } from '../parts/permission-dialog.ts'
import { type Story, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { type Form, text, type Visitor } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'
import { freshUrl } from '../store/engines.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** Posts the fields of a form as another page, program or browser would. */
function post(
  story: Story,
  path: string,
  visitor: Visitor,
  fields: Record<string, string>,
  headers: Record<string, string>,
) {
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
  const body = String(new URLSearchParams(fields))
  return story.test.fetch(path, { method: 'POST', headers: { ...FORM, cookie, ...headers }, body })
}

/** Yields every form of the login room, with a visitor who sees it. */
async function* everyForm(story: Story): AsyncGenerator<[string, Visitor, Record<string, string>]> {
  const { world, garage } = story
  const app = await world.makeApp()
  const formOf = (visitor: Visitor, action: string): Form => {
    const form = visitor.place.forms.find((each) => each.action === action)
    assert.ok(form, `${action} at ${visitor.place.url}`)
    return form
  }
  const plain = world.visitor()
  await plain.open('/login')
  yield ['/login', plain, { ...formOf(plain, '/login').fields, email: 'omar@example.com', password: PASSWORD }]
  const visitor = world.visitor()
  await visitor.open(authorizationPath(app))
  yield ['/login', visitor, { ...formOf(visitor, '/login').fields, email: 'omar@example.com', password: PASSWORD }]
  await visitor.signIn('omar@example.com', PASSWORD)
  yield ['/login/business', visitor, { ...formOf(visitor, '/login/business').fields, business: garage.uid }]
  await visitor.chooseBusiness(garage.uid)
  yield ['/login/switch', visitor, formOf(visitor, '/login/switch').fields]
  await visitor.open(authorizationPath(app, { prompt: 'select_account' }))
  yield ['/login/continue', visitor, formOf(visitor, '/login/continue').fields]
  await visitor.open('/logout')
  yield ['/logout', visitor, formOf(visitor, '/logout').fields]
}

test('a form is accepted only from our own page, in the browser it was shown to', async () => {
  const story = await tellStory({ env: { BEHALF_LOGIN_ATTEMPTS: '1000' } })
  const same = { 'sec-fetch-site': 'same-origin' }
  let count = 0
  for await (const [path, visitor, fields] of everyForm(story)) {
    count++
    const refused = async (why: string, response: Promise<Response>, status = 403) => {
      const { status: got, headers } = await response
      assert.equal(got, status, `${path}: ${why}`)
      assert.equal(
        headers.getSetCookie().some((line) => line.includes('session')),
        false,
        `${path}: ${why}`,
      )
    }
    const { csrf, ...without } = fields
    const thief = story.world.visitor()
    await thief.open('/login')
    await refused('another site', post(story, path, visitor, fields, { 'sec-fetch-site': 'cross-site' }))
    await refused('a sibling site', post(story, path, visitor, fields, { 'sec-fetch-site': 'same-site' }))
    await refused('typed in', post(story, path, visitor, fields, { 'sec-fetch-site': 'none' }))
    await refused('another origin', post(story, path, visitor, fields, { origin: 'https://evil.example' }))
    const nowhere = { origin: 'null' }
    await refused('Origin: null without a token', post(story, path, visitor, without, nowhere))
    await refused(
      'Origin: null of another site',
      post(story, path, visitor, fields, { ...nowhere, 'sec-fetch-site': 'cross-site' }),
    )
    const taken = thief.place.forms[0]!.fields.csrf!
    await refused(
      'Origin: null with another browser’s token',
      post(story, path, visitor, { ...fields, csrf: taken }, nowhere),
    )
    await refused('no token', post(story, path, visitor, without, same))
    await refused(
      'a token turned',
      post(story, path, visitor, { ...fields, csrf: [...csrf!].reverse().join('') }, same),
    )
    const empty = story.world.visitor()
    await refused('no cookie', post(story, path, empty, fields, same))
    await refused('another browser’s token', post(story, path, visitor, { ...fields, csrf: taken }, same))
    await refused('JSON', post(story, path, visitor, fields, { ...same, 'content-type': 'application/json' }), 415)
    await refused('text', post(story, path, visitor, fields, { ...same, 'content-type': 'text/plain' }), 415)
    await refused(
      'twice',
      story.test.fetch(path, {
        method: 'POST',
        headers: { ...FORM, ...same, cookie: [...visitor.cookies].map((pair) => pair.join('=')).join('; ') },
        body: `${new URLSearchParams(fields)}&csrf=${csrf}`,
      }),
      400,
    )
    // The same form, sent correctly, is accepted, also by a browser that does not send where it comes from.
    const from = [same, { origin: story.test.origin }, nowhere][count % 3]!
    const accepted = await post(story, path, visitor, fields, from)
    assert.equal(accepted.status, 303, path)
  }
  assert.equal(count, 6)
})

test('a form is not accepted for another purpose or another ticket', async () => {
  const story = await tellStory()
  const app = await story.world.makeApp()
  const visitor = story.world.visitor()
  await visitor.open(authorizationPath(app))
  const cancel = visitor.place.forms.find((form) => form.action === '/oauth/consent')!.fields
  const login = visitor.place.forms.find((form) => form.action === '/login')!.fields
  await visitor.open(authorizationPath(app))
  const other = visitor.place.forms.find((form) => form.action === '/login')!.fields
  const same = { 'sec-fetch-site': 'same-origin' }
  const person = { email: 'dana@example.com', password: PASSWORD }
  for (const fields of [{ ...login, csrf: cancel.csrf! }, { ...login, ticket: other.ticket! }, { csrf: login.csrf! }]) {
    assert.equal((await post(story, '/login', visitor, { ...fields, ...person }, same)).status, 403)
  }
  assert.equal((await post(story, '/logout', visitor, login, same)).status, 403)
})

test('GET changes nothing', async () => {
  const story = await tellStory()
  const visitor = story.world.visitor()
  await visitor.open('/login')
  await visitor.submit({ email: 'dana@example.com', password: PASSWORD })
  for (const path of ['/logout', '/logout?csrf=x', '/signed-out', '/login?email=omar@example.com&password=x']) {
    await visitor.open(path)
    assert.equal(new URL((await visitor.open('/signed-in')).url).pathname, '/signed-in', path)
  }
  for (const path of ['/login/continue', '/login/switch'])
    assert.equal((await story.test.fetch(path)).headers.get('location'), '/login', path)
})

test('signing out ends the session everywhere, and the page says so', async () => {
  const story = await tellStory()
  const visitor = story.world.visitor()
  await visitor.open('/login')
  await visitor.submit({ email: 'dana@example.com', password: PASSWORD })
  const stolen = visitor.cookies.get('behalf-session')!
  await visitor.open('/logout')
  const place = await visitor.submit({}, (form) => form.action === '/logout')
  assert.equal(new URL(place.url).pathname, '/signed-out')
  assert.match(place.html, /<h1>You are signed out<\/h1>/)
  assert.equal(visitor.cookies.has('behalf-session'), false)
  visitor.cookies.set('behalf-session', stolen)
  assert.equal(new URL((await visitor.open('/signed-in')).url).pathname, '/login')
  const events = await story.test.site.store.events.list({ type: 'logout.done' }, 10)
  assert.deepEqual(
    events.map(({ actor }) => actor),
    [`person:${story.dana.uid}`],
  )
  // Signing out again without a session shows the same page.
  visitor.cookies.delete('behalf-session')
  assert.equal(new URL((await visitor.open('/logout')).url).pathname, '/signed-out')
})

test('a new secret of the server ends no session, and open forms stay valid', async () => {
  const databaseUrl = await freshUrl('sqlite')
  const [old, fresh, stranger] = ['o', 'f', 's'].map((letter) => letter.repeat(40)) as [string, string, string]
  const story = await tellStory({ databaseUrl, env: { BEHALF_SECRET: old } })
  const { test: first, world } = story
  const app = await world.makeApp()
  const dana = await openDialog(story, app)
  const omar = await openDialog(story, app, { state: 'forged' }, 'omar@example.com')
  const { clock } = first
  const second = await testSite({ databaseUrl, clock, env: { BEHALF_SECRET: `${fresh},${old}` } })
  first.fetch = second.fetch
  await dana.allow()
  assert.ok(dana.answer().code)
  await dana.open('/signed-in')
  assert.match(text(dana.place.html), /dana@example\.com/)

  // A MAC made under a secret that the server does not know is refused.
  const browser = omar.cookies.get('behalf-browser')!
  const { csrf, ticket } = omar.place.forms.find((form) => form.action === '/login/switch')!.fields
  const macs = [old, fresh, stranger].map((each) => csrfToken(openSeal([each]), browser, `login ${ticket}`))
  assert.equal(macs[0], csrf)
  const statuses = []
  for (const mac of macs) {
    const answer = await post(
      story,
      '/login/switch',
      omar,
      { csrf: mac, ticket: ticket! },
      { 'sec-fetch-site': 'same-origin' },
    )
    statuses.push(answer.status)
  }
  assert.deepEqual(statuses, [303, 303, 403])
})
