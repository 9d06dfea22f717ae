import assert from 'node:assert/strict'
import { asksAgain } from '../../src/domain/apps/differences.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import { newEvent } from '../store/things.ts'
import { authorizationPath } from './app-calls.ts'
import type { Story } from './stories.ts'
import type { Form, Place, Visitor } from './visitor.ts'
import { PASSWORD, type TestApp } from './world.ts'

/** Whether a form answers the request: the dialog itself, or the redirect from an earlier step. */
export const isConsent = (form: Form) => form.action.includes('/oauth/consent')
export const allowForm = ({ forms }: Place) => forms.find((form) => isConsent(form) && !('email' in form.fields))!
export const ticketOf = (place: Place) => new URL(place.url).searchParams.get('ticket')!

/** A browser that shows the permission dialog. */
export async function openDialog(
  story: Story,
  app: TestApp,
  parameters = {},
  email = 'dana@example.com',
): Promise<Visitor> {
  const visitor = story.world.visitor()
  let place = await visitor.open(authorizationPath(app, parameters))
  if (place.url.includes('/login?')) place = await visitor.signIn(email, PASSWORD)
  if (place.url.includes('/login/business')) place = await visitor.chooseBusiness(story.bakery.uid)
  assert.ok(place.url.includes('/login/consent'), place.url)
  return visitor
}

/** Posts the form of a permission dialog as it was shown, whatever has happened since. */
export function answerDialog(
  { test: server }: Story,
  shown: Place,
  cookies: Visitor['cookies'],
  changes = {},
  headers = {},
) {
  return server.fetch('/oauth/consent', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    },
    body: new URLSearchParams({ ...allowForm(shown).fields, decision: 'allow', ...changes }),
  })
}

/** Changes the registration of an app directly in the store. */
export async function changeApp({ test: server }: Story, app: App, changes: Partial<App>): Promise<void> {
  const event = newEvent({ type: 'app.changed', at: server.clock.now() })
  const was = (await server.site.store.apps.findLive(app.uid))!
  const now = { ...was, ...changes }
  assert.equal(await server.site.store.apps.change(now, event, was, asksAgain(was, now)), true)
}

export const hasCode = (response: Response) => /[?&]code=/.test(response.headers.get('location') ?? '')
