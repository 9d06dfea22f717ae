import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWaiting } from '../parts/answers.ts'
import { exchange, read, toForm } from '../parts/app-calls.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'

const STATE = '"><b>& שלום'

/** What a browser sends when a page of another site posts a form: no cookie of ours (SameSite=Lax). */
const postFromApp = (
  { test: server }: Story,
  app: TestApp,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
) =>
  server.fetch('/oauth/authorize', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: toForm({ client_id: app.clientId, redirect_uri: app.redirectUri, state: STATE, ...parameters }),
  })

/** Returns the URL the browser is sent to. The response sets no cookie, which would replace the one the browser held back. */
function redirectedUrl(response: Response): string {
  const location = response.headers.get('location')!
  assert.equal(response.status, 303)
  assert.match(location, /^\/oauth\/authorize\?client_id=[^&]+&posted=[^&]+$/)
  assert.deepEqual(response.headers.getSetCookie(), [])
  return location
}

onBothEngines((engine) => {
  test('a person stays signed in when an app on another site posts the authorization request (OpenID Connect Core §3.1.2.1)', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    const origins = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
      { origin: 'https://app.example' },
      { origin: 'null' },
    ]
    for (const headers of origins as Record<string, string>[]) {
      for (const parameters of [{}, { prompt: 'none' }] as Record<string, string>[]) {
        await visitor.open(redirectedUrl(await postFromApp(story, app, parameters, headers)))
        const { code, state } = visitor.answer()
        assert.equal(state, STATE)
        assert.equal((await exchange(story.test, app, code!)).status, 200)
      }
    }
  })

  test('id_token_hint and request_uri are kept when the request is posted', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    const { visitor, code } = await connect(story, app, 'omar@example.com', { business_uid: story.garage.uid })
    const { id_token: hint } = await read(exchange(story.test, app, code))
    await visitor.open(redirectedUrl(await postFromApp(story, app, { id_token_hint: hint, prompt: 'none' })))
    assert.ok(visitor.answer().code, 'the hint selected one of two businesses')
    const pushed = await read(
      story.test.fetch('/oauth/par', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: toForm({ client_id: app.clientId, client_secret: app.secret, id_token_hint: hint }),
      }),
    )
    const again = redirectedUrl(await postFromApp(story, app, { request_uri: pushed.request_uri }))
    await visitor.open(again)
    assert.ok(visitor.answer().code)
    assert.equal((await visitor.open(again)).status, 400, 'and is spent by its answer')
  })
})

test('a posted request without a session continues with the sign-in', async () => {
  const story = await tellStory()
  const app = await story.world.makeApp({ trusted: true })
  const visitor = story.world.visitor()
  await visitor.open(redirectedUrl(await postFromApp(story, app, { prompt: 'none' })))
  assert.deepEqual([visitor.answer().error, visitor.answer().state], ['login_required', STATE])
  const place = await visitor.open(redirectedUrl(await postFromApp(story, app)))
  assert.ok(place.url.includes('/login?ticket='))
  await visitor.signIn('dana@example.com', PASSWORD)
  assert.equal(visitor.answer().state, STATE)
})

test('a request posted by our own site or by a program continues immediately', async () => {
  const story = await tellStory()
  const app = await story.world.makeApp({ trusted: true })
  const ours: Record<string, string>[] = [{}, { 'sec-fetch-site': 'same-site' }, { origin: story.test.origin }]
  for (const headers of ours) isWaiting(await postFromApp(story, app, {}, headers))
})
