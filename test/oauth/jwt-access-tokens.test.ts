import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { acrOf } from '../../src/domain/people/session.ts'
import type { ResourceDraft } from '../../src/domain/tokens/resource-settings.ts'
import { newUid } from '../../src/kit/id.ts'
import { readOwnIdToken } from '../../src/oauth/checks/own-id-token.ts'
import { isSentBack } from '../parts/answers.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { askToken, CLIENT_CREDENTIALS, introspect, isInactive, makeResource, payloadOf } from '../parts/resources.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world, bakery, dana } = story

  test('a JWT access token contains what an API needs to verify it (RFC 9068 §2)', async () => {
    const { identifier } = await makeResource(server, null, {
      identifier: 'https://api.example.com',
      tokenFormat: 'jwt',
    })
    const app = await world.makeApp({ scopes: ['openid', 'clients_read'], accessTokenLifetime: 900 })
    const { visitor } = await connect(story, app)
    const signedInAt = server.clock.now()
    server.clock.advance(40)
    await visitor.open(authorizationPath(app, { resource: identifier }))
    await visitor.allow()
    const { access_token: token } = await read(exchange(server, app, visitor.answer().code!))
    const known = createLocalJWKSet(await read(server.fetch('/oauth/jwks')))
    const { payload, protectedHeader } = await jwtVerify(token, known, {
      issuer: server.origin,
      audience: identifier,
      typ: 'at+jwt',
      algorithms: ['RS256'],
      currentDate: new Date(server.clock.now() * 1000),
      requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
    })
    assert.deepEqual([protectedHeader.typ, protectedHeader.alg], ['at+jwt', 'RS256'])
    const { jti, ...claims } = payload
    const now = server.clock.now()
    assert.match(String(jti), /^[0-9a-f]{64}$/)
    assert.deepEqual(claims, {
      iss: server.origin,
      aud: identifier,
      sub: dana.staffUid,
      client_id: app.clientId,
      iat: now,
      exp: now + 900,
      scope: 'openid clients_read',
      auth_time: signedInAt,
      acr: acrOf(['pwd']),
      amr: ['pwd'],
      business_id: bakery.uid,
      business_uid: bakery.uid,
      directory_uid: world.directory.uid,
      username: 'dana@example.com',
      roles: ['owner'],
      business_name: bakery.name,
      type: 'staff',
    })
    const about = await read(introspect(server, app, token))
    assert.deepEqual([about.jti, about.auth_time, about.acr, about.amr], [jti, signedInAt, payload.acr, ['pwd']])
  })

  test('a JWT access token says what introspection says, for APIs of the platform (RFC 9068 §2.2.2, §2.2.3.1)', async () => {
    const app = await world.makeApp({ trusted: true, scopes: ['openid', 'clients_read'], accessTokenFormat: 'jwt' })
    const tokenFor = async (parameters: Record<string, string> = {}) => {
      const { code } = await connect(story, app, undefined, parameters)
      return (await read(exchange(server, app, code))).access_token
    }
    const shared = [
      'username',
      'roles',
      'business_uid',
      'business_name',
      'type',
      'directory_uid',
      'sub',
      'aud',
      'scope',
    ]
    for (const scope of ['openid clients_read', 'clients_read']) {
      const token = await tokenFor({ scope })
      const [claims, about] = [payloadOf(token), await read(introspect(server, app, token))]
      for (const name of shared) assert.deepEqual(claims[name], about[name], `${name} with ${scope}`)
      assert.equal(claims.username, scope.startsWith('openid') ? 'dana@example.com' : undefined)
    }
    const machine = await world.makeApp({ ...CLIENT_CREDENTIALS, accessTokenFormat: 'jwt' })
    const { access_token: alone } = await read(askToken(server, machine, { grant_type: 'client_credentials' }))
    assert.deepEqual(
      [payloadOf(alone).type, payloadOf(alone).roles, payloadOf(alone).username],
      ['app', undefined, undefined],
    )
  })

  test('the tokens of an API of a directory have few claims, unless it is set otherwise', async () => {
    const app = await world.makeApp({ trusted: true, scopes: ['openid', 'clients_read'] })
    const further = async (owner: string | null, draft: Partial<ResourceDraft>) => {
      const identifier = `https://${newUid()}.example.com`
      await makeResource(server, owner, { identifier, tokenFormat: 'jwt', ...draft })
      const { code } = await connect(story, app, undefined, { resource: identifier })
      const claims = payloadOf((await read(exchange(server, app, code))).access_token)
      assert.equal(claims.business_uid, bakery.uid)
      return ['username', 'roles', 'business_name', 'type'].filter((name) => name in claims)
    }
    const owner = world.directory.uid
    assert.deepEqual(await further(owner, {}), [])
    assert.deepEqual(await further(owner, { tokenClaims: ['roles', 'username'] }), ['username', 'roles'])
    assert.deepEqual(await further(null, {}), ['username', 'roles', 'business_name', 'type'])
    assert.deepEqual(await further(null, { tokenClaims: [] }), [])
  })

  test('a resource may choose the typ JWT, and its tokens are still no ID tokens (RFC 9068 §5)', async () => {
    const identifier = 'https://old-verifier.example.com'
    await makeResource(server, world.directory.uid, { identifier, tokenFormat: 'jwt', tokenTyp: 'JWT' })
    const app = await world.makeApp({ trusted: true })
    const { code, visitor } = await connect(story, app, undefined, { resource: identifier })
    const { access_token: token } = await read(exchange(server, app, code))
    assert.equal(JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()).typ, 'JWT')
    assert.equal((await read(introspect(server, app, token))).active, true)
    await visitor.open(authorizationPath(app, { prompt: 'none', id_token_hint: token }))
    assert.equal(visitor.answer().error, 'login_required')
    // The identifier of a resource may be the client id of an app that is described by a document.
    const hint = await readOwnIdToken(token, server.site)
    assert.equal(hint, undefined)
  })

  test('each JWT access token is unique, even if two are made at the same moment (RFC 9068 §2.2)', async () => {
    const app = await world.makeApp({ ...CLIENT_CREDENTIALS, accessTokenFormat: 'jwt' })
    const ask = async () => (await read(askToken(server, app, { grant_type: 'client_credentials' }))).access_token
    const tokens = await Promise.all(Array.from({ length: 10 }, ask))
    assert.equal(new Set(tokens.map((each) => payloadOf(each).jti)).size, 10)
  })

  test('an ID token is not accepted as an access token, nor an access token as an ID token (RFC 9068 §4, §5)', async () => {
    const app = await world.makeApp({ accessTokenFormat: 'jwt', trusted: true })
    const { code } = await connect(story, app)
    const { access_token: access, id_token: id } = await read(exchange(server, app, code))
    assert.equal((await userinfo(server, access)).status, 200)
    assert.equal((await userinfo(server, id)).status, 401)
    await isInactive(await introspect(server, app, id))
    const path = (hint: string) => authorizationPath(app, { prompt: 'none', id_token_hint: hint })
    const { visitor } = await connect(story, app)
    await visitor.open(path(id))
    assert.ok(visitor.answer().code, 'the ID token names who is signed in')
    await visitor.open(path(access))
    assert.equal(visitor.answer().error, 'login_required', 'the access token names nobody')
  })

  test('a token without a signature, or signed by an unknown key, is refused', async () => {
    const app = await world.makeApp({ accessTokenFormat: 'jwt', trusted: true })
    const { code } = await connect(story, app)
    const { access_token: token } = await read(exchange(server, app, code))
    const [header, payload, signature] = token.split('.')
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forged = [
      `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${part({ alg: 'HS256', typ: 'at+jwt' })}.${payload}.${signature}`,
      `${header}.${part({ ...payloadOf(token), scope: 'openid staff_read' })}.${signature}`,
      `${header}.${payload}.${signature}=`,
      `${header}.${payload}`,
      `${token}.${signature}`,
    ]
    for (const each of forged) {
      await isInactive(await introspect(server, app, each), each.slice(0, 60))
      assert.equal((await userinfo(server, each)).status, 401)
    }
    const answer = isSentBack(
      await server.fetch(authorizationPath(app, { prompt: 'none', id_token_hint: forged[0]! })),
      app.redirectUri,
    )
    assert.equal(answer.error, 'login_required')
  })
})
