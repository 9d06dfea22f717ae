import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { Params } from '../../src/http/params.ts'
import { grantFor } from '../../src/oauth/grants/grant.ts'
import { issue } from '../../src/oauth/issue/issue.ts'
import { isOAuthError } from '../parts/answers.ts'
import { exchange, read, refresh, userinfo } from '../parts/app-calls.ts'
import { introspect } from '../parts/resources.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'

const KEY = { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }
const cnf = JSON.stringify(KEY)

/** Returns a code that is bound to the key. No endpoint binds one yet. */
async function boundCode(story: Story, app: TestApp): Promise<string> {
  const { codes } = story.test.site.store
  const { begin } = codes
  codes.begin = (approval) => {
    codes.begin = begin
    const { outcome } = approval
    assert.ok(outcome.kind === 'code')
    return begin({ ...approval, outcome: { kind: 'code', code: { ...outcome.code, cnf } } })
  }
  return (await connect(story, app, undefined, { scope: 'openid clients_read offline_access' })).code
}

onBothEngines((engine) => {
  /** A token request of an app that proved possession of the key. */
  async function ask({ test: { site } }: Story, app: TestApp, values: Record<string, string>) {
    const form = new Params(new Map(Object.entries(values).map(([name, value]) => [name, [value]])))
    const request = { app: (await site.store.apps.findLive(app.uid))!, form, proof: { cnf }, reference: 'abcdefghjkmn' }
    return issue(await grantFor(form.need('grant_type')).redeem(request, site), request.proof, site)
  }

  test('a code that is bound to a key needs the key, and its tokens are bound to the same key', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const scopes = ['openid', 'clients_read', 'offline_access']
    const app = await world.makeApp({ scopes, protocol: { rotateRefreshTokens: true } })
    const code = await boundCode(story, app)
    await isOAuthError(await exchange(server, app, code), 400, 'invalid_grant')
    const tokens = await ask(story, app, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: app.redirectUri,
    })
    for (const token of [tokens.access_token, tokens.refresh_token!])
      assert.deepEqual((await read(introspect(server, app, token))).cnf, KEY)
    await isOAuthError(await userinfo(server, tokens.access_token), 401, 'invalid_token')

    await isOAuthError(await refresh(server, app, tokens.refresh_token!), 400, 'invalid_grant')
    const next = await ask(story, app, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token! })
    assert.notEqual(next.refresh_token, tokens.refresh_token)
    for (const token of [next.access_token, next.refresh_token!])
      assert.deepEqual((await read(introspect(server, app, token))).cnf, KEY)
  })

  test('a JWT access token names the key it is bound to in cnf (RFC 7800 §3.1)', async () => {
    const story = await tellStory({ engine })
    const protocol = { grantTypes: ['client_credentials'] }
    const app = await story.world.makeApp({ accessTokenFormat: 'jwt', protocol, scopes: ['app/installs'] })
    const { access_token: token } = await ask(story, app, { grant_type: 'client_credentials' })
    assert.deepEqual(decodeJwt(token).cnf, KEY)
    assert.deepEqual((await read(introspect(story.test, app, token))).cnf, KEY)
  })

  test('a bearer token has no cnf', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    const { access_token: token } = await read(exchange(story.test, app, (await connect(story, app)).code))
    assert.equal('cnf' in (await read(introspect(story.test, app, token))), false)
    assert.equal((await userinfo(story.test, token)).status, 200)
  })
})
