import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { profilesPage } from '../../scripts/docs/profiles-page.ts'
import { PKCE, VERIFIER } from '../oauth/registering.ts'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'
import { partner } from './partner.ts'

test('docs/app-profiles.md is what `npm run docs` would write', () => {
  const page = readFileSync(new URL('../../docs/app-profiles.md', import.meta.url), 'utf8')
  assert.equal(page, profilesPage(), 'docs/app-profiles.md is stale: run `npm run docs`')
})

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const directory = partner(server, await world.makePlatformToken('directory'))
  const registered = async (body: Record<string, unknown>) => {
    const { status, body: answer } = await directory.register(body)
    assert.equal(status, 201, JSON.stringify(answer))
    const app = (await server.site.store.apps.findLiveByClientId(answer.data.client_id))!
    return { app: { ...app, secret: answer.data.client_secret } as TestApp, data: answer.data }
  }

  test('an app with the profile `standard` has short tokens, PKCE, explicit requests and plain ID tokens', async () => {
    const { app, data } = await registered({ profile: 'standard', trusted: true, scopes: 'openid email' })
    const { profile, access_token_lifetime, require_pkce, require_explicit_request, id_token_claims } = data
    assert.deepEqual(
      [profile, access_token_lifetime, require_pkce, require_explicit_request, id_token_claims],
      ['standard', 3600, true, true, 'requested'],
      'the answer shows the settings of the profile',
    )
    const shown = (await directory.show(app.codeName)).body.data.application
    assert.deepEqual([shown.profile, shown.require_pkce], ['standard', true])

    const explicit = { response_type: 'code', state: 's', scope: 'openid email' }
    const { code } = await connect(story, app, undefined, { ...explicit, ...PKCE })
    const answer = await read(exchange(server, app, code, { code_verifier: VERIFIER }))
    assert.equal(answer.expires_in, 3600)
    assert.equal(decodeJwt(answer.id_token).email, undefined)
    const lacking = Object.keys({ ...explicit, ...PKCE }).filter((name) => name !== 'code_challenge_method')
    for (const name of lacking) {
      const { [name]: _, ...rest } = { ...explicit, ...PKCE } as Record<string, string>
      const refused = await server.fetch(authorizationPath(app, rest))
      assert.match(refused.headers.get('location')!, /error=invalid_(request|scope)/, name)
    }
  })

  test('without a profile, or with `founding`, an app answers as the founding document has it', async () => {
    const plain = await registered({ trusted: true })
    assert.deepEqual(Object.keys(plain.data), [
      ...['app_code_name', 'app_id', 'client_id', 'client_secret', 'name'],
      ...['access_token_format', 'client_auth_jwks_uri'],
    ])
    const founding = await registered({ trusted: true, profile: 'founding' })
    assert.equal(founding.data.profile, 'founding')
    for (const { app } of [plain, founding]) {
      const { code } = await connect(story, app)
      const answer = await read(exchange(server, app, code))
      assert.equal(answer.expires_in, 631152000)
      assert.equal(decodeJwt(answer.id_token).email, 'dana@example.com')
    }
  })

  test('settings in the request override those of the profile', async () => {
    const { app } = await registered({ profile: 'standard', access_token_lifetime: 600, require_pkce: 'false' })
    assert.deepEqual([app.accessTokenLifetime, app.protocol.requirePkce], [600, false])
    assert.equal(app.protocol.requireExplicitRequest, true)
    assert.equal((await registered({ profile: 'standard', access_token_lifetime: null })).app.accessTokenLifetime, null)
  })

  test('a profile must exist, and cannot change later; the settings can', async () => {
    for (const profile of ['unheard-of', 'STANDARD', 7, ['standard']]) {
      const { status, body } = await directory.register({ profile })
      assert.deepEqual([status, body.field], [422, 'profile'], JSON.stringify(profile))
    }
    const { app } = await registered({ profile: 'standard' })
    const plain = (await registered({})).app
    const changes: [TestApp, unknown, number][] = [
      [app, 'standard', 200],
      [app, 'founding', 422],
      [plain, 'founding', 200],
      [plain, 'standard', 422],
    ]
    for (const [{ codeName }, profile, status] of changes)
      assert.equal((await directory.change(codeName, { profile, require_pkce: true })).status, status, `${profile}`)
    const { body } = await directory.change(app.codeName, {
      require_pkce: false,
      access_token_lifetime: 60,
      profile: null,
    })
    const { profile, require_pkce, access_token_lifetime } = body.application
    assert.deepEqual([profile, require_pkce, access_token_lifetime], ['standard', false, 60])
    assert.ok(!('profile' in (await directory.show(plain.codeName)).body.data.application))
  })
})
