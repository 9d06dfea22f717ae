import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { isErrorPage, isOAuthError, isSentBack, isWaiting } from '../parts/answers.ts'
import { authorizationPath, exchange, read, toForm } from '../parts/app-calls.ts'
import { changeApp, openDialog, ticketOf } from '../parts/permission-dialog.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const VERIFIER = 'a-verifier.of_43~characters-0123456789abcde'
  const PKCE = {
    response_type: 'code',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  }

  const ask = (app: TestApp, parameters: Record<string, string> = {}) =>
    server.fetch(authorizationPath(app, parameters))
  const push = (app: TestApp, parameters: Record<string, string> = {}) =>
    server.fetch('/oauth/par', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: toForm({
        client_id: app.clientId,
        client_secret: app.public ? undefined : app.secret,
        redirect_uri: app.redirectUri,
        ...parameters,
      }),
    })

  test('PKCE is required of public apps, of apps that registered themselves and of apps with require_pkce (RFC 9700 §2.1.1)', async () => {
    const bound: [string, TestApp][] = [
      ['public', await world.makeApp({ public: true })],
      ['set to it', await world.makeApp({ protocol: { requirePkce: true } })],
      ['registered itself', await world.makeApp({ origin: 'registered' })],
      ['read from its document', await world.makeApp({ origin: 'document' })],
      ['registered itself, set free', await world.makeApp({ origin: 'registered', protocol: { requirePkce: false } })],
      ['public, set free', await world.makeApp({ public: true, protocol: { requirePkce: false } })],
    ]
    const downgrades = [{}, { code_challenge: '' }, { ...PKCE, code_challenge_method: 'plain' }]
    for (const [what, app] of bound) {
      for (const parameters of downgrades) {
        const { error, code } = isSentBack(await ask(app, parameters as Record<string, string>), app.redirectUri, what)
        assert.deepEqual([error, code], ['invalid_request', undefined], what)
        await isOAuthError(await push(app, parameters as Record<string, string>), 400, 'invalid_request', what)
      }
      isWaiting(await ask(app, PKCE), what)
      const response = await push(app, PKCE)
      assert.equal(response.status, 201, `${what} ${await response.text()}`)
    }
    isWaiting(await ask(await world.makeApp()), 'an app that keeps a secret, and was registered by hand')
  })

  test('an app that registered itself and has a secret may omit PKCE only in an OpenID Connect request', async () => {
    const itself = (details = {}) => world.makeApp({ origin: 'registered', ...details })
    const openid = { response_type: 'code', scope: 'openid email', nonce: 'n' }
    const app = await itself()
    for (const scope of ['openid', 'openid email', 'email openid']) {
      isWaiting(await ask(app, { ...openid, scope }), scope)
      assert.equal((await push(app, { ...openid, scope })).status, 201)
    }
    const bound: [string, TestApp, Record<string, string>][] = [
      ['without an ID token', app, { ...openid, scope: 'email' }],
      ['it names no scope', app, { response_type: 'code', nonce: 'n' }],
      ['it keeps no secret', await itself({ public: true }), openid],
      ['it is set to PKCE', await itself({ protocol: { requirePkce: true } }), openid],
      ['it has a document', await itself({ origin: 'document' }), openid],
    ]
    for (const [what, each, parameters] of bound) {
      const { error, error_description: why } = isSentBack(await ask(each, parameters), each.redirectUri, what)
      assert.equal(error, 'invalid_request', what)
      assert.match(why!, /PKCE/, what)
      isWaiting(await ask(each, { ...parameters, ...PKCE }), what)
    }
    const { code } = await connect(story, app, undefined, { ...PKCE, ...openid })
    await isOAuthError(await exchange(server, app, code), 400, 'invalid_grant', 'a challenge that was sent is required')
    const { code: plain } = await connect(story, app, undefined, openid)
    await isOAuthError(
      await exchange(server, app, plain, { code_verifier: VERIFIER }),
      400,
      'invalid_grant',
      'taken out',
    )
    assert.equal((await exchange(server, app, plain)).status, 200)
  })

  test('a challenge that was sent binds the exchange, even if PKCE is optional for the app (RFC 7636 §4.6)', async () => {
    for (const details of [{ trusted: true }, { trusted: true, protocol: { requirePkce: true } }]) {
      const app = await world.makeApp(details)
      const { code } = await connect(story, app, undefined, PKCE)
      for (const verifier of [undefined, '', 'x'.repeat(43)])
        await isOAuthError(await exchange(server, app, code, { code_verifier: verifier }), 400, 'invalid_grant')
      assert.equal((await exchange(server, app, code, { code_verifier: VERIFIER })).status, 200)
    }
  })

  test('an app with require_explicit_request must send response_type, redirect_uri, state and scope (RFC 6749 §4.1.1)', async () => {
    const all = { response_type: 'code', state: 's', scope: 'openid' }
    const app = await world.makeApp({ protocol: { requireExplicitRequest: true } })
    isWaiting(await ask(app, all))
    assert.equal((await push(app, all)).status, 201)
    const missing = [
      ['response_type', 'invalid_request', 's'],
      ['state', 'invalid_request', undefined],
      ['scope', 'invalid_scope', 's'],
    ] as const
    for (const [name, error, state] of missing) {
      const request = { ...all, [name]: '' }
      const answer = isSentBack(await ask(app, request), app.redirectUri, name)
      assert.deepEqual([answer.error, answer.state, answer.code], [error, state, undefined], name)
      assert.match(answer.error_description!, new RegExp(`\\b${name}\\b`))
      assert.match(await isOAuthError(await push(app, request), 400, error, name), new RegExp(`\\b${name}\\b`))
    }
    assert.match(await isErrorPage(await ask(app, { ...all, redirect_uri: '' })), /redirect_uri is missing/)
    await isOAuthError(await push(app, { ...all, redirect_uri: '' }), 400, 'invalid_request')
    const itself = await world.makeApp({ origin: 'registered', protocol: { requireExplicitRequest: true } })
    const { error } = isSentBack(await ask(itself, { response_type: 'code', scope: 'openid' }), itself.redirectUri)
    assert.equal(error, 'invalid_request', 'an app that registered itself sends two of them anyway')
    isWaiting(await ask(itself, all))
    for (const each of [await world.makeApp(), await world.makeApp({ protocol: { requireExplicitRequest: false } })])
      isWaiting(await ask(each, { redirect_uri: '' }))
  })

  test('an app without the grant type authorization_code gets unauthorized_client (RFC 6749 §4.1.2.1)', async () => {
    const machine = await world.makeApp({ protocol: { grantTypes: ['client_credentials'] } })
    const answer = isSentBack(await ask(machine, { state: 's' }), machine.redirectUri)
    assert.deepEqual([answer.error, answer.state, answer.iss], ['unauthorized_client', 's', server.origin])
    await isOAuthError(await push(machine), 400, 'unauthorized_client')
    isWaiting(await ask(await world.makeApp({ protocol: { grantTypes: ['authorization_code'] } })))
  })

  test('the rules that hold when the answer is given decide, not those that held when the request came (RFC 9126 §4, §7.4)', async () => {
    const changes = [{ requirePkce: true }, { grantTypes: ['client_credentials'] }]
    for (const protocol of changes) {
      const app = await world.makeApp()
      const waiting = await openDialog(story, app)
      const { request_uri: name } = await read(push(app))
      await changeApp(story, app, { protocol })
      await waiting.allow()
      const visitor = world.visitor()
      await visitor.open(`/oauth/authorize?${new URLSearchParams({ client_id: app.clientId, request_uri: name })}`)
      for (const { error, code } of [waiting.answer(), visitor.answer()])
        assert.deepEqual([error, code], [protocol.requirePkce ? 'invalid_request' : 'unauthorized_client', undefined])
    }
  })

  test('a parameter in the URL of a later step changes nothing of the request (RFC 9700 §4.7)', async () => {
    const app = await world.makeApp()
    const visitor = await openDialog(story, app, { state: 'mine', ...PKCE })
    const ticket = ticketOf(visitor.place)
    const changed = new URLSearchParams({
      ticket,
      response_type: 'token',
      response_mode: 'fragment',
      redirect_uri: 'https://evil.example/',
      state: 'theirs',
      code_challenge: '',
      request_uri: 'urn:ietf:params:oauth:request_uri:x',
    })
    for (const path of ['/login/consent', '/oauth/resume', '/login']) await visitor.open(`${path}?${changed}`)
    await visitor.open(`/login/consent?${changed}`)
    await visitor.allow()
    const { code, state } = visitor.answer()
    assert.deepEqual([visitor.place.away!.origin, state], ['https://app.example', 'mine'])
    await isOAuthError(await exchange(server, app, code!), 400, 'invalid_grant', 'the challenge is still required')
  })

  test('no response type sends a token through the browser (RFC 9700 §2.1.2)', async () => {
    const app = await world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    const types = ['token', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'none']
    for (const type of types) {
      for (const mode of ['query', 'fragment', 'form_post']) {
        const place = await visitor.open(authorizationPath(app, { response_type: type, response_mode: mode }))
        const answer = place.away ? visitor.answer() : place.forms[0]!.fields
        assert.ok(['unsupported_response_type', 'invalid_request'].includes(answer.error!), `${type} ${mode}`)
        for (const name of ['code', 'access_token', 'id_token']) assert.equal(answer[name], undefined, name)
        assert.equal(place.away?.hash ?? '', '', 'and nothing goes into a fragment')
      }
      await isOAuthError(await push(app, { response_type: type }), 400, 'unsupported_response_type', type)
    }
  })
})
