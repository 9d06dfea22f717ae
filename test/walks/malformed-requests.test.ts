import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath, basic } from '../parts/app-calls.ts'
import { routes } from '../parts/routes.ts'
import { connect, installs, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

/** TEST_SEED=… repeats a run, TEST_REQUESTS=… makes it longer. */
const SEED = Number(process.env.TEST_SEED ?? 20_261_123)
const REQUESTS = {
  sqlite: Number(process.env.TEST_REQUESTS ?? 5000),
  postgres: Number(process.env.TEST_REQUESTS ?? 1500),
}

/** Random numbers from 0 to 1 that a seed reproduces (mulberry32). */
function openDice(seed: number) {
  let state = seed
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)]!
  const some = <T>(list: readonly T[], most: number): T[] =>
    Array.from({ length: Math.floor(roll() * (most + 1)) }, () => pick(list))
  return { roll, pick, some }
}

const NAMES = [
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce', 'prompt', 'max_age'],
  ...['code_challenge', 'code_challenge_method', 'login_hint', 'ui_locales', 'lang', 'business_uid', 'id_token_hint'],
  ...['request', 'request_uri', 'claims', 'resource', 'logout', 'email', 'grant_type', 'code', 'client_secret'],
  ...['code_verifier', 'access_token', 'ticket', 'decision', 'csrf', 'business', 'password', 'switch', 'v', 'page'],
  ...['per_page', 'name', 'trusted', 'oauth_redirect_uris', 'scopes', 'app_code_name', 'access_token_format'],
  ...[
    'client_auth_jwks_uri',
    'openid',
    'public',
    'directory_uid',
    '__proto__',
    'constructor',
    'a[]',
    'a[b]',
    '',
    '\uFEFF',
  ],
]
const NASTY = [
  ...['', ' ', '\0', '\n', '\r\nX: y', '%', '%00', '%ff', '%ed%a0%80', '%zz', '\u202E', '\uFEFF', '🦄', 'ü', '\u0000x'],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '-1', '0', '1e999', '99999999999999999999'],
  ...[
    "' or 1=1 --",
    '"; drop table apps; --',
    '<script>',
    '"><svg onload=x>',
    '../../etc/passwd',
    '\\',
    '//evil.example',
  ],
  ...[
    'https://',
    'javascript:alert(1)',
    'http://[',
    'data:,',
    'a:b',
    '[]',
    '{}',
    '{"a":1}',
    '[[[[',
    '(((((',
    '*',
    '?',
    '#',
  ],
  ...[
    'none',
    'login',
    'consent',
    'S256',
    'plain',
    'code',
    'token',
    'authorization_code',
    'allow',
    'deny',
    'true',
    'openid',
  ],
  ...['x'.repeat(300), 'x'.repeat(9000), 'a '.repeat(500), ','.repeat(2000), 'f'.repeat(64), 'e'.repeat(43)],
]
const TYPES = [
  ...['application/x-www-form-urlencoded', 'application/json', 'application/json; charset=utf-8', 'text/plain', ''],
  ...['multipart/form-data; boundary=x', 'application/json; charset=utf-16', ';;;', 'a', 'application/json, text/html'],
]
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'PROPFIND']
const PATHS = [
  '/',
  '//',
  '/%',
  '/%00',
  '/%ff',
  '/nothing',
  '/oauth',
  '/oauth/',
  '/oauth/token/',
  '/oauth/%74oken',
  '/.well-known',
]

/** Valid values of every kind, so that requests get beyond the first check. */
async function truths(story: Story): Promise<string[]> {
  const { world } = story
  const app = await world.makeApp({ scopes: ['openid', 'clients_read'] })
  const publicApp = await world.makeApp({ public: true, redirectUri: 'http://127.0.0.1/cb' })
  const { token } = await installs(story, app)
  const { code, visitor } = await connect(story, app)
  const waiting = await visitor.open(authorizationPath(app, { prompt: 'consent' }))
  const fields = waiting.forms.flatMap((form) => Object.values(form.fields))
  const tokens = [await world.makePlatformToken('directory'), await world.makePlatformToken('internal')]
  const names = [app.clientId, app.secret, app.redirectUri, app.codeName, app.uid, publicApp.clientId, story.bakery.uid]
  return [...names, token, code, ...fields, ...tokens, ...visitor.cookies.values(), 'dana@example.com', PASSWORD]
}

