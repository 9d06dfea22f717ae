import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { authorizationPath, basic, exchangeForm, toForm } from '../parts/app-calls.ts'
import { askDatabase } from '../parts/ask-database.ts'
import { behalf } from '../parts/command-line.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { makeFolder, SECRET } from '../parts/server-process.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'

/** A password, a short code of a device, and a token: each is sent in every place where it does not belong. */
const SECRETS = ['hunter2-Blue', 'opensesame', 'correct horse battery', '493027', `k${'7Qx_'.repeat(12)}`]
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.${'aB3_'.repeat(10)}`
const PARAMETERS = [
  ...['resource', 'audience', 'scope', 'grant_type', 'client_id', 'client_secret', 'code', 'state', 'nonce', 'prompt'],
  ...['response_type', 'response_mode', 'display', 'max_age', 'acr_values', 'ui_locales', 'business_uid', 'claims'],
  ...['login_hint', 'id_token_hint', 'request', 'request_uri', 'registration', 'token', 'token_type_hint', 'lang'],
  ...['code_challenge', 'code_challenge_method', 'code_verifier', 'client_assertion', 'client_assertion_type'],
  ...['subject_token_type', 'requested_token_type', 'post_logout_redirect_uri', 'logout_request', 'refresh_token'],
]
const MEMBERS = [
  'redirect_uris',
  'scope',
  'grant_types',
  'client_name',
  'jwks_uri',
  'logo_uri',
  'client_uri',
  'contacts',
]
const SETTINGS = ['name', 'app_code_name', 'redirect_uri', 'scopes', 'directory_uid', 'access_token_format', 'public']
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

onBothEngines((engine) => {
  test('no line of the log, stored refusal or event of the audit quotes a secret that was sent in a wrong place', async (t) => {
    // The limits of kept refusals count by the time since the start of the process.
    let aheadMs = 0
    const now = performance.now.bind(performance)
    t.mock.method(performance, 'now', () => now() + aheadMs)
    const databaseUrl = engine === 'sqlite' ? `sqlite:${join(makeFolder(), 'behalf.db')}` : await freshDatabase()
    const limits = { BEHALF_REGISTRATION: 'open' }
    const story = await tellStory({ databaseUrl, env: { BEHALF_SECRET: SECRET, ...limits } })
    const { test: server, world } = story
    const app = await world.makeApp()
    const internal = await world.makePlatformToken('internal')
    const own = { client_id: app.clientId, client_secret: app.secret }
    const asJson = (path: string, body: unknown, authorization = `Bearer ${internal}`) =>
      server.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    const post = (path: string, form: Record<string, string>) =>
      server.fetch(path, { method: 'POST', headers: FORM, body: toForm(form) })
    const keep = async () => {
      for (let time = 0; time < 12; time++) await server.site.refusals.flush()
      aheadMs += 61_000
    }

    for (const secret of [...SECRETS, JWT]) {
      const encoded = encodeURIComponent(secret)
      for (const name of PARAMETERS) {
        const sent = { [name]: secret }
        await server.fetch(authorizationPath(app, sent))
        const grant = { grant_type: 'authorization_code', code: 'x', redirect_uri: app.redirectUri }
        await post('/oauth/token', { ...own, ...grant, ...sent })
        await post('/oauth/par', { ...own, response_type: 'code', redirect_uri: app.redirectUri, ...sent })
        for (const path of ['/oauth/revoke', '/oauth/introspect']) await post(path, { ...own, token: 'x', ...sent })
        for (const path of ['/oauth/logout', '/oauth/token']) await server.fetch(`${path}?${toForm(sent)}`)
        await keep()
      }
      const urls = [
        secret,
        ...[
          `https://app.example/${encoded}`,
          `https://app.example/cb?key=${encoded}`,
          `com.example.app:/cb#${encoded}`,
        ],
        ...[
          `https://${encoded}:x@app.example/cb`,
          `https://me:${encoded}@app.example/`,
          `http://app.example/?${encoded}`,
        ],
      ]
      for (const url of urls) {
        await server.fetch(authorizationPath(app, { redirect_uri: url }))
        await server.fetch(authorizationPath(app, { resource: url }))
        await server.fetch(authorizationPath(app, { redirect_uri: url, client_id: url }))
        await asJson('/oauth/register', { redirect_uris: [url] }, '')
        await asJson('/platform/v1/apps', { name: 'Tidy', redirect_uri: url, directory_uid: secret })
      }
      await keep()
      for (const name of MEMBERS)
        for (const value of [secret, [secret]])
          await asJson('/oauth/register', { redirect_uris: ['https://app.example/cb'], [name]: value }, '')
      for (const name of SETTINGS)
        for (const value of [secret, [secret], { [secret]: secret }])
          await asJson('/platform/v1/apps', { [name]: value })
      await keep()
      for (const body of [secret, `"${secret}"`, `{"password":${secret}}`, `{"${secret}":1,"${secret}":2}`]) {
        for (const path of ['/oauth/token', '/oauth/register', '/platform/v1/apps']) await asJson(path, body)
      }
      await post('/oauth/token', { ...own, [secret]: 'x' })
      await exchangeForm(server, toForm({ code: 'x' }), { authorization: `Basic ${encoded}` })
      await exchangeForm(server, toForm({ code: 'x' }), { authorization: basic(secret, secret) })
      await exchangeForm(server, toForm({ code: 'x' }), { 'content-type': encoded, cookie: encoded, origin: encoded })
      await keep()
      const places = ['', 'oauth/', 'login/', 'platform/v1/apps/', 'oauth/register/', 'assets/logo/app/']
      for (const place of places) await server.fetch(`/${place}${encoded}?${encoded}`)
      const visitor = world.visitor()
      await visitor.open(authorizationPath(app))
      await visitor.signIn(secret, 'x')
      await keep()
    }

    const log = server.logged.join('')
    const kept = await askDatabase(databaseUrl, 'select * from refusals')
    assert.ok(log.length > 10_000 && kept.length > 500, `${kept.length} refusals are kept`)
    const references = kept
      .filter((_, index) => index % Math.ceil(kept.length / 3) === 0)
      .map(({ reference }) => reference)
    const shown = await Promise.all(references.map((reference) => behalf(databaseUrl, 'why', String(reference))))
    // A name that an app was registered with is public.
    const audit = await askDatabase(databaseUrl, "select * from events where type <> 'app.created'")
    const told = {
      'the log': log,
      'the refusals': JSON.stringify(kept),
      'the audit': JSON.stringify(audit),
      'behalf why': JSON.stringify(shown),
    }
    for (const [where, text] of Object.entries(told)) {
      for (const secret of [...SECRETS, ...JWT.split('.')]) {
        for (const each of new Set([secret, encodeURIComponent(secret)])) {
          const at = text.indexOf(each)
          assert.equal(at, -1, `${each} is in ${where}: ${text.slice(Math.max(0, at - 400), at + 200)}`)
        }
      }
    }
  })

  test('the log says which check refused a request, and behalf why has the message', async () => {
    const { test: server, world } = await tellStory({ engine })
    const app = await world.makeApp()
    await server.fetch(authorizationPath(app, { scope: 'clients_raed' }))
    await server.fetch(authorizationPath(app, { redirect_uri: 'https://app.example/other' }))
    const lines = server.logged.map((line) => JSON.parse(line)).filter(({ check }) => check)
    const [scope, uri] = lines
    assert.deepEqual(
      [scope.error, scope.check, scope.parameter, scope.app],
      ['invalid_scope', 'scope.unknown', 'scope', app.uid],
    )
    assert.deepEqual([uri.check, uri.parameter, uri.status], ['redirect-uri.unregistered', 'redirect_uri', 400])
    await server.site.refusals.flush()
    const kept = await server.site.store.refusals.find(scope.reference)
    assert.match(kept!.message, /^The scope clients_raed does not exist/)
  })
})
