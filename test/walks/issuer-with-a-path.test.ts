import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { discovery, allowInsecureRequests as insecurely } from 'openid-client'
import { loadConfig } from '../../src/config/load.ts'
import { endpoints } from '../../src/routes.ts'
import { read } from '../parts/app-calls.ts'
import { libraryStory } from '../parts/library-story.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { visit } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const SECRET = 'a-secret-for-tests-of-forty-characters-00'
const PATH = '/customers/id'
const REDIRECT_URI = 'http://127.0.0.1:44446/callback'
const WELL_KNOWN = ['openid-configuration', 'oauth-authorization-server'].map((name) => `/.well-known/${name}`)

test('the path of an issuer has only characters that no proxy rewrites', () => {
  const others = { BEHALF_SECRET: SECRET, BEHALF_DATABASE_URL: 'sqlite:behalf.db' }
  const read = (issuer: string) => loadConfig({ ...others, BEHALF_ISSUER: issuer }, { onlyLooks: true })
  for (const path of ['', '/', '/auth', '/auth/', '/a/b-c.d_e~f']) {
    const { issuer, basePath } = read(`https://example.com${path}`)
    const plain = path.replace(/\/$/, '')
    assert.deepEqual([issuer, basePath], [`https://example.com${plain}`, plain])
  }
  for (const path of ['//', '/a//b', '/a/../b', '/.', '/a%2fb', '/a?', '/?x=y', '/#a', '/a b', '/a;b', '/é'])
    assert.throws(() => read(`https://example.com${path}`), /BEHALF_ISSUER must be a URL of scheme/, path)
})

