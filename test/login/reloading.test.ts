import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { isConsent, openDialog, ticketOf } from '../parts/permission-dialog.ts'
import { tellStory } from '../parts/stories.ts'
import type { Visitor } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const story = await tellStory()
const { world } = story
const app = await world.makeApp()

/** Opens the address of the page again, as Enter in the address bar or a phone that discarded the tab does. */
const reload = (visitor: Visitor) =>
  visitor.open(new URL(visitor.place.url).pathname + new URL(visitor.place.url).search)

test('after a wrong password or a missing choice, the address of the page still leads to the app', async () => {
  const visitor = world.visitor()
  await visitor.open(authorizationPath(app, { state: 'kept' }))
  const ticket = ticketOf(visitor.place)
  await visitor.signIn('omar@example.com', 'wrong')
  assert.equal(visitor.place.status, 400)
  assert.equal(ticketOf(visitor.place), ticket)
  await reload(visitor)
  assert.equal(visitor.place.status, 200)
  await visitor.signIn('omar@example.com', PASSWORD)
  await visitor.submit({}, (form) => 'business' in form.fields)
  assert.equal(visitor.place.status, 400)
  assert.equal(ticketOf(visitor.place), ticket)
  await reload(visitor)
  assert.equal(visitor.place.status, 200)
  await visitor.chooseBusiness(story.garage.uid)
  await visitor.allow()
  assert.equal(visitor.answer().state, 'kept')
})

test('the address of every refused form still leads to the step of the request', async () => {
  const pages: [string, () => Promise<Visitor>, string][] = [
    ['/login', () => opened(), '/login'],
    ['/oauth/consent', () => opened(), '/login'],
    ['/login/continue', () => opened('dana@example.com', { prompt: 'select_account' }), '/login'],
    ['/login/business', () => opened('omar@example.com'), '/login/business'],
    ['/login/switch', () => opened('omar@example.com'), '/login/business'],
    ['/oauth/consent', () => openDialog(story, app, { prompt: 'consent' }), '/login/consent'],
    ['/login/switch', () => openDialog(story, app, { prompt: 'consent' }), '/login/consent'],
  ]
  for (const [action, open, step] of pages) {
    const visitor = await open()
    const ticket = ticketOf(visitor.place)
    await visitor.submit({ csrf: 'wrong', decision: 'deny' }, (form) => form.action === action)
    assert.equal(visitor.place.status, 403, action)
    await reload(visitor)
    const { pathname } = new URL(visitor.place.url)
    assert.deepEqual([visitor.place.status, pathname, ticketOf(visitor.place)], [200, step, ticket], action)
  }
})

test('a link to the address of the permission form answers nothing', async () => {
  const visitor = await openDialog(story, app, { prompt: 'consent' })
  const dialog = visitor.place
  const { csrf, ticket } = dialog.forms.find(isConsent)!.fields
  await visitor.open(`/oauth/consent?${new URLSearchParams({ csrf: csrf!, ticket: ticket!, decision: 'allow' })}`)
  assert.equal(new URL(visitor.place.url).pathname, '/login/consent')
  visitor.place = dialog
  await visitor.deny()
  assert.equal(visitor.answer().error, 'access_denied', 'the request was still waiting')
})

async function opened(email?: string, parameters: Record<string, string> = {}): Promise<Visitor> {
  const visitor = world.visitor()
  await visitor.open(authorizationPath(app, parameters))
  if (email === undefined) return visitor
  await visitor.signIn(email, PASSWORD)
  // The sign-in itself confirms the account, so that only another request asks for it.
  if (parameters.prompt === 'select_account') await visitor.open(authorizationPath(app, parameters))
  return visitor
}
