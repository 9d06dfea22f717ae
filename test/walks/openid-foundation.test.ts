import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { deliverDue } from '../../src/domain/deliveries/deliver-due.ts'
import { ask, type RegistrationAnswer } from '../oauth/registering.ts'
import { basic, exchangeForm, read, toForm, userinfo } from '../parts/app-calls.ts'
import { ASSERTION_TYPE, assertionOf, newSigner, type Signer } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

/**
 * The requests of the OpenID Foundation's plans Dynamic OP, RP-Initiated Logout OP and Back-Channel Logout OP, module by module: registered
 * as its tests register, without PKCE, and checked for what its tests check.
 */
const HOME = 'https://suite.example/test/a/behalf'
const CALLBACK = `${HOME}/callback`
const AFTERWARDS = `${HOME}/post_logout_redirect`
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const ENV = { BEHALF_REGISTRATION: 'open', BEHALF_ADDRESS_REGISTRATIONS: '1000', BEHALF_OUTBOUND_PRIVATE: 'on' }

type Client = Record<string, string>
type Proof = (client: Client) => { parameters?: Record<string, string>; headers?: Record<string, string> }

const stories = {
  sqlite: await tellStory({ engine: 'sqlite', env: ENV }),
  postgres: await tellStory({ engine: 'postgres', env: ENV }),
}
const signer = newSigner('RS256')

