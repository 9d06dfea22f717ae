import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { isOAuthError, isSentBack } from '../parts/answers.ts'
import { authorizationPath, exchange, exchangeForm, read, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server, world } = story
  const app = await world.makeApp({ trusted: true })
  const publicApp = await world.makeApp({ public: true })
  const { visitor } = await connect(story, app)

  const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')
  const VERIFIER = 'a-verifier.of_43~characters-0123456789abcde'

  async function codeFor(verifier: string | undefined): Promise<string> {
    const parameters = verifier ? { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' } : undefined
    await visitor.open(authorizationPath(app, parameters))
    return visitor.answer().code!
  }

  test('the verifier of the challenge redeems the code, with 43 to 128 characters (RFC 7636 §4.1, §4.6)', async () => {
    assert.equal(VERIFIER.length, 43)
    for (const verifier of [VERIFIER, VERIFIER.padEnd(128, '~.-_9zA')]) {
      assert.equal((await exchange(server, app, await codeFor(verifier), { code_verifier: verifier })).status, 200)
    }
    const code = await codeFor('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
    const known = { code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' }
    assert.equal((await exchange(server, app, code, known)).status, 200, 'the example of RFC 7636 appendix B')
  })

  test('a verifier may have any characters if its hash matches (RFC 7636 §4.6)', async () => {
    for (const tail of ['+/=', ' ', '=', 'é', '%41', '\n', '"\\', '👍'.repeat(3)]) {
      const verifier = `${VERIFIER}${tail}`
      const response = await exchange(server, app, await codeFor(verifier), { code_verifier: verifier })
      assert.equal(response.status, 200, JSON.stringify(tail))
    }
    const verifier = `${VERIFIER}+/=`
    const form = exchangeForm(server, {
      grant_type: 'authorization_code',
      code: await codeFor(verifier),
      redirect_uri: app.redirectUri,
      client_id: app.clientId,
      client_secret: app.secret,
      code_verifier: verifier,
    })
    assert.equal((await form).status, 200, 'form-encoded')
  })

  test('a verifier with fewer than 43 or more than 128 characters is refused with its length (RFC 7636 §4.1)', async () => {
    for (const verifier of ['a', VERIFIER.slice(1), VERIFIER.padEnd(129, 'x')]) {
      const response = await exchange(server, app, await codeFor(verifier), { code_verifier: verifier })
      const description = await isOAuthError(response, 400, 'invalid_grant', verifier)
      assert.match(description, new RegExp(`43 to 128 characters, and this one has ${verifier.length}`))
    }
  })

  test('a refused challenge is described as it is (RFC 7636 §4.2)', async () => {
    const challenge = challengeOf(VERIFIER)
    const wrong: [string, RegExp][] = [
      [`${challenge}=`, /43 characters, and this one has 44/],
      [`+/${challenge.slice(2)}`, /Standard base64 has \+ and \//],
    ]
    for (const [code_challenge, message] of wrong) {
      const path = authorizationPath(app, { code_challenge, code_challenge_method: 'S256' })
      const { error_description } = isSentBack(await server.fetch(path), app.redirectUri)
      assert.match(error_description!, message)
    }
  })

  const wrong = (guess: number) => `guess-${guess}-${'x'.repeat(40)}`
  const guess = (code: string, times: number) =>
    Promise.all(
      Array.from({ length: times }, async (_, index) => {
        const response = await exchange(server, app, code, { code_verifier: wrong(index) })
        return isOAuthError(response, 400, 'invalid_grant')
      }),
    )
  const guessed = () => server.site.store.events.list({ appUid: app.uid, type: 'code.guessed' }, 100)

  test('four wrong verifiers do not use up a code, and what is no guess does not count (RFC 7636 §7.1)', async () => {
    const code = await codeFor(VERIFIER)
    await guess(code, 4)
    for (const none of ['', 'a', VERIFIER.slice(1), VERIFIER.padEnd(129, 'x')])
      await isOAuthError(await exchange(server, app, code, { code_verifier: none }), 400, 'invalid_grant')
    const other = await world.makeApp({ trusted: true })
    await isOAuthError(await exchange(server, other, code, { code_verifier: wrong(9) }), 400, 'invalid_grant')
    assert.equal((await exchange(server, app, code, { code_verifier: VERIFIER })).status, 200)
    assert.equal((await guessed()).length, 0)
  })

  test('after five wrong verifiers, one by one or at once, the code has ended', async () => {
    for (const times of [5, 12]) {
      const code = await codeFor(VERIFIER)
      const before = (await guessed()).length
      await guess(code, times)
      const why = await isOAuthError(
        await exchange(server, app, code, { code_verifier: VERIFIER }),
        400,
        'invalid_grant',
        `${times}`,
      )
      assert.match(why, /wrong verifiers/)
      assert.equal((await guessed()).length, before + 1, 'it is one audit event')
    }
  })

  test('wrong verifiers change nothing about a code that was used', async () => {
    const code = await codeFor(VERIFIER)
    const { access_token: token } = await read(exchange(server, app, code, { code_verifier: VERIFIER }))
    const before = (await guessed()).length
    await guess(code, 8)
    assert.equal((await userinfo(server, token)).status, 200)
    assert.equal((await guessed()).length, before)
    await isOAuthError(await exchange(server, app, code, { code_verifier: VERIFIER }), 400, 'invalid_grant')
    assert.equal((await userinfo(server, token)).status, 401, 'and the replay is still noticed')
  })

  test('a code without a challenge accepts no verifier (RFC 9700 §4.8.2)', async () => {
    const code = await codeFor(undefined)
    await isOAuthError(await exchange(server, app, code, { code_verifier: VERIFIER }), 400, 'invalid_grant')
    assert.equal((await exchange(server, app, code)).status, 200)
  })

  test('only S256 is accepted, and no other value counts as plain (RFC 7636 §4.3, RFC 9700 §2.1.1)', async () => {
    const challenge = challengeOf(VERIFIER)
    const refused: [string, Record<string, string>][] = [
      ['no method', { code_challenge: challenge }],
      ['an empty method', { code_challenge: challenge, code_challenge_method: '' }],
      ['plain', { code_challenge: challenge, code_challenge_method: 'plain' }],
      ['lower case', { code_challenge: challenge, code_challenge_method: 's256' }],
      ['a space', { code_challenge: challenge, code_challenge_method: 'S256 ' }],
      ['another method', { code_challenge: challenge, code_challenge_method: 'S512' }],
      ['a name that every object has', { code_challenge: challenge, code_challenge_method: 'constructor' }],
      ['no challenge', { code_challenge_method: 'S256' }],
      ['42 characters', { code_challenge: challenge.slice(1), code_challenge_method: 'S256' }],
      ['44 characters', { code_challenge: `${challenge}A`, code_challenge_method: 'S256' }],
      ['padding', { code_challenge: `${challenge}=`, code_challenge_method: 'S256' }],
      ['the other alphabet', { code_challenge: `+/${challenge.slice(2)}`, code_challenge_method: 'S256' }],
      ['a newline', { code_challenge: `${challenge.slice(1)}\n`, code_challenge_method: 'S256' }],
    ]
    for (const [what, parameters] of refused) {
      for (const each of [app, publicApp]) {
        const answer = isSentBack(await server.fetch(authorizationPath(each, parameters)), each.redirectUri, what)
        assert.equal(answer.error, 'invalid_request', what)
      }
    }
  })

  test('a public app needs nothing but PKCE (RFC 7636 §1, RFC 8252 §6)', async () => {
    const parameters = { code_challenge: challengeOf(VERIFIER), code_challenge_method: 'S256' }
    const { code } = await connect(story, publicApp, undefined, parameters)
    const alone = { client_secret: undefined }
    await isOAuthError(await exchange(server, publicApp, code, alone), 400, 'invalid_grant')
    const response = await exchange(server, publicApp, code, { ...alone, code_verifier: VERIFIER })
    assert.equal(response.status, 200)
    assert.equal((await read(response)).expires_in, 3600, 'and its tokens live for an hour')
  })
})
