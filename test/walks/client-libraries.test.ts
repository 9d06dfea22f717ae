import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { AuthorizationCode } from 'simple-oauth2'
import { read, userinfo } from '../parts/app-calls.ts'
import { libraryStory } from '../parts/library-story.ts'
import { onBothEngines } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const { server, world, bakery, dana, follow } = await libraryStory(engine)

  const REDIRECT_URI = 'http://127.0.0.1:44444/callback'

  for (const algorithm of ['oidc', 'oauth2'] as const) {
    for (const [way, authenticate] of Object.entries({
      'secret in the body': client.ClientSecretPost,
      'HTTP Basic': client.ClientSecretBasic,
    })) {
      test(`openid-client: ${algorithm} discovery, PKCE, state, nonce, ${way}, ID token, userinfo`, async () => {
        const app = await world.makeApp({ redirectUri: REDIRECT_URI })
        const options = { algorithm, execute: [client.allowInsecureRequests] }
        const config = await client.discovery(
          new URL(server.origin),
          app.clientId,
          {},
          authenticate(app.secret),
          options,
        )
        assert.equal(config.serverMetadata().supportsPKCE(), true)

        const pkceCodeVerifier = client.randomPKCECodeVerifier()
        const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
        const back = await follow(
          client.buildAuthorizationUrl(config, {
            redirect_uri: REDIRECT_URI,
            scope: 'openid email',
            code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
            code_challenge_method: 'S256',
            state: expectedState,
            nonce: expectedNonce,
            max_age: '300',
          }),
        )
        const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge: 300, idTokenExpected: true }
        const tokens = await client.authorizationCodeGrant(config, back, checks)
        assert.equal(tokens.token_type, 'bearer')
        const left = tokens.expiresIn()!
        assert.ok(left <= 631_152_000 && left > 631_151_900, `${left} seconds are left`)
        const claims = tokens.claims()!
        assert.equal(claims.sub, dana)
        assert.equal(claims.business_uid, bakery.uid)
        const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        assert.equal(info.email, 'dana@example.com')

        await assert.rejects(client.authorizationCodeGrant(config, back, checks), { error: 'invalid_grant' })
      })
    }
  }

  test('openid-client: a public app with only PKCE, and a denial that the library understands', async () => {
    const app = await world.makeApp({ redirectUri: 'http://127.0.0.1/callback', public: true })
    const options = { execute: [client.allowInsecureRequests] }
    const config = await client.discovery(new URL(server.origin), app.clientId, {}, client.None(), options)
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const link = client.buildAuthorizationUrl(config, {
      redirect_uri: 'http://127.0.0.1:51004/callback',
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const back = await follow(link)
    const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier })
    // The library counts with the real clock, and this machine may be busy.
    const left = tokens.expiresIn()!
    assert.ok(left <= 3600 && left >= 3598, `${left} seconds are left`)

    const visitor = world.visitor()
    await visitor.open(link.pathname + link.search)
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.deny()
    const denied = client.authorizationCodeGrant(config, visitor.place.away!, { pkceCodeVerifier })
    await assert.rejects(denied, { error: 'access_denied' })
  })

  for (const bodyFormat of ['json', 'form'] as const) {
    // This library sends any redirect URI unchanged. openid-client would drop its query at the exchange.
    const redirectUri = `${REDIRECT_URI}?tenant=7`
    for (const authorizationMethod of ['body', 'header'] as const) {
      test(`simple-oauth2: a ${bodyFormat} body, the credentials in the ${authorizationMethod}`, async () => {
        const app = await world.makeApp({ redirectUri })
        const oauth = new AuthorizationCode({
          client: { id: app.clientId, secret: app.secret },
          auth: { tokenHost: server.origin, authorizePath: '/app/oauth/authorize' },
          options: { bodyFormat, authorizationMethod },
        })
        const back = await follow(
          oauth.authorizeURL({ redirect_uri: redirectUri, state: 'a b/c', scope: ['openid', 'email'] }),
        )
        const { code, state, tenant } = Object.fromEntries(back.searchParams)
        assert.deepEqual([state, tenant], ['a b/c', '7'])
        const { token } = await oauth.getToken({ code: code!, redirect_uri: redirectUri })
        assert.equal(token.token_type, 'bearer')
        assert.equal(token.expires_in, 631_152_000)
        const info = await userinfo(server, String(token.access_token))
        assert.equal((await read(info)).business_uid, bakery.uid)
        await assert.rejects(oauth.getToken({ code: code!, redirect_uri: redirectUri }), /400/)
      })
    }
  }
})
