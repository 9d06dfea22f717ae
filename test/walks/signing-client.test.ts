import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import type { ClientAuthMethod } from '../../src/store/nouns/apps.ts'
import { read } from '../parts/app-calls.ts'
import { ALGORITHMS, newSigner } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { onBothEngines } from '../parts/stories.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const server = await listeningSite({ BEHALF_OUTBOUND_PRIVATE: 'on', ...(await databaseOf(engine)) })
  const world = await makeWorld(server)
  const bakery = await world.makeBusiness('Bread & Butter')
  await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
  const token = await world.makePlatformToken('internal')
  const REDIRECT_URI = 'http://127.0.0.1:44444/callback'

  /** Registers an app through the management API, as a partner does. */
  async function register(method: ClientAuthMethod, more: Record<string, unknown> = {}) {
    const response = await server.fetch('/platform/v1/apps', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'Signing',
        redirect_uri: REDIRECT_URI,
        trusted: true,
        token_endpoint_auth_method: method,
        ...more,
      }),
    })
    const { data } = await read(response)
    return data as { client_id: string; client_secret: string | null }
  }

  /** The whole flow with a library that authenticates with its own method; then the app revokes its token. */
  async function walk(clientId: string, authenticate: client.ClientAuth): Promise<void> {
    const options = { execute: [client.allowInsecureRequests] }
    const config = await client.discovery(new URL(server.origin), clientId, {}, authenticate, options)
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const link = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid email',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const visitor = world.visitor()
    await visitor.open(link.pathname + link.search)
    await visitor.signIn('dana@example.com', PASSWORD)
    const tokens = await client.authorizationCodeGrant(config, visitor.place.away!, { pkceCodeVerifier })
    const { sub } = tokens.claims()!
    assert.equal((await client.fetchUserInfo(config, tokens.access_token, sub)).email, 'dana@example.com')
    await client.tokenRevocation(config, tokens.access_token)
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub))
  }

  for (const alg of ALGORITHMS) {
    test(`openid-client signs with ${alg}, with keys that it registered and with keys that it publishes`, async () => {
      const signer = newSigner(alg)
      const set = { keys: [signer.jwk] }
      const subtleName = { RS256: 'RSASSA-PKCS1-v1_5', PS256: 'RSA-PSS', ES256: 'ECDSA', EdDSA: 'Ed25519' }[alg]
      const key = await crypto.subtle.importKey(
        'jwk',
        { ...signer.privateJwk, alg: undefined },
        { name: subtleName, hash: 'SHA-256', namedCurve: 'P-256' },
        false,
        ['sign'],
      )
      const proof = client.PrivateKeyJwt({ key, kid: signer.kid })
      const inline = await register('private_key_jwt', { jwks: set })
      assert.equal(inline.client_secret, null)
      await walk(inline.client_id, proof)
      const { url } = await documentServer(set)
      await walk((await register('private_key_jwt', { client_auth_jwks_uri: url })).client_id, proof)
    })
  }

  test('openid-client signs with its secret', async () => {
    const { client_id, client_secret } = await register('client_secret_jwt')
    await walk(client_id, client.ClientSecretJwt(client_secret!))
  })
})
