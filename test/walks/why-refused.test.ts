import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { behalf as run } from '../cli/behalf.ts'
import { isErrorPage, isOAuthError, isSentBack } from '../parts/answers.ts'
import { authorizationPath, basic, exchange, exchangeForm, read, toForm, userinfo } from '../parts/app-calls.ts'
import { askDatabase } from '../parts/ask-database.ts'
import { behalf } from '../parts/command-line.ts'
import { documentServer } from '../parts/document-server.ts'
import { ticketOf } from '../parts/permission-dialog.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { makeFolder, SECRET } from '../parts/server-process.ts'
import { connect, installs, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import type { Engine } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { partner } from '../platform/partner.ts'

/** A story in a database that the command line can open as well. */
async function tellOutside(engine: Engine): Promise<{ story: Story; databaseUrl: string }> {
  const databaseUrl = engine === 'sqlite' ? `sqlite:${join(makeFolder(), 'behalf.db')}` : await freshDatabase()
  return { story: await tellStory({ databaseUrl, env: { BEHALF_SECRET: SECRET } }), databaseUrl }
}

const onPage = (html: string) => /id="reference"[^>]*>([a-z0-9]{12})</.exec(html)![1]!
const inDescription = ({ error_description: text }: Record<string, string>) =>
  /\(reference ([a-z0-9]{12})\)$/.exec(text!)![1]!

async function why({ test: server }: Story, reference: string) {
  await server.site.refusals.flush()
  const kept = await server.site.store.refusals.find(reference)
  assert.ok(kept, `${reference} is kept`)
  return { ...kept, request: JSON.parse(kept.request) as { in: string; name: string; value: string }[] }
}

test('every error has a fix', async () => {
  const story = await tellStory()
  const app = await story.world.makeApp()
  const acr = { id_token: { acr: { essential: true, value: 'unheard-of' } } }
  const requests: [string, Record<string, string>, RegExp][] = [
    ['unmet_authentication_requirements', { claims: JSON.stringify(acr) }, /acr_values_supported/],
    ['invalid_target', { resource: 'https://unheard-of.example/' }, /registered/],
    ['registration_not_supported', { registration: '{}' }, /Register the app/],
    ['invalid_request', { nonce: 'n'.repeat(1025) }, /shorter nonce/],
  ]
  for (const [error, parameters, fix] of requests) {
    const answer = isSentBack(await story.test.fetch(authorizationPath(app, parameters)), app.redirectUri, error)
    assert.equal(answer.error, error)
    assert.match((await why(story, inDescription(answer))).fix ?? '', fix, error)
  }
})

test('an unreadable client id metadata document gets the fix for documents, on a page and at the token endpoint', async () => {
  const env = { BEHALF_CLIENT_ID_METADATA_DOCUMENTS: 'on', BEHALF_OUTBOUND_PRIVATE: 'on' }
  const story = await tellStory({ env })
  const place = await documentServer('')
  const app = {
    clientId: `http://127.0.0.1:${place.port}/client.json`,
    redirectUri: 'https://app.example/cb',
    secret: '',
  }
  place.answer = (_: unknown, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ client_id: 'https://another.example/', redirect_uris: [app.redirectUri] }))
  }
  const page = onPage(await isErrorPage(await story.test.fetch(authorizationPath(app as TestApp))))
  const form = toForm({ grant_type: 'refresh_token', refresh_token: 'x', client_id: app.clientId })
  const refused = await read(exchangeForm(story.test, form))
  assert.equal(refused.error, 'invalid_client')
  for (const reference of [page, refused.reference]) {
    const kept = await why(story, reference)
    assert.deepEqual([kept.checkName, kept.field], ['client-document.other-id', 'client_id'])
    assert.match(kept.fix!, /^Change the document/)
  }
})

