import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { AuthorizationCode } from 'simple-oauth2'
import { libraryStory } from '../parts/library-story.ts'
import { onBothEngines } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const { server, world, dana, follow } = await libraryStory(engine)
  const REDIRECT_URI = 'http://127.0.0.1:44444/callback'

  /** An app that a person has allowed, as a configuration of openid-client. */
  async function allowedApp(app: TestApp, proof: client.ClientAuth, scope: string) {
    const options = { execute: [client.allowInsecureRequests] }
    const config = await client.discovery(new URL(server.origin), app.clientId, {}, proof, options)
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const back = await follow(
      client.buildAuthorizationUrl(config, {
        redirect_uri: REDIRECT_URI,
        scope,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      }),
    )
    return { config, tokens: await client.authorizationCodeGrant(config, back, { pkceCodeVerifier }) }
  }

  for (const [kind, details, scope, isReplaced] of [
    ['a public app', { public: true }, 'openid email', true],
    ['an app with a secret', {}, 'openid email offline_access', false],
  ] as const) {
    test(`openid-client: ${kind} refreshes, narrows and revokes, from discovery only`, async () => {
      const app = await world.makeApp({ redirectUri: REDIRECT_URI, ...details })
      const proof = app.public ? client.None() : client.ClientSecretBasic(app.secret)
      const { config, tokens } = await allowedApp(app, proof, scope)
      assert.ok(config.serverMetadata().revocation_endpoint)
      const first = tokens.refresh_token!

      const second = await client.refreshTokenGrant(config, first)
      assert.equal(second.refresh_token !== first, isReplaced)
      assert.equal(second.claims()!.sub, dana)
      assert.equal((await client.fetchUserInfo(config, second.access_token, dana)).email, 'dana@example.com')

      const again = await client.refreshTokenGrant(config, first, { scope: 'email' })
      assert.equal(again.refresh_token, second.refresh_token, 'the answer might have been lost')
      assert.deepEqual([again.scope, again.claims()], ['email', undefined])

      await client.tokenRevocation(config, again.access_token, { token_type_hint: 'access_token' })
      await assert.rejects(client.fetchUserInfo(config, again.access_token, dana))
      const third = await client.refreshTokenGrant(config, second.refresh_token!)
      await client.tokenRevocation(config, third.refresh_token!)
      await assert.rejects(client.refreshTokenGrant(config, third.refresh_token!), { error: 'invalid_grant' })
      await assert.rejects(client.fetchUserInfo(config, third.access_token, dana))
      await client.tokenRevocation(config, third.refresh_token!)
    })
  }

  for (const bodyFormat of ['json', 'form'] as const) {
    test(`simple-oauth2: a ${bodyFormat} body refreshes and revokes`, async () => {
      const app = await world.makeApp({ redirectUri: REDIRECT_URI })
      const oauth = new AuthorizationCode({
        client: { id: app.clientId, secret: app.secret },
        auth: { tokenHost: server.origin, authorizePath: '/app/oauth/authorize' },
        options: { bodyFormat, authorizationMethod: 'body' },
      })
      const back = await follow(oauth.authorizeURL({ redirect_uri: REDIRECT_URI, scope: 'openid offline_access' }))
      const first = await oauth.getToken({ code: back.searchParams.get('code')!, redirect_uri: REDIRECT_URI })
      const second = await first.refresh()
      assert.equal(second.token.refresh_token, first.token.refresh_token)
      assert.notEqual(second.token.access_token, first.token.access_token)
      await second.revokeAll()
      await assert.rejects(second.refresh(), /400/)
    })
  }
})