onBothEngines((engine) => {
  test(`${REQUESTS[engine]} malformed requests get a client error, never a server error`, async () => {
    const story = await tellStory({ engine, env: { BEHALF_ADDRESS_REQUESTS: '1000000' } })
    const { test: server } = story
    const known = await truths(story)
    const { roll, pick, some } = openDice(SEED)
    const value = () => (roll() < 0.5 ? pick(known) : pick(NASTY))
    const encode = (text: string) => (roll() < 0.8 ? encodeURIComponent(text) : text)
    const pairs = () => some(NAMES, 8).map((name) => `${encode(name)}=${encode(value())}`)
    const whole = () => [...pairs(), ...(roll() < 0.5 ? pairs() : [])].join('&')
    const member = () =>
      roll() < 0.7 ? value() : pick([1, null, true, [], {}, [value()], { a: { b: value() } }, 1e308])
    const json = () => JSON.stringify(Object.fromEntries(some(NAMES, 10).map((name) => [name, member()])))
    const body = () => {
      const text = roll() < 0.5 ? whole() : json()
      return roll() < 0.8 ? text : text.slice(0, Math.floor(roll() * text.length)) + pick(NASTY)
    }
    const credentials = () =>
      pick([`Bearer ${value()}`, `Basic ${value()}`, basic(encodeURIComponent(value()), value()), value()])
    const headers = () => ({
      ...(roll() < 0.8 ? { 'content-type': pick(TYPES.slice(0, roll() < 0.7 ? 2 : undefined)) } : {}),
      ...(roll() < 0.4 ? { authorization: credentials() } : {}),
      ...(roll() < 0.5 ? { cookie: `behalf-browser=${value()}; behalf-session=${value()}; ${value()}` } : {}),
      ...(roll() < 0.5 ? { 'sec-fetch-site': pick(['same-origin', 'cross-site', value()]) } : {}),
      ...(roll() < 0.2 ? { origin: value(), host: value() } : {}),
      ...(roll() < 0.2 ? { 'accept-language': value(), 'x-forwarded-for': value() } : {}),
      ...(roll() < 0.1 ? { 'content-encoding': value(), 'content-length': value() } : {}),
    })

    let answered = 0
    const seen = new Map<number, number>()
    while (answered < REQUESTS[engine]) {
      const route = pick(routes)
      const path = (roll() < 0.9 ? route.path : pick(PATHS)).replaceAll(/:\w+(\{[^}]*\})?/g, () => encode(value()))
      const method = roll() < 0.8 ? route.method : pick(METHODS)
      const hasBody = method !== 'GET' && method !== 'HEAD'
      const url = `${path.startsWith('/') ? path : `/${path}`}${roll() < 0.6 ? `?${whole()}` : ''}`
      let request: { method: string; headers: Headers; body?: string }
      try {
        request = { method, headers: new Headers(headers()), ...(hasBody ? { body: body() } : {}) }
        new URL(url, server.origin)
      } catch {
        continue // No client could send this request.
      }
      const response = await server.fetch(url, request)
      await response.arrayBuffer()
      answered++
      seen.set(response.status, (seen.get(response.status) ?? 0) + 1)
      assert.ok(response.status < 500, `${response.status} (seed ${SEED}): ${method} ${url} ${JSON.stringify(request)}`)
    }
    for (const status of [200, 303, 400, 401, 404, 405, 415])
      assert.ok(seen.has(status), `${status} was among ${[...seen]}`)
    assert.deepEqual(
      server.logged.filter((line) => /"level":"(warn|error)"/.test(line) && !line.includes('used code')),
      [],
    )
    const app = await story.world.makeApp()
    assert.ok(
      (await installs(story, app, 'omar@example.com').catch(() => installs(story, app))).token,
      'the server still works',
    )
  })
})