onBothEngines((engine) => {
  const story = stories[engine]

  const register = (description: Record<string, unknown> = {}): Promise<RegistrationAnswer> =>
    ask(story.test, 'POST', '/oauth/register', {
      body: {
        client_name: 'The suite',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [CALLBACK],
        contacts: ['suite@example.com'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [signer.jwk] },
        ...description,
      },
    })
  const needClient = async (description: Record<string, unknown> = {}): Promise<Client> => {
    const { status, body } = await register(description)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const signed =
    (by: Signer = signer, aud?: string): Proof =>
    ({ client_id: clientId }) => ({
      parameters: {
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: assertionOf({ clientId: clientId! }, story.test, by, {
          claims: { aud: aud ?? `${story.test.origin}/oauth/token` },
        }),
      },
    })
  const withSecret: Proof = ({ client_id, client_secret }) => ({
    headers: { authorization: basic(client_id!, client_secret!) },
  })
  const authorization = (client: Client, parameters: Record<string, string> = {}) =>
    `/oauth/authorize?${toForm({ client_id: client.client_id, redirect_uri: CALLBACK, scope: 'openid', state: 's'.repeat(128), nonce: 'n', response_type: 'code', ...parameters })}`

  /** Starts in a browser without cookies, and returns the tokens. */
  async function signIn(client: Client, proof: Proof = signed(), parameters: Record<string, string> = {}) {
    const visitor = story.world.visitor()
    await visitor.open(authorization(client, parameters))
    await visitor.signIn('dana@example.com', PASSWORD)
    if (visitor.place.url.includes('/login/consent')) await visitor.allow()
    const { code, state, iss } = visitor.answer()
    assert.deepEqual([state, iss], ['s'.repeat(128), story.test.origin])
    const { parameters: proven, headers } = proof(client)
    const redirect_uri = parameters.redirect_uri ?? CALLBACK
    const form = { grant_type: 'authorization_code', code, redirect_uri, ...proven }
    const tokens = await read(exchangeForm(story.test, form, headers))
    assert.ok(tokens.id_token, JSON.stringify(tokens))
    const keys = createLocalJWKSet(await read(story.test.fetch('/oauth/jwks')))
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, keys, {
      audience: client.client_id!,
      issuer: story.test.origin,
      currentDate: new Date(story.test.clock.now() * 1000),
    })
    assert.deepEqual([payload.nonce, protectedHeader.alg, typeof protectedHeader.kid], ['n', 'RS256', 'string'])
    return { tokens, claims: payload, visitor }
  }
  const isPage = (place: { away: URL | undefined; status: number }, status: number, what?: string) =>
    assert.deepEqual([place.away, place.status], [undefined, status], what)

  test('Dynamic OP: an app registers, signs people in without PKCE, and deletes its registration', async () => {
    const client = await needClient()
    const { tokens, claims } = await signIn(client)
    const userInfo = await read(userinfo(story.test, tokens.access_token))
    assert.equal(userInfo.sub, claims.sub)
    await signIn(client, signed(signer, story.test.origin))
    const { registration_client_uri: uri = '', registration_access_token: token = '' } = client
    assert.equal((await ask(story.test, 'DELETE', uri, { token })).status, 204)
  })

  test('Dynamic OP: ID token and userinfo are signed with RS256 if the app registers it', async () => {
    const alg = { id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'RS256' }
    const client = await needClient(alg)
    const { tokens, claims } = await signIn(client)
    const response = await userinfo(story.test, tokens.access_token)
    assert.match(response.headers.get('content-type')!, /^application\/jwt/)
    const keys = createLocalJWKSet(await read(story.test.fetch('/oauth/jwks')))
    const by = { algorithms: ['RS256'], issuer: story.test.origin, audience: client.client_id! }
    const { payload } = await jwtVerify(await response.text(), keys, by)
    assert.equal(payload.sub, claims.sub)
    assert.equal((await register({ id_token_signed_response_alg: 'none' })).body.error, 'invalid_client_metadata')
  })

  test('Dynamic OP: redirect URIs with a query, with another query, with a longer one, with a fragment, and none', async () => {
    const queried = `${CALLBACK}?dummy1=lorem&dummy2=ipsum`
    const client = await needClient({ redirect_uris: [queried] })
    const { visitor } = await signIn(client, signed(), { redirect_uri: queried })
    assert.ok(visitor.place.away!.href.startsWith(`${queried}&`))
    for (const redirect_uri of [`${CALLBACK}?dummy1=lorem`, `${queried}&more=1`, CALLBACK, ''])
      isPage(await story.world.visitor().open(authorization(client, { redirect_uri })), 400, redirect_uri)
    const { status, body } = await register({ redirect_uris: [`${CALLBACK}#foobar`] })
    assert.deepEqual([status, body.error], [400, 'invalid_redirect_uri'])
  })

  test('Dynamic OP: keys at jwks_uri, and other keys there a minute later', async () => {
    const documents = await documentServer({ keys: [signer.jwk] })
    const client = await needClient({
      jwks: undefined,
      jwks_uri: documents.url,
      grant_types: ['authorization_code', 'refresh_token'],
    })
    const scope = { scope: 'openid offline_access', prompt: 'consent' }
    const { tokens, claims } = await signIn(client, signed(), scope)
    const another = newSigner('RS256')
    documents.answer = { keys: [another.jwk] }
    story.test.clock.advance(60)
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    const refreshed = await read(exchangeForm(story.test, { ...form, ...signed(another)(client).parameters }))
    const { sub, auth_time } = decodeJwt(refreshed.id_token)
    assert.deepEqual([sub, auth_time], [claims.sub, claims.auth_time])
    assert.equal((await userinfo(story.test, refreshed.access_token)).status, 200)
  })

  test('Dynamic OP: a sector document must list the redirect URIs', async () => {
    const documents = await documentServer([CALLBACK])
    const pairwise = { subject_type: 'pairwise', sector_identifier_uri: documents.url }
    const { claims } = await signIn(await needClient(pairwise))
    assert.notEqual(claims.sub, story.dana.staffUid)
    documents.answer = [`${HOME}/another`]
    const { status, body } = await register(pairwise)
    assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'])
  })

  test('Dynamic OP: the sign-in page and the permission dialog link policy and terms, and the dialog shows the logo', async () => {
    const place = await documentServer((_: unknown, response: ServerResponse) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end(PNG),
    )
    const links = { policy_uri: `${HOME}/policy`, tos_uri: `${HOME}/tos`, logo_uri: place.url }
    const client = await needClient(links)
    assert.equal(client.logo_uri, links.logo_uri)
    const visitor = story.world.visitor()
    await visitor.open(authorization(client))
    assert.ok(visitor.place.html.includes('id="password"') && visitor.place.html.includes(links.policy_uri))
    const { html } = await visitor.signIn('dana@example.com', PASSWORD)
    assert.ok(html.includes('id="allow"') && html.includes(links.policy_uri) && html.includes(links.tos_uri))
    const [, source] = /<img class="app-logo" src="([^"]+)"/.exec(html)!
    const shown = Buffer.from(await (await story.test.fetch(source!)).arrayBuffer())
    assert.deepEqual(shown, PNG)
  })

  test('Dynamic OP: after a rotation the new and the old keys are published', async () => {
    const kids = async () => (await read(story.test.fetch('/oauth/jwks'))).keys.map(({ kid }: { kid: string }) => kid)
    const before = await kids()
    await story.test.site.keys.rotate('RS256', operatorActor)
    story.test.clock.advance(60)
    const after = await kids()
    assert.ok(before.every((kid: string) => after.includes(kid)) && after.length > before.length)
  })

  test('Dynamic OP: the metadata contains what the plan requires, except for the implicit flow', async () => {
    const metadata = await read(story.test.fetch('/.well-known/openid-configuration'))
    const client = await needClient()
    const asked = { request_uri: `${HOME}/request`, request: 'eyJ.e30.' }
    assert.deepEqual([metadata.request_uri_parameter_supported, metadata.request_parameter_supported], [false, false])
    for (const [name, value] of Object.entries(asked)) {
      const { away } = await story.world.visitor().open(authorization(client, { [name]: value }))
      assert.equal(away!.searchParams.get('error'), `${name}_not_supported`)
    }
    assert.ok(!metadata.id_token_signing_alg_values_supported.includes('none'))
    assert.ok(metadata.id_token_signing_alg_values_supported.includes('RS256'))
    assert.ok(metadata.userinfo_signing_alg_values_supported.includes('RS256'))
    assert.deepEqual(metadata.subject_types_supported, ['public', 'pairwise'])
    assert.ok(metadata.scopes_supported.includes('openid') && metadata.claims_supported.includes('sub'))
    // The plan also requires id_token, "token id_token" and implicit, which RFC 9700 §2.1.2 advises against.
    assert.deepEqual(metadata.response_types_supported, ['code'])
    assert.ok(metadata.grant_types_supported.includes('authorization_code'))
    assert.ok(!metadata.grant_types_supported.includes('implicit'))
    assert.ok(metadata.code_challenge_methods_supported.includes('S256'))
    assert.equal(metadata.claims_parameter_supported, true)
  })

  test('Config OP: issuer, endpoints, scopes, languages and keys have the specified form', async () => {
    const response = await story.test.fetch('/.well-known/openid-configuration')
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'application/json'])
    const metadata = await read(response)
    assert.equal(metadata.issuer, story.test.origin)
    for (const needed of ['authorization', 'token', 'userinfo', 'registration', 'end_session'])
      assert.ok(`${needed}_endpoint` in metadata, needed)
    for (const [name, url] of Object.entries<string>(metadata))
      if (/_endpoint$|_uri$/.test(name)) assert.ok(url.startsWith(`${story.test.origin}/`), name)
    for (const name of metadata.scopes_supported) assert.match(name, /^[\x21\x23-\x5B\x5D-\x7E]+$/)
    assert.deepEqual(Intl.getCanonicalLocales(metadata.ui_locales_supported), metadata.ui_locales_supported)
    const { keys } = await read(story.test.fetch(metadata.jwks_uri))
    assert.equal(new Set(keys.map(({ kid }: { kid: string }) => kid)).size, keys.length)
    for (const key of keys) for (const name of ['d', 'p', 'q', 'k']) assert.ok(!(name in key), name)
  })

  /** Signs in, calls the end session endpoint with some of the usual parameters, and returns who is signed in afterwards. */
  async function signOut(parametersFor: (idToken: string) => Record<string, string | undefined>) {
    const client = await needClient({
      token_endpoint_auth_method: 'client_secret_basic',
      post_logout_redirect_uris: [AFTERWARDS],
    })
    const { tokens, visitor } = await signIn(client, withSecret)
    const usual = { id_token_hint: tokens.id_token, post_logout_redirect_uri: AFTERWARDS, state: 'x' }
    const path = `/oauth/logout?${toForm({ ...usual, ...parametersFor(tokens.id_token) })}`
    await visitor.open(path)
    const isSignedIn = async () => {
      const { away } = await visitor.open(authorization(client, { prompt: 'none' }))
      return away!.searchParams.get('error') !== 'login_required'
    }
    return { visitor, isSignedIn }
  }

  test('RP-Initiated Logout OP: with the ID token the person is signed out and redirected, with and without a state', async () => {
    for (const [state, suffix] of [['x', '?state=x'] as const, [undefined, ''] as const]) {
      const { visitor, isSignedIn } = await signOut(() => ({ state }))
      assert.equal(visitor.place.away?.href, AFTERWARDS + suffix)
      assert.equal(await isSignedIn(), false)
    }
    const { visitor, isSignedIn } = await signOut(() => ({ post_logout_redirect_uri: undefined }))
    isPage(visitor.place, 200)
    assert.equal(await isSignedIn(), false)
  })

  test('RP-Initiated Logout OP: without an ID token the person must confirm', async () => {
    const nothing = { id_token_hint: undefined, post_logout_redirect_uri: undefined }
    for (const rest of [nothing, { ...nothing, state: undefined }]) {
      const { visitor, isSignedIn } = await signOut(() => rest)
      isPage(visitor.place, 200)
      await visitor.submit({}, (form) => form.action === '/logout' && !('everywhere' in form.fields))
      isPage(visitor.place, 200)
      assert.equal(await isSignedIn(), false)
    }
  })

  test('RP-Initiated Logout OP: an unregistered URI, or a changed or missing ID token, shows a page and does not redirect', async () => {
    const unsigned = (idToken: string) => {
      const [, claims] = idToken.split('.')
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`
    }
    const wrong: [string, (idToken: string) => Record<string, string | undefined>][] = [
      ['bad-post-logout-redirect-uri', () => ({ post_logout_redirect_uri: `${HOME}/elsewhere` })],
      ['query-added', () => ({ post_logout_redirect_uri: `${AFTERWARDS}?foo=bar` })],
      ['modified-id-token-hint', (idToken) => ({ id_token_hint: unsigned(idToken) })],
      ['bad-id-token-hint', () => ({ id_token_hint: 'not an ID token' })],
      ['no-id-token-hint', () => ({ id_token_hint: undefined })],
    ]
    for (const [what, parametersFor] of wrong) isPage((await signOut(parametersFor)).visitor.place, 400, what)
  })

  test('Back-Channel Logout OP: the app gets a logout token with the same sub and sid, and the person is redirected', async () => {
    const bodies: string[] = []
    const receiver = await documentServer(async (request: AsyncIterable<Buffer>, response: { end(): void }) => {
      let body = ''
      for await (const piece of request) body += piece
      bodies.push(body)
      response.end()
    })
    const client = await needClient({
      token_endpoint_auth_method: 'client_secret_basic',
      post_logout_redirect_uris: [AFTERWARDS],
      backchannel_logout_uri: receiver.url,
      backchannel_logout_session_required: true,
    })
    const { tokens, claims, visitor } = await signIn(client, withSecret)
    const asked = { id_token_hint: tokens.id_token, post_logout_redirect_uri: AFTERWARDS, state: 'x' }
    await visitor.open(`/oauth/logout?${toForm(asked)}`)
    assert.equal(visitor.place.away?.href, `${AFTERWARDS}?state=x`)
    await deliverDue(story.test.site)
    const form = new URLSearchParams(bodies[0])
    assert.deepEqual([bodies.length, [...form.keys()]], [1, ['logout_token']])
    const { iat, exp, jti, ...said } = decodeJwt(form.get('logout_token')!)
    assert.deepEqual(said, {
      iss: story.test.origin,
      aud: client.client_id,
      sub: claims.sub,
      sid: claims.sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    assert.ok(iat && exp && jti)
    const metadata = await read(story.test.fetch('/.well-known/openid-configuration'))
    assert.deepEqual(
      [metadata.backchannel_logout_supported, metadata.backchannel_logout_session_supported],
      [true, true],
    )
    assert.equal(metadata.end_session_endpoint, `${story.test.origin}/oauth/logout`)
    const { away } = await visitor.open(authorization(client, { prompt: 'none' }))
    assert.equal(away!.searchParams.get('error'), 'login_required')
  })
})
