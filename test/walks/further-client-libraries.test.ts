import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OAuth2Client as BadgatewayClient, generateCodeVerifier } from '@badgateway/oauth2-client'
import { OAuth2Client as ArcticClient, CodeChallengeMethod, generateCodeVerifier as newVerifier } from 'arctic'
import * as oauth from 'oauth4webapi'
import OAuth2Strategy from 'passport-oauth2'
import { userinfo } from '../parts/app-calls.ts'
import { libraryStory } from '../parts/library-story.ts'
import { onBothEngines } from '../parts/stories.ts'

onBothEngines(async (engine) => {
  const { server, world, bakery, dana, follow } = await libraryStory(engine)
  const at = (path: string) => server.origin + path

  const REDIRECT_URI = 'http://127.0.0.1:44445/callback'
  const SCOPE = 'openid email offline_access'
  const makeApp = () =>
    world.makeApp({ redirectUri: REDIRECT_URI, protocol: { rotateRefreshTokens: true, refresh: 'offline_access' } })

  test('oauth4webapi: discovery, PKCE, ID token, userinfo, refresh, introspection, revocation', async () => {
    const app = await makeApp()
    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(server.origin)
    const found = await oauth.discoveryRequest(issuer, insecure)
    const as = await oauth.processDiscoveryResponse(issuer, found)
    const client: oauth.Client = { client_id: app.clientId }
    const proof = oauth.ClientSecretBasic(app.secret)
    const verifier = oauth.generateRandomCodeVerifier()
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
    const link = new URL(as.authorization_endpoint!)
    link.search = new URLSearchParams({
      client_id: app.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString()
    const back = oauth.validateAuthResponse(as, client, await follow(link), state)
    const answer = await oauth.authorizationCodeGrantRequest(as, client, proof, back, REDIRECT_URI, verifier, insecure)
    const first = await oauth.processAuthorizationCodeResponse(as, client, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    const claims = oauth.getValidatedIdTokenClaims(first)!
    assert.deepEqual([claims.sub, claims.business_uid], [dana, bakery.uid])
    const info = await oauth.userInfoRequest(as, client, first.access_token, insecure)
    assert.equal((await oauth.processUserInfoResponse(as, client, claims.sub, info)).email, 'dana@example.com')

    const again = await oauth.refreshTokenGrantRequest(as, client, proof, first.refresh_token!, insecure)
    const second = await oauth.processRefreshTokenResponse(as, client, again)
    assert.notEqual(second.access_token, first.access_token)
    assert.notEqual(second.refresh_token, first.refresh_token)

    const introspect = async () => {
      const asked = await oauth.introspectionRequest(as, client, proof, second.access_token, insecure)
      return oauth.processIntrospectionResponse(as, client, asked)
    }
    assert.equal((await introspect()).business_uid, bakery.uid)
    const revoked = await oauth.revocationRequest(as, client, proof, second.refresh_token!, insecure)
    assert.equal(await oauth.processRevocationResponse(revoked), undefined)
    assert.deepEqual(await introspect(), { active: false })
  })

  test('passport-oauth2: PKCE, state, tokens', async () => {
    const app = await makeApp()
    const strategy = new OAuth2Strategy(
      {
        authorizationURL: at('/oauth/authorize'),
        tokenURL: at('/oauth/token'),
        clientID: app.clientId,
        clientSecret: app.secret,
        callbackURL: REDIRECT_URI,
        scope: SCOPE,
        scopeSeparator: ' ',
        pkce: true,
        state: true,
      },
      (accessToken, refreshToken, params, _profile, done) => done(null, { accessToken, refreshToken, params }),
    )
    // OAuth 2.0 has no user profile; the strategy expects to be extended with one.
    Object.assign(strategy, {
      userProfile: (_token: string, done: (error: null, profile: object) => void) => done(null, {}),
    })
    const session = {}
    const run = (query: object) =>
      new Promise<{ location?: string; user?: Record<string, unknown> }>((resolve, reject) => {
        const said = Object.create(strategy, {
          redirect: { value: (location: string) => resolve({ location }) },
          success: { value: (user: Record<string, unknown>) => resolve({ user }) },
          fail: { value: (challenge: unknown) => reject(new Error(JSON.stringify(challenge))) },
          error: { value: reject },
        })
        said.authenticate({ session, query, body: {}, headers: {}, connection: {} }, {})
      })
    const { location } = await run({})
    const back = await follow(location!)
    const { user } = await run(Object.fromEntries(back.searchParams))
    const info = await userinfo(server, String(user!.accessToken))
    assert.equal(info.status, 200)
    assert.ok(user!.refreshToken)
  })

  test('@badgateway/oauth2-client: discovery, PKCE, refresh, introspection, revocation', async () => {
    const app = await makeApp()
    const client = new BadgatewayClient({
      server: server.origin,
      clientId: app.clientId,
      clientSecret: app.secret,
      authenticationMethod: 'client_secret_post',
      discoveryEndpoint: '/.well-known/oauth-authorization-server',
    })
    const codeVerifier = await generateCodeVerifier()
    const link = await client.authorizationCode.getAuthorizeUri({
      redirectUri: REDIRECT_URI,
      state: 'kept',
      codeVerifier,
      scope: SCOPE.split(' '),
    })
    const back = await follow(link)
    const first = await client.authorizationCode.getTokenFromCodeRedirect(back, {
      redirectUri: REDIRECT_URI,
      state: 'kept',
      codeVerifier,
    })
    const second = await client.refreshToken(first)
    assert.notEqual(second.refreshToken, first.refreshToken)
    assert.equal((await client.introspect(second)).active, true)
    await client.revoke(second, 'refresh_token')
    assert.equal((await client.introspect(second)).active, false)
  })

  test('arctic: its generic client, PKCE, refresh, revocation', async () => {
    const app = await makeApp()
    const client = new ArcticClient(app.clientId, app.secret, REDIRECT_URI)
    const verifier = newVerifier()
    const link = client.createAuthorizationURLWithPKCE(
      at('/oauth/authorize'),
      'kept',
      CodeChallengeMethod.S256,
      verifier,
      SCOPE.split(' '),
    )
    const back = await follow(link)
    const code = back.searchParams.get('code')!
    const first = await client.validateAuthorizationCode(at('/oauth/token'), code, verifier)
    const second = await client.refreshAccessToken(at('/oauth/token'), first.refreshToken(), [])
    assert.notEqual(second.refreshToken(), first.refreshToken())
    assert.equal((await userinfo(server, second.accessToken())).status, 200)
    await client.revokeToken(at('/oauth/revoke'), second.accessToken())
    assert.equal((await userinfo(server, second.accessToken())).status, 401)
  })
})
