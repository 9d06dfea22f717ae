import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSigner } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { onBothEngines } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { partner, REDIRECT_URI } from './partner.ts'

const key = newSigner('ES256')
const SETTINGS = {
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  jwks: { keys: [key.jwk] },
  id_token_signed_response_alg: 'ES256',
  userinfo_signed_response_alg: 'RS256',
  default_max_age: 3600,
  require_auth_time: true,
  subject_type: 'pairwise',
  post_logout_redirect_uris: ['https://app.example/bye'],
  backchannel_logout_uri: 'https://app.example/logout',
  backchannel_logout_session_required: true,
  require_pushed_authorization_requests: true,
  require_pkce: true,
  require_explicit_request: true,
  refresh_tokens: 'offline_access',
  rotate_refresh_tokens: true,
  refresh_token_lifetime: 86_400,
  refresh_token_idle_lifetime: 3600,
}

onBothEngines((engine) => {
  test('the protocol settings of an app can be set, read, changed one by one and removed', async () => {
    const server = await testSite({ engine })
    const world = await makeWorld(server)
    const directory = partner(server, await world.makePlatformToken('directory'))
    const { status, body } = await directory.register({ app_code_name: 'spoken', ...SETTINGS })
    assert.deepEqual([status, body.data?.client_secret], [201, null], JSON.stringify(body))
    const shown = async () => (await directory.show('spoken')).body.data.application
    const first = await shown()
    assert.deepEqual({ ...first, ...SETTINGS }, first)
    const changed = await directory.change('spoken', {
      require_pkce: 'false',
      default_max_age: '60',
      refresh_tokens: null,
    })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    const { refresh_tokens: _, ...rest } = SETTINGS
    const second = await shown()
    assert.deepEqual({ ...second, ...rest, require_pkce: false, default_max_age: 60 }, second)
    assert.ok(!('refresh_tokens' in second))
  })

  test('a contradictory or invalid setting is refused with its name and changes nothing', async () => {
    const server = await testSite({ engine })
    const world = await makeWorld(server)
    const directory = partner(server, await world.makePlatformToken('directory'))
    await directory.register({ app_code_name: 'plain' })
    await directory.register({ app_code_name: 'open', public: true })
    const cases: [Record<string, unknown>, string, string?][] = [
      [{ grant_types: ['implicit'] }, 'grant_types'],
      [{ grant_types: ['authorization_code', 'implicit'] }, 'grant_types'],
      [{ grant_types: [] }, 'grant_types'],
      [{ grant_types: 'authorization_code' }, 'grant_types'],
      [{ response_types: ['token'] }, 'response_types'],
      [{ response_types: ['code', 'id_token'] }, 'response_types'],
      [{ jwks: { keys: [key.privateJwk] } }, 'jwks'],
      [{ token_endpoint_auth_method: 'private_key_jwt' }, 'token_endpoint_auth_method'],
      [{ jwks: { keys: [key.jwk] }, client_auth_jwks_uri: 'https://app.example/keys' }, 'jwks'],
      [{ token_endpoint_auth_signing_alg: 'HS256' }, 'token_endpoint_auth_signing_alg'],
      [{ token_endpoint_auth_signing_alg: 'none' }, 'token_endpoint_auth_signing_alg'],
      [{ token_endpoint_auth_method: 'client_secret_basic' }, 'public', 'open'],
      [{ id_token_signed_response_alg: 'none' }, 'id_token_signed_response_alg'],
      [{ default_max_age: 1.5 }, 'default_max_age'],
      [{ default_max_age: 2 ** 31 }, 'default_max_age'],
      [{ require_auth_time: 1 }, 'require_auth_time'],
      [{ require_explicit_request: 'always' }, 'require_explicit_request'],
      [{ subject_type: 'other' }, 'subject_type'],
      [{ post_logout_redirect_uris: ['http://app.example/'] }, 'post_logout_redirect_uris'],
      [
        { post_logout_redirect_uris: Array.from({ length: 21 }, (_, n) => `https://app.example/${n}`) },
        'post_logout_redirect_uris',
      ],
      [{ backchannel_logout_uri: 'javascript:x' }, 'backchannel_logout_uri'],
      [{ backchannel_logout_uri: 'https://app.example/#x' }, 'backchannel_logout_uri'],
      [{ sector_identifier_uri: 'https://127.0.0.1/sector' }, 'sector_identifier_uri'],
      [{ refresh_tokens: 'sometimes' }, 'refresh_tokens'],
      [{ refresh_token_lifetime: 59 }, 'refresh_token_lifetime'],
      [{ refresh_token_idle_lifetime: 631_152_001 }, 'refresh_token_idle_lifetime'],
      [{ subject_type: 'pairwise', oauth_redirect_uris: ['https://other.example/cb'] }, 'sector_identifier_uri'],
    ]
    for (const [change, field, codeName = 'plain'] of cases) {
      const { status, body } = await directory.change(codeName, change)
      assert.deepEqual(
        [status, body.field],
        [422, field],
        `${JSON.stringify(change).slice(0, 200)} ${JSON.stringify(body)}`,
      )
      assert.match(body.error, /^[\x20-\x7E]{10,}\.$/)
    }
    assert.deepEqual((await server.site.store.apps.findLiveByCodeName('plain'))!.protocol, {})
  })

  test('in production every URL that the server fetches or calls must be https', async () => {
    const env = { BEHALF_ISSUER: 'https://auth.example.com' }
    const server = await testSite(
      engine === 'postgres' ? { engine, env } : { env: { ...env, BEHALF_ENV: 'development' } },
    )
    const world = await makeWorld(server)
    const directory = partner(server, await world.makePlatformToken('directory'))
    await directory.register({ app_code_name: 'live' })
    const { status } = await directory.change('live', { backchannel_logout_uri: 'http://localhost:3000/logout' })
    assert.equal(status, engine === 'postgres' ? 422 : 200)
  })

  test('the sector document is fetched when it is set, and when redirect URIs change', async () => {
    const server = await testSite({ engine, env: { BEHALF_OUTBOUND_PRIVATE: 'on' } })
    const world = await makeWorld(server)
    const directory = partner(server, await world.makePlatformToken('directory'))
    const place = await documentServer([REDIRECT_URI, 'https://other.example/cb'])
    const sector = { subject_type: 'pairwise', sector_identifier_uri: place.url }
    assert.equal((await directory.register({ app_code_name: 'sector', ...sector })).status, 201)
    assert.equal((await directory.change('sector', { name: 'Other', ...sector })).status, 200)
    assert.equal(place.asked.length, 1)
    assert.equal((await directory.change('sector', { oauth_redirect_uris: ['https://other.example/cb'] })).status, 200)
    const { status, body } = await directory.change('sector', { oauth_redirect_uris: ['https://third.example/cb'] })
    assert.deepEqual([status, body.field, place.asked.length], [422, 'sector_identifier_uri', 3])
  })
})
