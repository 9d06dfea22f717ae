import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { processorTime } from '../parts/processor-time.ts'
import { tellStory } from '../parts/stories.ts'
import type { Form } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const { test: server, world } = await tellStory()
const app = await world.makeApp()

/** Texts that make a careless regular expression backtrack. */
const texts = [
  ',',
  ' ',
  'a',
  'a ',
  'a,',
  'a.',
  'a-',
  '-',
  '"',
  '\\"',
  '(',
  '[',
  '{"a":',
  '%20',
  '%',
  ';',
  '; charset',
  'charset=',
  '=',
  '; =',
  'bearer ',
  'Bearer,',
  'Basic ',
  '/',
  '//',
  '../',
  '@',
  ':',
  '::',
  '.',
  'en-',
  'en;q=',
  '0',
  '1.',
  '_',
]
const repeated = (text: string, length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length)

/** Linear work on a text this short takes one or two milliseconds of processor time; quadratic work takes more. */
async function checkQuick(what: string, ask: () => Promise<Response>): Promise<void> {
  let best = Number.POSITIVE_INFINITY
  // Garbage collection may run during one attempt. Three slow attempts in a row are caused by the code.
  for (let tries = 0; tries < 3 && best > 60; tries++) {
    const { answer: response, cost } = await processorTime(async () => {
      const answer = await ask()
      await answer.arrayBuffer()
      return answer
    })
    best = Math.min(best, cost)
    assert.ok(response.status < 500, what)
  }
  assert.ok(best <= 60, `${what} took ${Math.round(best)} ms`)
}

test('every header is read in linear time', async () => {
  const names = ['content-type', 'accept-language', 'cookie', 'x-forwarded-for', 'origin', 'sec-fetch-site', 'host']
  for (const name of names) {
    for (const text of texts) {
      const headers = { [name]: `a${repeated(text, 15_000)}\u00A0` }
      await checkQuick(`${name}: ${text}`, () => server.fetch('/login', { headers }))
      if (name === 'content-type') {
        const body = new Uint8Array([97])
        await checkQuick(`${name}: ${text}`, () => server.fetch('/oauth/token', { method: 'POST', headers, body }))
      }
    }
  }
})

test('all credentials are read in linear time', async () => {
  for (const path of ['/oauth/userinfo', '/oauth/token', '/platform/v1/apps']) {
    for (const text of texts) {
      for (const start of ['Bearer ', 'Basic ', '']) {
        const headers = { authorization: `${start}${repeated(text, 15_000)}` }
        const method = path.endsWith('token') ? 'POST' : 'GET'
        await checkQuick(`${path} ${start}${text}`, () => server.fetch(path, { method, headers }))
      }
    }
  }
})

test('every parameter is read in linear time', async () => {
  const atAuthorize = [
    'client_id',
    'redirect_uri',
    'scope',
    'prompt',
    'ui_locales',
    'state',
    'code_challenge',
    'max_age',
  ]
  const more = ['id_token_hint', 'claims', 'login_hint', 'response_type', 'code_challenge_method']
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const text of texts) {
    for (const name of [...atAuthorize, ...more]) {
      const given = {
        client_id: app.clientId,
        redirect_uri: app.redirectUri,
        [name]: `${repeated(text, 15_000)}\u00A0`,
      }
      const body = new URLSearchParams(given).toString()
      await checkQuick(`${name}: ${text}`, () => server.fetch('/oauth/authorize', { method: 'POST', headers, body }))
    }
    const raw = repeated(text, 60_000)
    await checkQuick(`body: ${text}`, () => server.fetch('/oauth/token', { method: 'POST', headers, body: raw }))
    const json = { 'content-type': 'application/json' }
    for (const body of [raw, JSON.stringify({ code: raw.slice(0, 30_000) })])
      await checkQuick(`JSON: ${text}`, () => server.fetch('/oauth/token', { method: 'POST', headers: json, body }))
  }
})

test('every form field is read in linear time', async () => {
  const visitor = world.visitor()
  await visitor.open(authorizationPath(app))
  const form = visitor.place.forms.find((each: Form) => 'password' in each.fields)!
  for (const text of texts) {
    const email = `${repeated(text, 15_000)}@\u00A0`
    await checkQuick(`email: ${text}`, async () => {
      const body = new URLSearchParams({ ...form.fields, email, password: repeated(text, 900) })
      const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
      return server.fetch('/login', { method: 'POST', headers: { cookie, 'sec-fetch-site': 'same-origin' }, body })
    })
  }
})

test('the head of every answer to an authorization request stays below 4 kB; a long state goes back by a page', async () => {
  const { world: around, test: site } = await tellStory()
  await around.makePerson('lea@example.com', 'Lea Roth', [await around.makeBusiness('Shop')])
  const trusted = await around.makeApp({ trusted: true })
  const visitor = around.visitor()
  await visitor.open('/login')
  await visitor.signIn('lea@example.com', PASSWORD)
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
  const answers: [string, Record<string, string>][] = [
    ['code', {}],
    ['error', { scope: 'unknown' }],
  ]
  for (const state of ['short', 'x'.repeat(3800), '€'.repeat(2000), 'x'.repeat(8192), '"<&'.repeat(1000)]) {
    for (const [name, parameters] of answers) {
      const response = await site.fetch(authorizationPath(trusted, { state, ...parameters }), { headers: { cookie } })
      const head = [...response.headers].map((pair) => pair.join(': ')).join('\r\n')
      assert.ok(head.length < 4000, `${name}: ${head.length} bytes`)
      if (state === 'short') {
        assert.equal(response.status, 303)
        continue
      }
      assert.equal(response.status, 200)
      const [, link = ''] = /id="open-app" href="([^"]+)"/.exec(await response.text()) ?? []
      const url = new URL(link.replaceAll('&amp;', '&'))
      assert.equal(url.searchParams.get('state'), state)
      assert.ok(url.searchParams.get(name))
    }
  }
})
