import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { onBothEngines } from '../parts/stories.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const server = await listeningSite({ BEHALF_REGISTRATION: 'open', ...(await databaseOf(engine)) })
  const world = await makeWorld(server)
  const bakery = await world.makeBusiness('Bread & Butter')
  const { staff } = await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
  const dana = staff[0]!.uid

  const REDIRECT_URI = 'http://127.0.0.1:44446/callback'
  const AFTER_LOGOUT = 'http://127.0.0.1:44446/bye'
  const SCOPE = 'openid email offline_access'
  const insecure = { execute: [client.allowInsecureRequests] }

  /** Signs in, allows, and exchanges the code; then does everything else that the library supports. */
  async function complete(config: client.Configuration, isPushed: boolean, algorithm = 'RS256') {
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
    const parameters = {
      redirect_uri: REDIRECT_URI,
      scope: SCOPE,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    }
    const link = isPushed
      ? await client.buildAuthorizationUrlWithPAR(config, parameters)
      : client.buildAuthorizationUrl(config, parameters)
    assert.equal(link.searchParams.has('state'), !isPushed)
    const visitor = world.visitor()
    await visitor.open(link.pathname + link.search)
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    assert.ok(visitor.place.away, visitor.place.html)
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
    const first = await client.authorizationCodeGrant(config, visitor.place.away, checks)
    assert.equal(first.claims()!.sub, dana)
    assert.equal(JSON.parse(Buffer.from(first.id_token!.split('.')[0]!, 'base64url').toString()).alg, algorithm)

    const second = await client.refreshTokenGrant(config, first.refresh_token!)
    assert.notEqual(second.access_token, first.access_token)
    assert.equal((await client.fetchUserInfo(config, second.access_token, dana)).email, 'dana@example.com')
    const introspected = await client.tokenIntrospection(config, second.access_token)
    assert.deepEqual([introspected.active, introspected.business_uid], [true, bakery.uid])
    await client.tokenRevocation(config, second.refresh_token!)
    assert.deepEqual(await client.tokenIntrospection(config, second.access_token), { active: false })
    await assert.rejects(client.refreshTokenGrant(config, second.refresh_token!), { error: 'invalid_grant' })

    const leaving = client.buildEndSessionUrl(config, {
      id_token_hint: first.id_token!,
      post_logout_redirect_uri: AFTER_LOGOUT,
      state: 'gone',
    })
    await visitor.open(leaving.pathname + leaving.search)
    assert.equal(visitor.place.away?.href, `${AFTER_LOGOUT}?state=gone`)
  }

  test('openid-client: pushed request, private_key_jwt, refresh, introspection, revocation, end of session', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const app = await world.makeApp({
      redirectUri: REDIRECT_URI,
      protocol: {
        authMethod: 'private_key_jwt',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'first', alg: 'ES256', use: 'sig' }] },
        requirePushedRequests: true,
        rotateRefreshTokens: true,
        idTokenAlg: 'ES256',
        postLogoutRedirectUris: [AFTER_LOGOUT],
      },
    })
    const proof = client.PrivateKeyJwt({ key: privateKey, kid: 'first' })
    const metadata = { id_token_signed_response_alg: 'ES256' }
    const config = await client.discovery(new URL(server.origin), app.clientId, metadata, proof, insecure)
    await complete(config, true, 'ES256')
  })

  for (const method of ['client_secret_basic', 'client_secret_jwt'] as const) {
    test(`openid-client: dynamic registration, ${method}, and the same flow`, async () => {
      const proof = { client_secret_basic: client.ClientSecretBasic, client_secret_jwt: client.ClientSecretJwt }[method]
      const metadata = {
        client_name: 'Registered by itself',
        redirect_uris: [REDIRECT_URI],
        post_logout_redirect_uris: [AFTER_LOGOUT],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: method,
        application_type: 'native',
        scope: SCOPE,
      }
      const config = await client.dynamicClientRegistration(new URL(server.origin), metadata, proof(), insecure)
      assert.equal(config.clientMetadata().client_name, 'Registered by itself')
      await complete(config, false)
    })
  }
})
