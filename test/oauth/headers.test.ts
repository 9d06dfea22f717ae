import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath, exchange, read, toForm } from '../parts/app-calls.ts'
import { routes } from '../parts/routes.ts'
import { installs, onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

const EVIL = 'https://evil.example'
/** Responses that are equal for everyone, and that caches may store. */
const SHARED = ['/oauth/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']
/** Routes that pages of other origins may call. */
const OPEN = [
  '/oauth/token',
  '/oauth/par',
  '/oauth/revoke',
  '/oauth/userinfo',
  '/oauth/register',
  '/oauth/register/:client_id',
  '/.well-known/webfinger',
  ...SHARED,
]

const pathOf = (path: string) => path.replaceAll(/:(\w+)(\{[^}]*\})?/g, 'x')

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp()

  /** One response of every route, mostly refusals, as a page of another site would get it. */
  async function sweep(headers: Record<string, string> = {}): Promise<[string, string, Response][]> {
    const answers: [string, string, Response][] = []
    for (const { method, path } of routes) {
      const sent = { ...(method === 'POST' || method === 'PUT' ? { body: 'a=b' } : {}), method }
      const all = { origin: EVIL, 'content-type': 'application/x-www-form-urlencoded', ...headers }
      answers.push([method, path, await server.fetch(pathOf(path), { ...sent, headers: all })])
    }
    answers.push(['GET', '/nothing', await server.fetch('/nothing', { headers: { origin: EVIL } })])
    answers.push(['PATCH', '/oauth/token', await server.fetch('/oauth/token', { method: 'PATCH' })])
    return answers
  }

  test('every response sends nosniff and no-referrer, and no-store unless it is public', async () => {
    for (const [method, path, response] of await sweep()) {
      const about = `${method} ${path}`
      assert.ok(response.status < 500, about)
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff', about)
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer', about)
      assert.equal(response.headers.get('x-powered-by'), null, about)
      assert.equal(response.headers.get('server'), null, about)
      if (method === 'OPTIONS') continue
      const cached = response.headers.get('cache-control') ?? ''
      if (SHARED.includes(path)) {
        assert.equal(cached, 'public, max-age=300', about)
        assert.equal(response.headers.get('pragma'), null, about)
      } else if (response.ok && path.startsWith('/assets/'))
        assert.match(cached, /^(no-store|public, max-age=\d+, immutable)$/)
      else assert.equal(cached, 'no-store', about)
    }
  })

  test('responses with a code, a token or personal data are never stored (RFC 6749 §5.1, RFC 6819 §5.3)', async () => {
    const visitor = world.visitor()
    const noStore = (headers: Headers, about: string) => assert.equal(headers.get('cache-control'), 'no-store', about)
    const login = await visitor.open(authorizationPath(app))
    noStore(login.headers, 'sign-in page')
    const dialog = await visitor.signIn('dana@example.com', PASSWORD)
    noStore(dialog.headers, 'permission dialog')
    await visitor.allow()
    noStore(visitor.place.headers, 'redirect with the code')
    const response = await exchange(server, app, visitor.answer().code!)
    noStore(response.headers, 'token')
    assert.equal(response.headers.get('pragma'), 'no-cache')
    const { access_token: token } = await read(response)
    const info = await server.fetch('/oauth/userinfo', { headers: { authorization: `Bearer ${token}` } })
    noStore(info.headers, 'userinfo')
    assert.equal(info.headers.get('content-type'), 'application/json')
    for (const method of ['GET', 'POST']) {
      const redirect = await server.fetch(authorizationPath(app, { prompt: 'none' }), { method })
      assert.equal(redirect.status, 303)
      noStore(redirect.headers, `${method} redirect`)
    }
  })

  test('pages cannot be framed, run no foreign script and load nothing from elsewhere (RFC 9700 §4.16)', async () => {
    const visitor = world.visitor()
    const app = await world.makeApp()
    const places = [await visitor.open(authorizationPath(app)), await visitor.signIn('dana@example.com', PASSWORD)]
    places.push(await visitor.open(authorizationPath({ ...app, clientId: 'x' })), await visitor.open('/nothing'))
    for (const { headers, html, url } of places) {
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /default-src 'none'/, url)
      assert.match(policy, /frame-ancestors 'none'/, url)
      assert.match(policy, /base-uri 'none'/, url)
      assert.ok(!/unsafe|https?:|\*/.test(policy), policy)
      assert.equal(headers.get('x-frame-options'), 'DENY', url)
      for (const [, address] of html.matchAll(/(?:src|href|action)="([^"]*)"/g))
        assert.match(address!, /^(\/(?!\/)|data:,|#)/, `${address} is ours`)
      assert.ok(!/<script(?![^>]*src)|\son\w+=|style="/.test(html), 'the page contains nothing that the policy forbids')
    }
  })

  test('pages of other origins may call only the open routes, and no response repeats an origin (Fetch §3.2)', async () => {
    for (const [method, path, response] of await sweep()) {
      const about = `${method} ${path}`
      const allowed = response.headers.get('access-control-allow-origin')
      assert.equal(allowed, OPEN.includes(path) ? '*' : null, about)
      assert.equal(response.headers.get('access-control-allow-credentials'), null, about)
      assert.ok(![...response.headers.values()].some((value) => value.includes('evil.example')), about)
    }
    const preflight = {
      origin: EVIL,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-evil',
    }
    for (const path of new Set(routes.map((route) => route.path))) {
      const response = await server.fetch(pathOf(path), { method: 'OPTIONS', headers: preflight })
      const isOpen = OPEN.includes(path)
      assert.ok(isOpen ? response.status === 204 : [404, 405].includes(response.status), path)
      assert.equal(response.headers.get('access-control-allow-origin'), isOpen ? '*' : null, path)
      if (isOpen) {
        assert.match(response.headers.get('access-control-allow-methods')!, /^(GET|POST)(, \w+)*$/)
        // `*` does not include Authorization (Fetch §4.8).
        assert.equal(response.headers.get('access-control-allow-headers'), 'Authorization, Content-Type, *')
      }
    }
  })

  test('a page of another origin can exchange a code and call userinfo, errors included', async () => {
    const { token, code } = await installs(story, app)
    const info = await server.fetch('/oauth/userinfo', { headers: { origin: EVIL, authorization: `Bearer ${token}` } })
    assert.equal(info.headers.get('access-control-allow-origin'), '*')
    const body = toForm({ grant_type: 'authorization_code', code, client_id: app.clientId, client_secret: app.secret })
    const headers = { origin: EVIL, 'content-type': 'application/x-www-form-urlencoded' }
    const refused = await server.fetch('/oauth/token', { method: 'POST', headers, body })
    assert.equal(refused.status, 400)
    assert.equal(refused.headers.get('access-control-allow-origin'), '*')
    const challenged = await server.fetch('/oauth/userinfo', { headers: { origin: EVIL } })
    assert.equal(challenged.headers.get('access-control-expose-headers'), 'WWW-Authenticate, Retry-After')
  })

  test('a page of another origin can push its request, also where every app must (RFC 9126 §2.1)', async () => {
    const { test: server, world } = await tellStory({ engine, env: { BEHALF_REQUIRE_PAR: 'on' } })
    const page = await world.makeApp({ public: true, redirectUri: 'https://page.example/' })
    const headers = { origin: 'https://page.example', 'content-type': 'application/x-www-form-urlencoded' }
    const given = {
      client_id: page.clientId,
      redirect_uri: page.redirectUri,
      response_type: 'code',
      code_challenge: 'KOAR_HxLzoD3ZvX8VIewqjYG7cN8AF8yYQtfvw2CpMY',
      code_challenge_method: 'S256',
    }
    const pushed = await server.fetch('/oauth/par', { method: 'POST', headers, body: toForm(given) })
    assert.equal(pushed.headers.get('access-control-allow-origin'), '*')
    const { request_uri: name } = await read(pushed)
    const query = new URLSearchParams({ client_id: page.clientId, request_uri: name })
    assert.match((await world.visitor().open(`/oauth/authorize?${query}`)).url, /\/login\?ticket=/)
    const refused = await server.fetch('/oauth/par', { method: 'POST', headers, body: 'client_id=unknown' })
    assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [401, '*'])
  })

  test('cookies are HttpOnly, SameSite and host-only, and have the __Host- prefix under https (RFC 6265bis §4.1)', async () => {
    for (const [issuer, prefix] of [
      ['http://localhost:7200', ''],
      ['https://auth.example.com', '__Host-'],
    ] as const) {
      const { test: server, world } = await tellStory({
        engine,
        env: { BEHALF_ISSUER: issuer, BEHALF_ENV: 'development' },
      })
      const app = await world.makeApp()
      const lines: string[] = []
      const { fetch } = server
      server.fetch = async (path, init) => {
        const response = await fetch(path, init)
        lines.push(...response.headers.getSetCookie())
        return response
      }
      const visitor = world.visitor()
      await visitor.open(authorizationPath(app))
      await visitor.signIn('dana@example.com', PASSWORD)
      assert.deepEqual([...visitor.cookies.keys()].sort(), [`${prefix}behalf-browser`, `${prefix}behalf-session`])
      for (const line of lines) {
        assert.match(line, /^(__Host-)?behalf-\w+=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax/)
        assert.equal(/; Secure(;|$)/.test(line), prefix !== '', line)
        assert.ok(!/domain/i.test(line), line)
      }
    }
  })

  test('an error reveals nothing internal, in JSON for programs and on a page for people', async () => {
    const inside = /node_modules|\.ts\b|\bat \w+ \(|select |insert |sqlite|postgres|stack|\/src\//i
    for (const [method, path, response] of await sweep({ accept: 'text/html' })) {
      const type = response.headers.get('content-type') ?? ''
      if (response.status >= 400) {
        const isPage =
          !/^\/(oauth\/(token|par|introspect|revoke|register|service|userinfo|jwks)|platform|health|\.well-known)/.test(
            path,
          )
        assert.match(type, isPage ? /^text\/html/ : /^application\/json/, `${method} ${path}`)
        assert.ok(!inside.test(await response.text()), `${method} ${path}`)
      }
    }
  })
})
