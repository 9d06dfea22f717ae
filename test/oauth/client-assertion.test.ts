import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { basic, exchangeForm } from '../parts/app-calls.ts'
import {
  ALGORITHMS,
  ASSERTION_TYPE,
  assertionOf,
  claimsFor,
  newSigner,
  rawJwt,
  tryAssertion,
  tryCredentials,
  withSecret,
} from '../parts/assertions.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'

const rsa = newSigner('RS256')
const es = newSigner('ES256')
const other = newSigner('ES256')
const byKey = (...signers: { jwk: Record<string, unknown> }[]) =>
  ({ authMethod: 'private_key_jwt', jwks: { keys: signers.map(({ jwk }) => jwk) } }) as const

onBothEngines((engine) => {
  describe('an app with private_key_jwt', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp({ trusted: true, protocol: byKey(rsa, es) })
    const isProved = async (assertion: string, about = '') =>
      isOAuthError(await tryAssertion(server, assertion), 400, 'invalid_grant', about)
    const isRefused = async (assertion: string, about = '') =>
      isOAuthError(await tryAssertion(server, assertion), 401, 'invalid_client', about)

    test('authenticates with an assertion signed by its private key (RFC 7523 §3)', async () => {
      const { code } = await connect(story, app)
      const response = await exchangeForm(server, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: app.redirectUri,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: assertionOf(app, server, rsa),
      })
      assert.equal(response.status, 200)
    })

    test('may sign with any supported algorithm, with or without kid', async () => {
      for (const alg of ALGORITHMS) {
        const [signer, sibling] = [newSigner(alg), newSigner(alg)]
        const each = await world.makeApp({ protocol: byKey(sibling, signer) })
        await isProved(assertionOf(each, server, signer), alg)
        await isProved(assertionOf(each, server, signer, { header: { kid: undefined, typ: 'JWT' } }), `${alg} unnamed`)
        await isRefused(assertionOf(each, server, signer, { header: { kid: sibling.kid } }), `${alg} misnamed`)
      }
      await isProved(assertionOf(app, server, es, { header: { typ: 'client-authentication+jwt' } }))
    })

    test('may use either name of Ed25519 (RFC 9864)', async () => {
      const signer = newSigner('EdDSA')
      const each = await world.makeApp({ protocol: { ...byKey(signer), authSigningAlg: 'EdDSA' } })
      await isProved(assertionOf(each, server, signer, { header: { alg: 'Ed25519' } }))
    })

    test('must sign with the algorithm that it registered', async () => {
      const strict = await world.makeApp({ protocol: { ...byKey(rsa, es), authSigningAlg: 'ES256' } })
      await isProved(assertionOf(strict, server, es))
      assert.match(await isRefused(assertionOf(strict, server, rsa)), /signs its client_assertion with ES256/)
    })

    test('cannot use a public key as a secret, or omit the signature (RFC 8725 §3.1, §3.2)', async () => {
      const claims = () => claimsFor(app, server)
      const publicForms = [
        rsa.publicKey.export({ type: 'spki', format: 'pem' }),
        rsa.publicKey.export({ type: 'spki', format: 'der' }),
        JSON.stringify(rsa.jwk),
        String(rsa.jwk.n),
        app.secret,
        '',
      ]
      for (const form of publicForms) {
        for (const alg of ['HS256', 'HS512', 'hs256']) {
          await isRefused(rawJwt({ alg, kid: rsa.kid }, claims(), withSecret(form)), alg)
        }
      }
      for (const alg of [
        'none',
        'None',
        '',
        null,
        undefined,
        ['RS256'],
        'RS1',
        'RS384',
        'ES256K',
        'dir',
        'constructor',
      ]) {
        await isRefused(
          rawJwt({ alg, kid: rsa.kid }, claims(), () => Buffer.alloc(0)),
          String(alg),
        )
        await isRefused(rawJwt({ alg, kid: rsa.kid }, claims(), rsa.sign), String(alg))
      }
      await isRefused(rawJwt({ alg: 'PS256', kid: rsa.kid }, claims(), rsa.sign), 'another padding')
      await isRefused(rawJwt({ alg: 'RS256', kid: es.kid }, claims(), rsa.sign), 'a key of another kind')
      await isRefused(
        rawJwt({ alg: 'ES256', kid: es.kid }, claims(), () => Buffer.alloc(64)),
        'zeros',
      )
      const whole = assertionOf(app, server, rsa)
      await isRefused(whole.replace(/[^.]+$/, ''), 'the signature is missing')
      await isRefused(whole.replace(/\.[^.]+$/, ''), 'two parts')
      await isRefused(`${whole}.x`, 'four parts')
      await isRefused(`${whole.slice(0, -8)}AAAAAAAA`, 'a changed signature')
      const [head, , signature] = whole.split('.')
      const changed = Buffer.from(JSON.stringify({ ...claims(), jti: 'another' })).toString('base64url')
      await isRefused([head, changed, signature].join('.'), 'changed claims')
    })

    test('cannot send its key in the header, or use a header that the server does not support (RFC 7515 §4.1.11, RFC 8725 §3.10)', async () => {
      const headers: Record<string, Record<string, unknown>> = {
        'an embedded key': { jwk: other.jwk },
        'an embedded key without a name': { jwk: other.jwk, kid: undefined },
        'the address of a key set': { jku: 'https://evil.example/jwks' },
        'the address of a certificate': { x5u: 'https://evil.example/cert' },
        'a critical extension': { crit: ['exp'], exp: 1 },
        'an empty list of critical extensions': { crit: [] },
        'an unencoded payload': { crit: ['b64'], b64: false },
        'an unencoded payload that is not critical': { b64: false },
        'a DPoP proof': { typ: 'dpop+jwt' },
        'an access token': { typ: 'at+jwt' },
        'a type that is no text': { typ: ['JWT'] },
        'a path for a key': { kid: '../../../../dev/null' },
        'an SQL statement as kid': { kid: "' or 1=1 --" },
        'a name that every object has': { kid: '__proto__' },
        'a number for a key': { kid: 7 },
        'a long name': { kid: 'k'.repeat(5000) },
      }
      for (const [what, header] of Object.entries(headers)) {
        await isRefused(assertionOf(app, server, other, { header }), what)
        if (header.kid === undefined || !('jwk' in header))
          await isRefused(assertionOf(app, server, es, { header }), what)
      }
      const whole = assertionOf(app, server, es).split('.')
      for (const odd of ['null', '[]', '7', '"x"', '{', '', '{"alg":"ES256","alg":"none"}']) {
        const part = Buffer.from(odd).toString('base64url')
        await isRefused([part, whole[1], whole[2]].join('.'), `header ${odd}`)
        await isRefused([whole[0], part, whole[2]].join('.'), `claims ${odd}`)
      }
      for (const text of ['x', '..', 'a.b.c', '\u00fc.\u00fc.\u00fc', 'x'.repeat(9000)])
        await isRefused(text, text.slice(0, 10))
    })

    test('must name itself as iss and sub, this server as aud, and expire soon (RFC 7523 §3)', async () => {
      const now = server.clock.now()
      const good: Record<string, Record<string, unknown>> = {
        'no time of making': { iat: undefined, nbf: undefined },
        'a clock that is ahead': { iat: now + 10, nbf: now + 10, exp: now + 70 },
        'a clock that is behind': { iat: now - 50, nbf: now - 50, exp: now - 10 },
        'ten minutes': { exp: now + 600 },
        'fractions of seconds': { exp: now + 59.5, iat: now - 0.5 },
        'an hour, made just now': { exp: now + 3600 },
        'twenty years, made just now': { exp: now + 631_152_000 },
        'an hour, made almost ten minutes ago': { iat: now - 599, exp: now + 3001 },
        'the token endpoint': { aud: `${server.origin}/oauth/token` },
        'a list with only our issuer': { aud: [server.origin] },
        'a list with only the token endpoint': { aud: [`${server.origin}/oauth/token`] },
        'our issuer with a slash': { aud: `${server.origin}/` },
        'an unknown claim': { roles: ['admin'] },
      }
      for (const [what, claims] of Object.entries(good)) await isProved(assertionOf(app, server, es, { claims }), what)
      const bad: Record<string, Record<string, unknown>> = {
        'another issuer': { iss: 'another' },
        'no issuer': { iss: undefined },
        'another subject': { sub: 'another' },
        'no subject': { sub: undefined },
        neither: { sub: undefined, iss: undefined },
        'an app that does not exist': { sub: 'unheard-of', iss: 'unheard-of' },
        'a subject that is no text': { sub: 7, iss: 7 },
        NUL: { sub: 'a\0', iss: 'a\0' },
        'no audience': { aud: undefined },
        'another audience': { aud: 'https://other.example' },
        'an empty list': { aud: [] },
        'a list in a list': { aud: [[server.origin]] },
        'a list with only another': { aud: ['https://other.example'] },
        'a list with us twice': { aud: [server.origin, server.origin] },
        'a list with us and others': { aud: [server.origin, 'https://other.example'] },
        'a list of our addresses': { aud: [server.origin, `${server.origin}/oauth/token`] },
        'nearly us': { aud: `${server.origin}/x` },
        'us with two slashes': { aud: `${server.origin}//` },
        'our name in front of another': { aud: `${server.origin}.evil.example` },
        'another endpoint of ours': { aud: `${server.origin}/oauth/userinfo` },
        'no end': { exp: undefined },
        'an end that is a text': { exp: String(now + 60) },
        'an end that is null': { exp: null },
        'long ago': { exp: now - 60 },
        'a far end': { exp: now + 700, iat: undefined },
        'twenty years': { exp: now + 631_152_000, iat: undefined },
        'an hour, made ten minutes ago and the tolerance': { iat: now - 630, exp: now + 2970 },
        'made an hour ago, although it has not expired': { iat: now - 3600, exp: now + 60 },
        'made in the future': { iat: now + 61 },
        'good in the future': { nbf: now + 61 },
        'made at no time': { iat: 'now' },
        'good from no time': { nbf: {} },
        'no name': { jti: undefined },
        'an empty name': { jti: '' },
        'a name that is no text': { jti: 7 },
        'a long name': { jti: 'j'.repeat(257) },
        'NUL in the name': { jti: 'a\0b' },
      }
      for (const [what, claims] of Object.entries(bad)) await isRefused(assertionOf(app, server, es, { claims }), what)
      await isProved(assertionOf(app, server, es, { claims: { jti: 'j'.repeat(256) } }))
    })

    test('gets an error that names the wrong claim, and the server’s time if it is about time', async () => {
      const now = server.clock.now()
      const errorFor = (claims: Record<string, unknown>) => isRefused(assertionOf(app, server, es, { claims }))
      assert.match(
        await errorFor({ aud: 'https://other.example' }),
        /aud of client_assertion must be http:\/\/localhost:7200/,
      )
      assert.match(await errorFor({ iat: now + 100 }), new RegExp(`clock of this server says ${now}`))
      assert.match(await errorFor({ exp: now - 100 }), /expired; make a new one/)
      assert.match(await errorFor({ jti: undefined }), /must have a jti/)
      const old = await errorFor({ iat: now - 700, exp: now + 2900 })
      assert.match(old, new RegExp(`iat of client_assertion is more than 600 seconds ago.* says ${now}`))
      assert.match(await errorFor({ iat: undefined, exp: now + 3600 }), /Without iat, the exp of client_assertion must/)
    })

    test('gets a normal refusal for an assertion of 100 kB', async () => {
      const response = await tryAssertion(
        server,
        assertionOf(app, server, es, { claims: { jti: 'j'.repeat(100_000) } }),
      )
      assert.equal(response.status, 413)
    })

    test('must send the right client_assertion_type, and no client_id that contradicts the assertion (RFC 7521 §4.2)', async () => {
      const assertion = () => assertionOf(app, server, es)
      await isOAuthError(await tryAssertion(server, assertion(), app), 400, 'invalid_grant', 'client_id sent as well')
      const type = ASSERTION_TYPE
      const wrong: [Record<string, string | undefined>, number, string][] = [
        [{ client_assertion: assertion() }, 400, 'invalid_request'],
        [{ client_assertion_type: type }, 400, 'invalid_request'],
        [{ client_assertion_type: type, client_assertion: '' }, 400, 'invalid_request'],
        [{ client_assertion_type: type.replace('jwt', 'saml2'), client_assertion: assertion() }, 401, 'invalid_client'],
        [{ client_assertion_type: type, client_assertion: assertion(), client_id: 'other' }, 401, 'invalid_client'],
      ]
      for (const [parameters, status, code] of wrong)
        await isOAuthError(await tryCredentials(server, parameters), status, code)
    })

    test('gets the same answer if it does not exist as for a wrong signature', async () => {
      const unknown = await isRefused(assertionOf({ clientId: 'unheard-of' }, server, es))
      const wrong = await isRefused(assertionOf(app, server, other, { header: { kid: es.kid } }))
      assert.equal(unknown, wrong)
    })

    test('cannot sign for another app, or with its secret', async () => {
      const neighbour = await world.makeApp({ protocol: byKey(other) })
      await isRefused(assertionOf(app, server, other))
      await isRefused(assertionOf(neighbour, server, es))
      await isProved(assertionOf(neighbour, server, other))
      for (const parameters of [{ client_id: app.clientId, client_secret: app.secret }, { client_id: app.clientId }])
        assert.match(
          await isOAuthError(await tryCredentials(server, parameters), 401, 'invalid_client'),
          /authenticates by private_key_jwt/,
        )
      const inHeader = { authorization: basic(app.clientId, app.secret) }
      await isOAuthError(await tryCredentials(server, {}, inHeader), 401, 'invalid_client')
    })

    test('authenticates at the revocation endpoint as well, which it may name as audience', async () => {
      const revoke = (client_assertion: string) =>
        server.fetch('/oauth/revoke', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ token: 'x', client_assertion_type: ASSERTION_TYPE, client_assertion }).toString(),
        })
      const assertion = assertionOf(app, server, es, { claims: { aud: `${server.origin}/oauth/revoke` } })
      assert.equal((await revoke(assertion)).status, 200)
      await isRefused(assertion, 'meant for another endpoint')
    })
  })

  test('must name the issuer as the only audience when the strict setting is on', async () => {
    const { test: server, world } = await tellStory({ engine, env: { BEHALF_STRICT_AUDIENCE: 'on' } })
    const app = await world.makeApp({ protocol: byKey(es) })
    const strictly = assertionOf(app, server, es)
    await isOAuthError(await tryAssertion(server, strictly), 400, 'invalid_grant')
    for (const aud of [`${server.origin}/oauth/token`, [server.origin], `${server.origin}/`]) {
      const loosely = assertionOf(app, server, es, { claims: { aud } })
      await isOAuthError(await tryAssertion(server, loosely), 401, 'invalid_client', String(aud))
    }
  })
})