test('a wrong value is stored with the row of its cause and the fix of that row', async () => {
  const story = await tellStory()
  const { call } = partner(story.test, await story.world.makePlatformToken('internal'))
  const app = { name: 'Ledger', redirect_uri: 'https://ledger.example/cb', scopes: ['openid'] }
  const api = { identifier: 'https://api.example', name: 'API' }
  const bodies: [string, Record<string, unknown>, string, RegExp, RegExp][] = [
    [
      'apps',
      { ...app, redirect_uri: 'https://a.example/#x' },
      'redirect-uri.unusable: uri.fragment',
      /has a frag/,
      /#/,
    ],
    ['apps', { ...app, client_auth_jwks_uri: 'http://a.example/' }, 'setting.uri: uri.http', /use https/, /https/],
    ['apps', { ...app, access_token_lifetime: 1 }, 'value.seconds', /from 60 to/, /app-settings/],
    ['apps', { ...app, jwks: { keys: [] } }, 'jwks.empty', /has no key/, /public key/],
    ['apps', { ...app, api_uri: 'x' }, 'listing.link', /must be a link/, /link/],
    ['resources', { ...api, identifier: 'x' }, 'resource.identifier: uri.relative', /not an absolute URI/, /https/],
    ['resources', { ...api, token_typ: 'x' }, 'value.choice', /must be at\+jwt or JWT/, /token_typ/],
  ]
  for (const [path, body, check, message, fix] of bodies) {
    const answer = await call('POST', `/platform/v1/${path}`, body)
    const kept = await why(story, answer.body.reference)
    assert.equal(kept.checkName, check)
    assert.match(answer.body.error, message)
    assert.match(kept.message, message)
    assert.match(kept.fix ?? '', fix, check)
  }
})

