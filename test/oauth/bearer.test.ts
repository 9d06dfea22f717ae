import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenDigest } from '../../src/kit/digest.ts'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { connect, installs, onBothEngines, tellStory } from '../parts/stories.ts'
import { newEvent } from '../store/things.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp({ trusted: true })
  const { visitor } = await connect(story, app)

  async function newTokens(): Promise<{ access_token: string; id_token: string }> {
    await visitor.open(authorizationPath(app))
    return read(exchange(server, app, visitor.answer().code!))
  }

  const { access_token: token, id_token: idToken } = await newTokens()
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

  const get = (authorization?: string, path = '/oauth/userinfo') =>
    server.fetch(path, { headers: authorization === undefined ? {} : { authorization } })
  const post = (body: string | undefined, headers: Record<string, string> = FORM) =>
    server.fetch('/oauth/userinfo', { method: 'POST', headers, body })

  const BARE = 'Bearer realm="Behalf"'
  const challenge = (response: Response) => response.headers.get('www-authenticate')

  test('userinfo accepts the token in the header, with any case of the scheme, or in a posted form (RFC 6750 §2)', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR'])
      assert.equal((await get(`${scheme} ${token}`)).status, 200, scheme)
    assert.equal((await get(`Bearer   ${token}`)).status, 200, 'one or more spaces')
    assert.equal((await post(`access_token=${token}`)).status, 200)
    assert.equal((await post(undefined, { authorization: `Bearer ${token}` })).status, 200)
    const spare = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    assert.equal((await server.fetch('/oauth/userinfo', { headers: spare })).status, 200, 'as existing clients send it')
  })

  test('a request without a token gets a challenge without an error code (RFC 6750 §3.1)', async () => {
    for (const authorization of [
      undefined,
      'Basic eDp5',
      `Token ${token}`,
      `Token token="${token}"`,
      `Admin ${token}`,
      token,
    ]) {
      const response = await get(authorization)
      assert.equal(challenge(response), BARE, authorization)
      await isOAuthError(response, 401, 'invalid_token', authorization)
    }
    const inJson = { 'content-type': 'application/json' }
    const response = await post(JSON.stringify({ access_token: token }), inJson)
    assert.equal(response.status, 401, 'a body that is no form holds no token')
    assert.equal((await post('', FORM)).status, 401)
  })

  test('anything that is not a live access token gets invalid_token (RFC 6750 §3.1)', async () => {
    await visitor.open(authorizationPath(app))
    const code = visitor.answer().code!
    const directoryToken = await world.makePlatformToken('directory')
    const internalToken = await world.makePlatformToken('internal')
    const session = [...visitor.cookies.values()]
    const flipped = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')
    const wrong = {
      'a code': code,
      'an ID token': idToken,
      'the secret of an app': app.secret,
      'the name of an app': app.clientId,
      'a directory token': directoryToken,
      'an internal token': internalToken,
      'its own digest': tokenDigest(token),
      'one digit changed': flipped,
      'one digit less': token.slice(0, -1),
      'one digit more': `${token}0`,
      'upper case': token.toUpperCase(),
      padding: `${token}=`,
      'a dot behind it': `${token}.`,
      quotes: `"${token}"`,
      'percent signs': `${token}%00`,
      'a name that every object has': '__proto__',
      'a very long one': 'a'.repeat(9000),
      'a very long JWT': `${'a'.repeat(9000)}.b.c`,
      ...Object.fromEntries(session.map((cookie, index) => [`cookie ${index}`, cookie])),
    }
    for (const [what, presented] of Object.entries(wrong)) {
      const response = await get(`Bearer ${presented}`)
      assert.match(
        challenge(response)!,
        /^Bearer realm="Behalf", error="invalid_token", error_description="[^"]+"$/,
        what,
      )
      await isOAuthError(response, 401, 'invalid_token', what)
      await isOAuthError(
        await post(new URLSearchParams({ access_token: presented }).toString()),
        401,
        'invalid_token',
        what,
      )
    }
  })

  test('a token in two places, sent twice, in the URL or in an ambiguous header is refused (RFC 6750 §2)', async () => {
    const header = `Bearer ${token}`
    const ambiguous = [
      `Bearer\t${token}`,
      `Bearer ${token} x`,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token},`,
      `Basic eDp5, Bearer ${token}`,
      `Bearer ${token}, Basic eDp5`,
      'Bearer',
    ]
    const responses: [string, Response][] = [
      ['in the URL', await get(undefined, `/oauth/userinfo?access_token=${token}`)],
      ['in the URL as well', await get(header, `/oauth/userinfo?access_token=${token}`)],
      ['in the URL, empty', await get(header, '/oauth/userinfo?access_token=')],
      ['in header and body', await post(`access_token=${token}`, { ...FORM, authorization: header })],
      ['twice in the body', await post(`access_token=${token}&access_token=${token}`)],
      ['no text', await post('access_token=%00')],
    ]
    for (const each of ambiguous) responses.push([each, await get(each)])
    for (const [what, response] of responses) {
      assert.match(
        challenge(response)!,
        /^Bearer realm="Behalf", error="invalid_request", error_description="[^"]+"$/,
        what,
      )
      const said = await isOAuthError(response, 400, 'invalid_request', what)
      assert.ok(!said.includes(token), 'nor is the token repeated')
    }
  })

  test('a JWT access token is valid only while its row is alive, and is never accepted as an ID token (RFC 9068 §4)', async () => {
    const signed = await world.makeApp({ accessTokenFormat: 'jwt', trusted: true })
    const { code } = await connect(story, signed)
    const { access_token: jwt, id_token: about } = await read(exchange(server, signed, code))
    const [header, payload, signature] = jwt.split('.')
    const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    assert.equal(decoded(header).typ, 'at+jwt')
    assert.deepEqual([decoded(payload).iss, decoded(payload).aud], [server.origin, server.origin])
    assert.equal((await userinfo(server, jwt)).status, 200)
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    for (const forged of [`${none}.${payload}.x`, `${header}.${payload}.${signature}x`, about, `${header}.${payload}.`])
      assert.equal((await userinfo(server, forged)).status, 401, forged.slice(0, 40))
    const at = server.clock.now()
    await server.site.store.accessTokens.end(tokenDigest(jwt), at, newEvent({ type: 'token.ended', at }))
    assert.equal((await userinfo(server, jwt)).status, 401, 'ended before it expires')
  })

  test('userinfo returns only the claims that were approved (OpenID Connect Core §5.4)', async () => {
    const scoped = await world.makeApp({ scopes: ['openid', 'profile', 'email', 'clients_read'], trusted: true })
    const claimsByScope = {
      openid: ['email'],
      profile: ['name'],
      email: ['email'],
      clients_read: [],
    }
    for (const [scope, expected] of Object.entries(claimsByScope)) {
      const { code } = await connect(story, scoped, undefined, { scope })
      const { access_token: narrow } = await read(exchange(server, scoped, code))
      const claims = await read(userinfo(server, narrow))
      assert.deepEqual(
        Object.keys(claims)
          .filter((name) => ['email', 'name'].includes(name))
          .sort(),
        expected,
        scope,
      )
      assert.ok(claims.sub && claims.business_uid)
    }
  })

  test('a token ends when it expires, and when anything on its chain ends', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp({ accessTokenLifetime: 600 })
    const { token } = await installs(story, app)
    server.clock.advance(599)
    assert.equal((await userinfo(server, token)).status, 200)
    server.clock.advance(1)
    const response = await userinfo(server, token)
    assert.match(challenge(response)!, /error="invalid_token"/)
    assert.equal(response.status, 401)

    const other = await world.makeApp()
    const { token: second } = await installs(story, other)
    assert.equal((await userinfo(server, second)).status, 200)
    const at = server.clock.now()
    await server.site.store.people.end(story.dana.uid, at, newEvent({ type: 'person.ended', at }))
    assert.equal((await userinfo(server, second)).status, 401)
  })

  test('a lifetime of twenty years gives an exact expiry, also after 2038', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp()
    const { token } = await installs(story, app)
    const made = server.clock.now()
    server.clock.set(made + 631_152_000 - 1)
    assert.equal((await userinfo(server, token)).status, 200)
    server.clock.set(made + 631_152_000)
    assert.equal((await userinfo(server, token)).status, 401)
  })
})
