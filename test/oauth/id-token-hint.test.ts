import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world, garage, bakery } = story
  const app = await world.makeApp({ trusted: true })
  const other = await world.makeApp({ trusted: true })

  async function idTokenOf(email: string, business: string, by = app): Promise<string> {
    const { code } = await connect(story, by, email, { business_uid: business })
    return (await read(exchange(server, by, code))).id_token
  }

  const danas = await idTokenOf('dana@example.com', bakery.uid)
  const omars = await idTokenOf('omar@example.com', garage.uid)

  test('an ID token of the signed-in person changes nothing, even after it expired (OpenID Connect Core §3.1.2.1)', async () => {
    const { visitor } = await connect(story, app)
    server.clock.advance(4000)
    for (const prompt of ['', 'none']) {
      await visitor.open(authorizationPath(app, { id_token_hint: danas, prompt }))
      assert.ok(visitor.answer().code)
    }
  })

  test('an ID token for one business of a person selects that business', async () => {
    const { visitor } = await connect(story, app, 'omar@example.com', { business_uid: bakery.uid })
    await visitor.open(authorizationPath(app, { id_token_hint: omars, prompt: 'none' }))
    const answer = await read(exchange(server, app, visitor.answer().code!))
    assert.equal(decodeJwt(answer.id_token).business_uid, garage.uid)
  })

  test('a hint that names another person needs a new sign-in, and a forged hint names nobody', async () => {
    const { visitor } = await connect(story, app)
    const claims = decodeJwt(danas)
    const { keys } = await read(server.fetch('/oauth/jwks'))
    const own = await generateKeyPair('RS256')
    const publicKey = new TextEncoder().encode(JSON.stringify(keys[0]))
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const sign = (changes: object, header: object = { alg: 'RS256', typ: 'JWT', kid: keys[0].kid }) =>
      new SignJWT({ ...claims, ...changes }).setProtectedHeader(header as { alg: string }).sign(own.privateKey)
    const hints = {
      'another person': omars,
      'another app': await idTokenOf('dana@example.com', bakery.uid, other),
      'no signature': `${encode({ alg: 'none' })}.${encode(claims)}.`,
      'a key of their own': await sign({}),
      'a key that it brings along': await sign({}, { alg: 'RS256', typ: 'JWT', jwk: await exportJWK(own.publicKey) }),
      'our public key as a password': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: keys[0].kid })
        .sign(publicKey),
      'a changed payload': danas.replace(/\.[^.]+\./, `.${encode({ ...claims, sub: 'x' })}.`),
      'no token': 'x',
      null: `${encode({ alg: 'RS256' })}.${Buffer.from('null').toString('base64url')}.x`,
    }
    for (const [what, hint] of Object.entries(hints)) {
      await visitor.open(authorizationPath(app, { id_token_hint: hint, prompt: 'none', state: 's' }))
      assert.deepEqual([visitor.answer().error, visitor.answer().state], ['login_required', 's'], what)
      const place = await visitor.open(authorizationPath(app, { id_token_hint: hint }))
      assert.ok(place.url.includes('/login?ticket='), what)
    }
  })

  test('a hint also applies to a person who signs in later', async () => {
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, { id_token_hint: danas, state: 's' }))
    await visitor.signIn('omar@example.com', PASSWORD)
    assert.deepEqual([visitor.answer().error, visitor.answer().state], ['login_required', 's'])
    const dana = world.visitor()
    await dana.open(authorizationPath(app, { id_token_hint: danas }))
    await dana.signIn('dana@example.com', PASSWORD)
    assert.ok(dana.answer().code)
  })
})