onBothEngines(async (engine) => {
  const { server, world, dana, follow } = await libraryStory(engine, { BEHALF_ISSUER: `http://127.0.0.1:0${PATH}` })
  const issuer = new URL(server.origin + PATH)
  const insecure = { [oauth.allowInsecureRequests]: true }

  test('the metadata is before and behind the path, and at no other place (RFC 8414 §3.1, OpenID Connect Discovery §4.1)', async () => {
    for (const known of WELL_KNOWN) {
      for (const path of [known + PATH, PATH + known]) {
        const metadata = await read(server.fetch(path))
        assert.equal(metadata.issuer, issuer.href, path)
        assert.equal(metadata.token_endpoint, `${issuer.href}/oauth/token`)
      }
      for (const path of [known, `${known}/customers`, `/customers${known}`, `${known}${PATH}/`])
        assert.equal((await server.fetch(path)).status, 404, path)
    }
  })

  for (const algorithm of ['oidc', 'oauth2'] as const) {
    test(`oauth4webapi discovers the issuer by ${algorithm}, and signs a person in`, async () => {
      const app = await world.makeApp({ redirectUri: REDIRECT_URI })
      const found = await oauth.discoveryRequest(issuer, { algorithm, ...insecure })
      const as = await oauth.processDiscoveryResponse(issuer, found)
      const client: oauth.Client = { client_id: app.clientId }
      const verifier = oauth.generateRandomCodeVerifier()
      const request = new URLSearchParams({
        client_id: app.clientId,
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        scope: 'openid email',
        state: 's',
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      const proof = oauth.ClientSecretBasic(app.secret)
      const pushing = await oauth.pushedAuthorizationRequest(as, client, proof, request, insecure)
      const { request_uri: name } = await oauth.processPushedAuthorizationResponse(as, client, pushing)
      const link = `${as.authorization_endpoint}?${new URLSearchParams({ client_id: app.clientId, request_uri: name })}`
      const back = oauth.validateAuthResponse(as, client, await follow(link), 's')
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        proof,
        back,
        REDIRECT_URI,
        verifier,
        insecure,
      )
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, { requireIdToken: true })
      await oauth.validateApplicationLevelSignature(as, answer, insecure)
      const info = await oauth.userInfoRequest(as, client, tokens.access_token, insecure)
      assert.equal((await oauth.processUserInfoResponse(as, client, dana, info)).email, 'dana@example.com')
    })
  }

  test('openid-client discovers the issuer by its address alone', async () => {
    const app = await world.makeApp({ redirectUri: REDIRECT_URI })
    const found = await discovery(issuer, app.clientId, app.secret, undefined, { execute: [insecurely] })
    assert.equal(found.serverMetadata().issuer, issuer.href)
  })

  test('redirects, links, forms, scripts and styles stay below the path, and their targets exist', async () => {
    const app = await world.makeApp({ redirectUri: REDIRECT_URI, name: 'Sample' })
    const seen = new Set<string>()
    const fetchAll = async (path: string, init?: RequestInit) => {
      const answer = await server.fetch(path, init)
      const location = answer.headers.get('location')
      if (location?.startsWith('/')) assert.ok(location.startsWith(`${PATH}/`), location)
      for (const line of answer.headers.getSetCookie())
        assert.match(line, /^behalf-\w+=\w*; Path=\/customers\/id; HttpOnly/)
      return answer
    }
    const visitor = visit({ origin: server.origin, fetch: fetchAll })
    const look = async () => {
      for (const [, path = ''] of visitor.place.html.matchAll(/ (?:href|src|action)="(\/[^"]*)"/g)) {
        assert.ok(path.startsWith(`${PATH}/`), `${path} on ${visitor.place.url}`)
        seen.add(path.slice(PATH.length).replace(/\?.*/, ''))
        assert.notEqual((await server.fetch(path.replaceAll('&amp;', '&'))).status, 404, path)
      }
    }
    const query = new URLSearchParams({
      client_id: app.clientId,
      redirect_uri: REDIRECT_URI,
      response_mode: 'form_post',
    })
    for (const path of [PATH, `${PATH}/`, `${PATH}/nothing`, `${PATH}/oauth/authorize?client_id=x`]) {
      await visitor.open(path)
      await look()
    }
    await visitor.open(`${PATH}/oauth/authorize?${query}`)
    await look()
    await visitor.signIn('dana@example.com', PASSWORD)
    await look()
    await visitor.allow()
    await look()
    assert.ok(visitor.place.forms[0]?.fields.code, visitor.place.html)
    for (const path of ['/signed-in', '/logout', '/login', '/signed-out']) {
      await visitor.open(PATH + path)
      await look()
    }
    const kinds = ['/oauth/consent', '/login', '/logout', '/signed-in'].filter((path) => !seen.has(path))
    assert.deepEqual(kinds, [], 'the pages have these links and forms')
    assert.ok(
      [...seen].some((path) => path.startsWith('/assets/send-on-')),
      'the page that posts the answer has its script',
    )
  })

  test('outside the path there are only metadata, WebFinger and health checks', async () => {
    const atRoot: string[] = []
    for (const { path, methods } of endpoints) {
      const asked = path.replaceAll(/:\w+/g, 'x')
      const answer = await server.fetch(asked, { method: methods[0]! })
      if (answer.status !== 404) atRoot.push(path)
    }
    assert.deepEqual(atRoot, ['/.well-known/webfinger', '/health/live', '/health/ready'])
    const found = await read(server.fetch('/.well-known/webfinger?resource=acct:dana@example.com'))
    assert.equal(found.links[0].href, issuer.href)
    assert.equal((await server.fetch(`${PATH}/health/ready`)).status, 200)
    assert.equal((await read(server.fetch(`${PATH}/oauth/unheard-of`))).error, 'invalid_request')
    assert.equal((await server.fetch(`${PATH}x/oauth/token`, { method: 'POST' })).status, 404)
  })

  test('cookies have the path, and the __Secure- prefix under https (RFC 6265bis §4.1.3.1)', async () => {
    const env = { BEHALF_ISSUER: `https://example.com${PATH}/`, BEHALF_ENV: 'development' }
    const { test: secure, world } = await tellStory({ engine, env })
    assert.equal(secure.origin, `https://example.com${PATH}`, 'a slash at the end is dropped')
    const app = await world.makeApp()
    const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: app.redirectUri })
    const answer = await secure.fetch(`/oauth/authorize?${query}`)
    assert.match(
      answer.headers.getSetCookie().join(),
      /^__Secure-behalf-browser=\w{64}; Path=\/customers\/id; HttpOnly; SameSite=Lax; Secure/,
    )
  })
})
