import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changePerson } from '../../src/domain/people/change-person.ts'
import { endpoints } from '../../src/routes.ts'
import { authorizationPath, basic, exchangeForm, read, userinfo } from '../parts/app-calls.ts'
import { newSigner } from '../parts/assertions.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { partner } from '../platform/partner.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const WELL_KNOWN = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']
  const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
  const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
  const metadata = await read(server.fetch(WELL_KNOWN[0]!))

  /** Returns the answer of the authorization endpoint, without what it says about the missing sign-in. */
  async function refusalOf(parameters: Record<string, string>, scopes: string[] = []): Promise<string | undefined> {
    // A fragment is for public apps.
    const isPublic = parameters.response_mode === 'fragment'
    const app = await world.makeApp({ trusted: !isPublic, public: isPublic, scopes: ['openid', ...scopes] })
    const visitor = world.visitor()
    const place = await visitor.open(authorizationPath(app, { state: 's', ...parameters }))
    if (place.url.includes('/login?')) return undefined
    const posted = /name="error_description" value="([^"]*)"/.exec(place.html ?? '')?.[1]
    return posted ?? visitor.answer().error_description
  }

  test('both metadata URLs return the same document, under the issuer, and may be cached (RFC 8414 §3, OpenID Connect Discovery §4)', async () => {
    assert.equal(metadata.issuer, server.origin)
    for (const path of WELL_KNOWN) {
      const answer = await server.fetch(path)
      assert.equal(answer.headers.get('content-type'), 'application/json')
      assert.match(answer.headers.get('cache-control')!, /^public, max-age=\d+$/)
      assert.deepEqual(await read(answer), metadata)
    }
    const required = [
      ...['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'scopes_supported'],
      ...[
        'response_types_supported',
        'subject_types_supported',
        'id_token_signing_alg_values_supported',
        'claims_supported',
      ],
    ]
    for (const name of required) assert.ok(name in metadata, name)
  })

  test('there is one issuer, and no metadata below a path (RFC 8414 §3.1)', async () => {
    const strangers = WELL_KNOWN.flatMap((path) => [`${path}/tenant`, `${path}/a/b`, `${path}.json`, `/tenant${path}`])
    for (const path of strangers) assert.equal((await server.fetch(path)).status, 404, path)
  })

  test('no two endpoints declare the same metadata, and every list is complete', () => {
    const names = endpoints.flatMap(({ metadata }) => Object.keys(metadata?.(server.site, '') ?? {}))
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    )
    for (const [name, value] of Object.entries(metadata)) {
      if (!/_supported$/.test(name) || typeof value === 'boolean') continue
      assert.ok(Array.isArray(value) && value.length > 0, name)
      assert.equal(new Set(value).size, value.length, name)
    }
  })

  test('every URL in the metadata answers', async () => {
    const addresses = Object.entries<string>(metadata).filter(([name]) => /_endpoint$|^jwks_uri$|_iframe$/.test(name))
    assert.ok(addresses.length >= 4)
    for (const [name, url] of addresses) {
      assert.ok(url.startsWith(`${server.origin}/`), name)
      const statuses = await Promise.all(
        ['GET', 'POST'].map(async (method) => (await server.fetch(new URL(url).pathname, { method })).status),
      )
      assert.ok(!statuses.includes(404) && statuses.some((status) => status !== 405), `${name}: ${statuses}`)
      assert.ok(
        statuses.every((status) => status < 500),
        `${name}: ${statuses}`,
      )
    }
  })

  test('grant_types_supported lists exactly the known grant types', async () => {
    const app = await world.makeApp()
    const errorOf = async (grantType: string) => {
      const form = { grant_type: grantType, client_id: app.clientId, client_secret: app.secret }
      return (await read(exchangeForm(server, form))).error
    }
    for (const type of metadata.grant_types_supported)
      assert.notEqual(await errorOf(type), 'unsupported_grant_type', type)
    for (const type of ['password', 'implicit', 'x']) assert.equal(await errorOf(type), 'unsupported_grant_type')
  })

  test('token_endpoint_auth_methods_supported lists exactly the known methods, and those without a signature work', async () => {
    const secret = await world.makeApp({ trusted: true })
    const open = await world.makeApp({ trusted: true, public: true })
    const ways: Record<string, (code: string) => Promise<Response>> = {
      client_secret_basic: (code) =>
        exchangeForm(server, form(code, secret.redirectUri), { authorization: basic(secret.clientId, secret.secret) }),
      client_secret_post: (code) =>
        exchangeForm(server, {
          ...form(code, secret.redirectUri),
          client_id: secret.clientId,
          client_secret: secret.secret,
        }),
      none: (code) =>
        exchangeForm(server, {
          ...form(code, open.redirectUri),
          client_id: open.clientId,
          code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
        }),
    }
    const form = (code: string, redirectUri: string) => ({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
    })
    const listed: string[] = metadata.token_endpoint_auth_methods_supported
    for (const [method, ask] of Object.entries(ways)) {
      assert.ok(listed.includes(method), method)
      const challenge = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
      const { code } = await connect(
        story,
        method === 'none' ? open : secret,
        undefined,
        method === 'none' ? challenge : {},
      )
      assert.equal((await ask(code)).status, 200, method)
    }
    const known = [...Object.keys(ways), 'private_key_jwt', 'client_secret_jwt']
    assert.deepEqual(
      listed.filter((method) => !known.includes(method)),
      [],
    )
  })

  test('exactly the listed response types, response modes, prompts, challenge methods and scopes are accepted', async () => {
    const cases: [values: string[], other: string, ask: (value: string) => Promise<string | undefined>][] = [
      [metadata.response_types_supported, 'token', (value) => refusalOf({ response_type: value })],
      [metadata.response_modes_supported, 'query.jwt', (value) => refusalOf({ response_mode: value, ...PKCE })],
      [metadata.prompt_values_supported, 'x', (value) => refusalOf({ prompt: value })],
      [
        metadata.code_challenge_methods_supported,
        'plain',
        (value) => refusalOf({ code_challenge: CHALLENGE, code_challenge_method: value }),
      ],
      [metadata.scopes_supported, 'x', (value) => refusalOf({ scope: value }, [value])],
    ]
    for (const [values, other, ask] of cases) {
      for (const value of values) {
        const refusal = await ask(value)
        // Nobody is signed in and no page may be shown, so login_required is the only possible complaint.
        if (value === 'none') assert.match(refusal ?? '', /sign/i)
        else assert.equal(refusal, undefined, value)
      }
      assert.ok(await ask(other), other)
    }
  })

  test('claims_supported lists exactly the claims that tokens contain (OpenID Connect Discovery §3)', async () => {
    const texts = ['given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'gender']
    const links = ['profile', 'picture', 'website']
    const profile = {
      ...Object.fromEntries(texts.map((name) => [name, 'x'])),
      ...Object.fromEntries(links.map((name) => [name, 'https://dana.example/'])),
      ...{ birthdate: '1990-12-31', zoneinfo: 'Europe/Paris', locale: 'he', phone_number: '+33142685300' },
      address: '{"country":"FR"}',
    }
    const dana = await server.site.store.people.find(story.dana.uid)
    await changePerson(dana!, { emailVerified: true, phoneVerified: true, profile }, operatorActor, server.site)
    const scopes = ['openid', 'profile', 'email', 'phone', 'address', 'groups']
    const app = await world.makeApp({ trusted: true, scopes })
    const { code } = await connect(story, app, undefined, { nonce: 'n', scope: scopes.join(' ') })
    const form = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri }
    const { id_token: idToken, access_token: token } = await read(
      exchangeForm(server, form, { authorization: basic(app.clientId, app.secret) }),
    )
    const { scope, ...person } = await read(userinfo(server, token))
    const made = new Set([...Object.keys(decodeJwt(idToken)), ...Object.keys(person)])
    assert.deepEqual([...made].sort(), [...metadata.claims_supported].sort())
  })

  test('an app can register for exactly what the metadata lists', async () => {
    const internal = partner(server, await world.makePlatformToken('internal'))
    const jwks = { keys: [newSigner('ES256').jwk] }
    const cases: [listed: string[], member: string, other: string, besides: (value: string) => object][] = [
      [metadata.grant_types_supported, 'grant_types', 'password', () => ({})],
      [metadata.response_types_supported, 'response_types', 'token', () => ({})],
      [metadata.subject_types_supported, 'subject_type', 'x', () => ({})],
      [metadata.id_token_signing_alg_values_supported, 'id_token_signed_response_alg', 'none', () => ({})],
      [metadata.userinfo_signing_alg_values_supported, 'userinfo_signed_response_alg', 'HS256', () => ({})],
      [
        metadata.token_endpoint_auth_methods_supported,
        'token_endpoint_auth_method',
        'tls_client_auth',
        (value) => (value === 'private_key_jwt' ? { jwks } : {}),
      ],
      [
        metadata.token_endpoint_auth_signing_alg_values_supported,
        'token_endpoint_auth_signing_alg',
        'none',
        (value) =>
          value === 'HS256'
            ? { token_endpoint_auth_method: 'client_secret_jwt' }
            : { token_endpoint_auth_method: 'private_key_jwt', jwks },
      ],
    ]
    for (const [listed, member, other, besides] of cases) {
      const register = (value: string) =>
        internal.register({ [member]: member.endsWith('types') ? [value] : value, ...besides(value) })
      for (const value of listed) {
        const { status, body } = await register(value)
        assert.equal(status, 201, `${member} ${value}: ${JSON.stringify(body)}`)
      }
      assert.equal((await register(other)).status, 422, `${member} ${other}`)
    }
  })

  test('every listed algorithm has a published key', async () => {
    const { keys } = await read(server.fetch(new URL(metadata.jwks_uri).pathname))
    const algorithms = keys.map(({ alg }: { alg: string }) => alg).sort()
    assert.deepEqual([...metadata.id_token_signing_alg_values_supported].sort(), algorithms)
    assert.deepEqual([...metadata.userinfo_signing_alg_values_supported].sort(), algorithms)
    assert.ok(metadata.id_token_signing_alg_values_supported.includes('RS256'), 'OpenID Connect Core §15.1')
    for (const [name, values] of Object.entries<string[]>(metadata))
      if (name.endsWith('_alg_values_supported')) assert.ok(!values.includes('none'), name)
  })

  test('the pages exist in every listed language', async () => {
    for (const language of metadata.ui_locales_supported) {
      const page = await (await server.fetch('/nothing', { headers: { 'accept-language': language } })).text()
      assert.match(page, new RegExp(`<html lang="${language}"`), language)
    }
  })

  test('service_documentation appears if the operator sets it (RFC 8414 §2)', async () => {
    const names = ['service_documentation', 'op_policy_uri', 'op_tos_uri']
    for (const name of names) assert.ok(!(name in metadata), name)
    const env = {
      BEHALF_DOCUMENTATION_URL: 'https://docs.example/api',
      BEHALF_POLICY_URL: 'https://example.com/policy',
      BEHALF_TERMS_URL: 'https://example.com/terms?for=developers',
    }
    const published = await read((await testSite({ env })).fetch(WELL_KNOWN[1]!))
    assert.deepEqual(
      names.map((name) => published[name]),
      Object.values(env),
    )
  })
})
