import assert from 'node:assert/strict'
import { createHash, createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../src/domain/keys/signing-algorithms.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'

const SHAPES = {
  RS256: { kty: 'RSA', members: ['e', 'n'], hash: 'sha256' },
  PS256: { kty: 'RSA', members: ['e', 'n'], hash: 'sha256' },
  ES256: { kty: 'EC', members: ['crv', 'x', 'y'], hash: 'sha256' },
  EdDSA: { kty: 'OKP', members: ['crv', 'x'], hash: 'sha512' },
}

const keysOf = async ({ test: server }: Story): Promise<JWK[]> => (await read(server.fetch('/oauth/jwks'))).keys
const tokensOf = async (story: Story, app: TestApp) => read(exchange(story.test, app, (await connect(story, app)).code))

onBothEngines((engine) => {
  test('each algorithm has one published key, which is for it only and has no private part (RFC 7517 §4, §5)', async () => {
    const keys = await keysOf(await tellStory({ engine }))
    assert.deepEqual(
      keys.map(({ alg }) => alg),
      SIGNING_ALGORITHMS,
      'the default one first',
    )
    for (const { alg, ...key } of keys) {
      const { kty, members } = SHAPES[alg as SigningAlgorithm]
      assert.deepEqual(Object.keys(key).sort(), ['kid', 'kty', 'use', ...members].sort(), alg)
      assert.deepEqual([key.kty, key.use], [kty, 'sig'])
      assert.match(key.kid!, /^\w[\w-]{42}$/)
      if (kty === 'RSA') {
        const details = createPublicKey({ key: key as never, format: 'jwk' }).asymmetricKeyDetails!
        assert.ok(details.modulusLength! >= 2048)
      }
    }
    assert.equal(new Set(keys.map(({ kid }) => kid)).size, keys.length)
    assert.equal(new Set(keys.map(({ n, x }) => n ?? x)).size, keys.length, 'no key is used for two')
  })

  test('an ID token is signed with the registered algorithm, which also determines at_hash (OpenID Connect Core §2, §3.1.3.6)', async () => {
    const story = await tellStory({ engine })
    const keys = await keysOf(story)
    for (const chosen of [undefined, ...SIGNING_ALGORITHMS]) {
      const algorithm = chosen ?? 'RS256'
      const app = await story.world.makeApp({ trusted: true, protocol: chosen ? { idTokenAlg: chosen } : {} })
      const { id_token: idToken, access_token: token } = await tokensOf(story, app)
      const verified = await jwtVerify(idToken, createLocalJWKSet({ keys }), {
        issuer: story.test.origin,
        audience: app.clientId,
        algorithms: [algorithm],
        typ: 'JWT',
        currentDate: new Date(story.test.clock.now() * 1000),
      })
      const key = keys.find(({ kid }) => kid === verified.protectedHeader.kid)!
      assert.equal(key.alg, algorithm)
      const hash = createHash(SHAPES[algorithm].hash).update(token).digest()
      assert.equal(verified.payload.at_hash, hash.subarray(0, hash.length / 2).toString('base64url'), algorithm)
    }
  })

  test('userinfo is signed for an app that registered it, and plain JSON for others (OpenID Connect Core §5.3.2)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const keys = await keysOf(story)
    const plain = await world.makeApp({ trusted: true, protocol: { idTokenAlg: 'ES256' } })
    const { access_token: plainToken } = await tokensOf(story, plain)
    const usual = await userinfo(server, plainToken)
    assert.equal(usual.headers.get('content-type'), 'application/json')
    const claims = await read(usual)
    for (const userinfoAlg of SIGNING_ALGORITHMS) {
      const app = await world.makeApp({ trusted: true, protocol: { userinfoAlg } })
      const { access_token: token } = await tokensOf(story, app)
      for (const method of ['GET', 'POST']) {
        const answer = await server.fetch('/oauth/userinfo', { method, headers: { authorization: `Bearer ${token}` } })
        assert.equal(answer.headers.get('content-type'), 'application/jwt')
        assert.equal(answer.headers.get('cache-control'), 'no-store')
        const facts = { issuer: server.origin, audience: app.clientId, algorithms: [userinfoAlg] }
        const { payload } = await jwtVerify(await answer.text(), createLocalJWKSet({ keys }), facts)
        const { iss, aud, ...signed } = payload
        assert.deepEqual(signed, claims, 'both contain the same claims')
      }
      const refused = await userinfo(server, `${token.slice(0, -1)}x`)
      assert.deepEqual([refused.status, refused.headers.get('content-type')], [401, 'application/json'])
    }
  })

  test('a JWT access token is signed with RS256, independent of the algorithm for ID tokens (RFC 9068 §2.1)', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({
      trusted: true,
      accessTokenFormat: 'jwt',
      protocol: { idTokenAlg: 'EdDSA', userinfoAlg: 'ES256' },
    })
    const { access_token: token, id_token: idToken } = await tokensOf(story, app)
    assert.deepEqual(
      [token, idToken].map((each) => [decodeProtectedHeader(each).typ, decodeProtectedHeader(each).alg]),
      [
        ['at+jwt', 'RS256'],
        ['JWT', 'EdDSA'],
      ],
    )
  })

  test('an id_token_hint is verified with the key that its kid names and the algorithm of that key (RFC 8725 §3.1)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const keys = await keysOf(story)
    const keyOf = (alg: SigningAlgorithm) => keys.find((key) => key.alg === alg)!
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
    for (const algorithm of SIGNING_ALGORITHMS) {
      const protocol = { idTokenAlg: algorithm, userinfoAlg: algorithm }
      const app = await world.makeApp({ trusted: true, accessTokenFormat: 'jwt', protocol })
      const { code, visitor } = await connect(story, app)
      const { id_token: idToken, access_token: token } = await read(exchange(server, app, code))
      const ask = async (hint: string) => {
        await visitor.open(authorizationPath(app, { id_token_hint: hint, prompt: 'none' }))
        return visitor.answer().error ?? 'understood'
      }
      assert.equal(await ask(idToken), 'understood', algorithm)
      server.clock.advance(100_000)
      await connect(story, app, 'dana@example.com', {}, visitor)
      assert.equal(await ask(idToken), 'understood', `${algorithm}, expired`)

      const claims = decodeJwt(idToken)
      const { kid } = decodeProtectedHeader(idToken)
      const own = await generateKeyPair(algorithm, { extractable: true })
      const jwk = await exportJWK(own.publicKey)
      const forge = (header: object) =>
        new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'JWT', ...header }).sign(own.privateKey)
      const byPassword = (secret: string) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: kid! }).sign(Buffer.from(secret))
      const signature = idToken.split('.')[2]
      const pem = createPublicKey({ key: keyOf(algorithm) as never, format: 'jwk' }).export({
        format: 'pem',
        type: 'spki',
      })
      const other = SIGNING_ALGORITHMS.find((each) => each !== algorithm)!
      const asOther = (alg: string, kid?: string) =>
        `${encode({ alg, typ: 'JWT', kid })}.${encode(claims)}.${signature}`
      const forged: Record<string, string> = {
        'alg none': `${encode({ alg: 'none', kid })}.${encode(claims)}.`,
        'alg none with a signature': `${encode({ alg: 'none', typ: 'JWT', kid })}.${encode(claims)}.${signature}`,
        'alg NONE': `${encode({ alg: 'NONE', typ: 'JWT', kid })}.${encode(claims)}.`,
        'HS256 with the public key as JSON': await byPassword(JSON.stringify(keyOf(algorithm))),
        'HS256 with the public key as PEM': await byPassword(String(pem)),
        'HS256 with nothing': await byPassword('\0'.repeat(32)),
        'their own key under our kid': await forge({ kid }),
        'their own key that the token brings along': await forge({ jwk }),
        'their own key, brought along under our kid': await forge({ kid, jwk }),
        'their own key at an address': await forge({
          kid,
          jku: 'https://evil.example/jwks',
          x5u: 'https://evil.example/',
        }),
        'a kid that we do not know': await forge({ kid: '../../dev/null' }),
        'a kid that is no text': `${encode({ alg: algorithm, typ: 'JWT', kid: { length: 3 } })}.${encode(claims)}.${signature}`,
        'no kid': await forge({}),
        'our signature under the kid of another key': asOther(algorithm, keyOf(other).kid),
        'our signature under another algorithm': asOther(other, kid),
        'our signature over other claims': `${idToken.split('.')[0]}.${encode({ ...claims, sub: 'x' })}.${signature}`,
        'a critical header': await forge({ kid, crit: ['b64'], b64: true }),
        'an access token': token,
        'another thing that we sign': await server.site.keys.sign(algorithm, 'logout+jwt', claims),
        'a userinfo answer': await (await userinfo(server, token)).text(),
      }
      for (const [what, hint] of Object.entries(forged))
        assert.equal(await ask(hint), 'login_required', `${algorithm}: ${what}`)
    }
  })
})