onBothEngines((engine) => {
  test('every refusal can be looked up by its reference, with the request and what to do', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp()

    const elsewhere = {
      redirect_uri: 'https://app.example/callback/other',
      state: 'secret-state',
      response_type: 'code',
    }
    const page = await why(story, onPage(await isErrorPage(await server.fetch(authorizationPath(app, elsewhere)))))
    assert.deepEqual(
      [page.method, page.path, page.status, page.code, page.field, page.checkName, page.appUid],
      ['GET', '/app/oauth/authorize', 400, 'invalid_request', 'redirect_uri', 'redirect-uri.unregistered', app.uid],
    )
    assert.match(page.message, /letter for letter/)
    assert.match(page.fix!, /registered/)
    assert.equal(page.at, server.clock.now())
    assert.deepEqual(page.request, [
      { in: 'query', name: 'client_id', value: '… (64 characters)' },
      { in: 'query', name: 'redirect_uri', value: 'https://app.example/callback/…' },
      { in: 'query', name: 'state', value: '… (12 characters)' },
      { in: 'query', name: 'response_type', value: 'code' },
    ])

    const sentBack = isSentBack(await server.fetch(authorizationPath(app, { scope: 'a b' })), app.redirectUri)
    const scope = await why(story, inDescription(sentBack))
    assert.deepEqual(
      [scope.status, scope.code, scope.checkName, scope.appUid],
      [303, 'invalid_scope', 'scope.unknown', app.uid],
    )

    const challenge = createHash('sha256').update('x'.repeat(43)).digest('base64url')
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
    const { code } = await connect(story, app, undefined, pkce)
    const wrong = await read(exchange(server, app, code, { code_verifier: 'y'.repeat(50) }))
    const verifier = await why(story, wrong.reference)
    assert.deepEqual(
      [verifier.code, verifier.checkName, verifier.status],
      ['invalid_grant', 'code-verifier.wrong', 400],
    )
    assert.ok(verifier.request.some(({ name, value }) => name === 'code_verifier' && value === '… (50 characters)'))
    assert.ok(verifier.request.some(({ name, value }) => name === 'grant_type' && value === 'authorization_code'))

    const header = { authorization: basic(app.clientId, 'not-the-secret') }
    const unproved = await read(exchangeForm(server, toForm({ grant_type: 'authorization_code', code }), header))
    const client = await why(story, unproved.reference)
    assert.deepEqual([client.code, client.checkName, client.appUid], ['invalid_client', 'client.other-secret', app.uid])
    assert.ok(client.request.some(({ in: place, value }) => place === 'header' && value.startsWith('Basic … (')))

    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"Ledger"}' }
    const caller = await why(story, (await read(server.fetch('/platform/v1/apps', json))).reference)
    assert.deepEqual([caller.status, caller.code, caller.path], [401, null, '/platform/v1/apps'])

    const login = await world.visitor().open(authorizationPath(app))
    const stranger = await world.visitor().open(`/login?ticket=${ticketOf(login)}`)
    const ticket = await why(story, onPage(stranger.html))
    assert.deepEqual([ticket.status, ticket.checkName, ticket.appUid], [403, 'ticket.other-browser', app.uid])
    const unknown = await world.visitor().open('/login?ticket=x')
    assert.equal((await why(story, onPage(unknown.html))).checkName, 'ticket.unknown')
  })

  test('the operator reads what exactly was wrong, and the app gets one answer for all of it', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const [app, other] = [await world.makeApp(), await world.makeApp()]
    const codeOf = async () => (await connect(story, app)).code
    const answers = new Set<string>()
    let fix: string | null = null
    const refused = async (asking: Promise<Response>): Promise<string> => {
      const { reference, error_description } = await read(asking)
      answers.add(error_description.replace(/\W*reference.*/i, ''))
      const kept = await why(story, reference)
      fix = kept.fix
      return kept.checkName
    }
    assert.equal(await refused(exchange(server, other, await codeOf())), 'code.of-another-app')
    assert.equal(await refused(exchange(server, app, 'not-a-code')), 'code.never-issued')
    const used = await codeOf()
    await exchange(server, app, used)
    assert.equal(await refused(exchange(server, app, used)), 'code.used-again')
    const late = await codeOf()
    server.clock.advance(3600)
    assert.equal(await refused(exchange(server, app, late)), 'code.expired')
    assert.equal(answers.size, 1, [...answers].join('\n'))
    answers.clear()
    assert.equal(await refused(exchange(server, { ...app, clientId: 'no-app' }, late)), 'client.unknown')
    assert.match(fix ?? '', /behalf app list/)
    assert.equal(await refused(exchange(server, { ...app, secret: 'no-secret' }, late)), 'client.other-secret')
    assert.match(fix ?? '', /behalf secret list/)
    assert.equal(answers.size, 1, [...answers].join('\n'))
  })

  test('a body that is nested too deep is kept without its nested values', async () => {
    const story = await tellStory({ engine, env: { BEHALF_REGISTRATION: 'open' } })
    const body = `{"redirect_uris": [], "name": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const headers = { 'content-type': 'application/json' }
    const refused = await read(story.test.fetch('/oauth/register', { method: 'POST', headers, body }))
    const kept = await why(story, refused.reference)
    assert.deepEqual(kept.request.at(-1), { in: 'body', name: 'name', value: '…' })
    assert.deepEqual(
      story.test.logged.filter((line) => line.includes('"level":"warn"')),
      [],
    )
  })

  test('a parameter named like a property of every object does not prevent the answer', async () => {
    const story = await tellStory({ engine })
    const ask = (body: string) => {
      const headers = { 'content-type': 'application/json' }
      return read(story.test.fetch('/oauth/token', { method: 'POST', headers, body }))
    }
    const references = [(await ask('{"client_id": 1}')).reference]
    const names = [
      'constructor',
      'toString',
      'valueOf',
      'hasOwnProperty',
      'isPrototypeOf',
      '__proto__',
      '__defineGetter__',
    ]
    for (const name of names) references.push((await ask(`{"${name}": 1, "client_id": 1}`)).reference)
    await story.test.site.refusals.flush()
    for (const reference of references) {
      const kept = await story.test.site.store.refusals.find(reference)
      assert.equal(kept?.code, 'invalid_request', kept?.checkName)
      assert.match(kept?.fix ?? '', /^Put the value in quotes/, kept?.checkName)
    }
  })

  test('behalf why answers people and programs, and reports an unknown reference', async () => {
    const { story, databaseUrl } = await tellOutside(engine)
    const { test: server, world } = story
    const app = await world.makeApp({ name: 'Ledger' })
    const { reference } = await read(exchange(server, app, 'not-a-code'))
    await server.site.refusals.flush()
    const { json, exit } = await behalf(databaseUrl, 'why', reference)
    assert.equal(exit, 0)
    assert.deepEqual(
      [json.error, json.status, json.app_uid, json.app_name, json.check, json.path],
      ['invalid_grant', 400, app.uid, 'Ledger', 'code.never-issued', '/oauth/token'],
    )
    assert.match(json.fix, /authorization URL/)
    const page = await isErrorPage(await server.fetch(authorizationPath({ ...app, redirectUri: 'https://x.example/' })))
    await server.site.refusals.flush()
    assert.deepEqual((await behalf(databaseUrl, 'why', onPage(page))).json.registered, app.redirectUris)
    const text = async (refused: Response) => {
      const { reference } = await read(refused)
      await server.site.refusals.flush()
      const env = { BEHALF_DATABASE_URL: databaseUrl, BEHALF_SECRET: SECRET }
      return (await run(['why', reference], { cwd: makeFolder(), env })).stdout
    }
    assert.match(await text(await exchange(server, { ...app, clientId: 'no-app' }, 'x')), /^App +unknown$/m)
    assert.doesNotMatch(await text(await server.fetch('/platform/v1/apps')), /^App /m, 'it is about no app')
    const missing = await behalf(databaseUrl, 'why', 'abcdefghijkl')
    assert.equal(missing.exit, 4)
    assert.equal(JSON.parse(missing.complaint).error, 'not_found')
    assert.equal((await behalf(databaseUrl, 'why')).exit, 2)
  })

  test('a kept refusal contains no secret, wherever the request had it', async () => {
    const { story, databaseUrl } = await tellOutside(engine)
    const { test: server, world } = story
    const app = await world.makeApp()
    const { token, code } = await installs(story, app)
    const markers = {
      state: 'marker-of-the-state',
      password: 'marker of the password',
      code_verifier: 'marker.of_the~verifier',
      client_assertion: 'marker-of-the-assertion',
      refresh_token: 'marker-of-the-refresh-token',
      login_hint: 'marker@example.com',
      unheard_of: 'marker-of-who-knows-what',
    }
    const urls = { redirect_uri: `https://marker:user@app.example/${app.secret}` }
    await server.fetch(authorizationPath(app, { ...markers, ...urls }))
    await server.fetch(authorizationPath(app, { ...markers, scope: `${app.secret} x` }))
    await server.fetch(authorizationPath({ ...app, clientId: app.secret }, { ui_locales: code, ...markers }))
    await exchange(server, app, code, { ...markers, [app.secret]: 'x', grant_type: token })
    await exchange(server, { ...app, clientId: app.secret, secret: app.clientId }, code)
    await exchangeForm(server, toForm({ ...markers, code }), { authorization: `Bearer ${app.secret}` })
    await exchangeForm(server, toForm({ code }), { authorization: app.secret })
    await exchangeForm(server, toForm({ code }), { authorization: basic(app.secret, app.clientId) })
    await userinfo(server, `${token}x`)
    await server.fetch(`/oauth/userinfo?access_token=${token}`)
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${await world.makePlatformToken('internal')}`,
    }
    const body = JSON.stringify({ ...markers, name: { deep: app.secret }, redirect_uri: `https://a.example/${token}#` })
    await server.fetch('/platform/v1/apps', { method: 'POST', headers, body })
    await server.site.refusals.flush()
    const rows = JSON.stringify(await askDatabase(databaseUrl, 'select * from refusals'))
    assert.ok(JSON.parse(rows).length >= 10, rows)
    const secrets = [
      ...Object.values(markers),
      'marker:user',
      app.secret,
      app.secret.slice(0, 24),
      token,
      code,
      app.clientId,
    ]
    for (const secret of secrets) assert.ok(!rows.includes(secret), `${secret}: ${rows}`)
    assert.ok(!rows.includes('marker'), rows)
  })

  test('of a flood of bad requests a few are kept, and none of unknown paths', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp()
    const nowhere = onPage(await isErrorPage(await server.fetch('/made-up'), 404))
    const answers = await Promise.all(Array.from({ length: 100 }, () => read(exchange(server, app, 'not-a-code'))))
    for (let time = 0; time < 4; time++) await server.site.refusals.flush()
    const found = await Promise.all(answers.map(({ reference }) => server.site.store.refusals.find(reference)))
    const kept = found.filter(Boolean).length
    assert.ok(kept >= 50 && kept <= 60, `${kept} were kept`)
    assert.equal(await server.site.store.refusals.find(nowhere), undefined)
    await isOAuthError(await exchange(server, app, 'not-a-code'), 400, 'invalid_grant', 'all were answered')
  })
})
