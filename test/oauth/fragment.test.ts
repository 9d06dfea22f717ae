import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSentBack } from '../parts/answers.ts'
import { authorizationPath, exchange, read, toForm } from '../parts/app-calls.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

const VERIFIER = 'a-verifier.of_43~characters-0123456789abcde'
const FRAGMENT = {
  response_type: 'code',
  response_mode: 'fragment',
  state: 'a state',
  code_challenge: 'KOAR_HxLzoD3ZvX8VIewqjYG7cN8AF8yYQtfvw2CpMY',
  code_challenge_method: 'S256',
}

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const page = await world.makeApp({ public: true, redirectUri: 'https://page.example/?kept=1' })

  /** Returns what the fragment of a redirect contains. */
  const fragmentOf = (sent: string | null) => {
    const location = sent ?? ''
    assert.ok(location.startsWith('https://page.example/?kept=1#'), location)
    return Object.fromEntries(new URLSearchParams(location.slice(location.indexOf('#') + 1)))
  }

  test('response_mode=fragment returns code, state and iss in the fragment (OAuth 2.0 Multiple Response Types §2.1)', async () => {
    const visitor = world.visitor()
    await visitor.open(authorizationPath(page, FRAGMENT))
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    const answer = fragmentOf(visitor.place.headers.get('location'))
    assert.deepEqual(
      [Object.keys(answer), answer.state, answer.iss],
      [['code', 'state', 'iss'], 'a state', server.origin],
    )
    const given = { client_secret: undefined, code_verifier: VERIFIER }
    assert.ok((await read(exchange(server, page, answer.code!, given))).access_token)
  })

  test('errors use the fragment too, at the first step and when the person denies, also if the request was pushed', async () => {
    const asked = await server.fetch(authorizationPath(page, { ...FRAGMENT, prompt: 'none' }))
    assert.equal(asked.status, 303)
    assert.equal(fragmentOf(asked.headers.get('location')).error, 'login_required')
    const unknown = await server.fetch(authorizationPath(page, { ...FRAGMENT, scope: 'unheard-of' }))
    assert.equal(fragmentOf(unknown.headers.get('location')).error, 'invalid_scope')
    const pushed = await server.fetch('/oauth/par', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: toForm({ client_id: page.clientId, redirect_uri: page.redirectUri, prompt: 'consent', ...FRAGMENT }),
    })
    const { request_uri: name } = await read(pushed)
    const visitor = world.visitor()
    await visitor.open(`/oauth/authorize?${new URLSearchParams({ client_id: page.clientId, request_uri: name })}`)
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.deny()
    const denied = fragmentOf(visitor.place.headers.get('location'))
    assert.deepEqual([denied.error, denied.state], ['access_denied', 'a state'])
  })

  test('an app with a secret gets no code in a fragment, because its server cannot read it (RFC 9700 §4.1)', async () => {
    for (const trusted of [true, false]) {
      const app = await world.makeApp({ trusted })
      const answer = isSentBack(await server.fetch(authorizationPath(app, FRAGMENT)), app.redirectUri)
      assert.deepEqual([answer.error, answer.state, answer.code], ['invalid_request', 'a state', undefined])
      assert.match(answer.error_description!, /response_mode=fragment/)
    }
  })
})
