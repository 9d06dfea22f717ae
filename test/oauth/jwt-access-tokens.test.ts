import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { acrOf } from '../../src/domain/people/session.ts'
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
    })
    const about = await read(introspect(server, app, token))
    assert.deepEqual([about.jti, about.auth_time, about.acr, about.amr], [jti, signedInAt, payload.acr, ['pwd']])
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
