import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { exchangeForm, read, toForm } from '../parts/app-calls.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { FORM, JSON_TYPE, tokenRequests } from './token-requests.ts'

onBothEngines(async (engine) => {
  const story = await tellStory({ engine })
  const { test: server } = story
  const { parameters, send } = await tokenRequests(story)

  test('the token endpoint accepts a form and a JSON object alike (RFC 6749 §4.1.3, and JSON as the platform has always accepted it)', async () => {
    const types = [FORM, `${FORM}; charset=UTF-8`, `${FORM};charset="utf-8"`, FORM.toUpperCase(), `${FORM}; boundary=x`]
    for (const type of types) assert.equal((await send(toForm(await parameters()), type)).status, 200, type)
    for (const type of [JSON_TYPE, `${JSON_TYPE}; charset=utf-8`, `${JSON_TYPE} ; charset=utf8`, 'Application/JSON'])
      assert.equal((await send(JSON.stringify(await parameters()), type)).status, 200, type)
    const spread = JSON.stringify(
      { ...(await parameters()), extra: 'x', note: 'a "quoted" \\ {"text"}, \u2028' },
      null,
      2,
    )
    assert.equal((await send(spread, JSON_TYPE)).status, 200)
    for (const path of ['//oauth/token', '/oauth//token', '///oauth///token'])
      assert.equal((await send(toForm(await parameters()), FORM, {}, path)).status, 200, path)
  })

  test('a repeated parameter is refused in either order, and the code stays valid (RFC 6749 §3.2)', async () => {
    const given = await parameters()
    const pairs = { ...given, code_verifier: 'x'.repeat(43) }
    for (const [name, value] of Object.entries(pairs)) {
      const rest = toForm({ ...given, [name]: undefined })
      const [one, other] = [toForm({ [name]: value }), toForm({ [name]: 'another' })]
      for (const body of [`${rest}&${one}&${other}`, `${other}&${one}&${rest}`, `${rest}&${one}&${one}`])
        await isOAuthError(await send(body, FORM), 400, 'invalid_request', `${name} twice`)
      const [first, second] = [`${JSON.stringify(name)}:${JSON.stringify(value)}`, `"${name}":"another"`]
      const members = JSON.stringify({ ...given, [name]: undefined }).slice(1, -1)
      for (const body of [`{${members},${first},${second}}`, `{${second},${members},${first}}`])
        await isOAuthError(await send(body, JSON_TYPE), 400, 'invalid_request', `${name} twice in JSON`)
    }
    const escaped = JSON.stringify(given).replace('}', ',"\\u0063ode":"another"}')
    await isOAuthError(await send(escaped, JSON_TYPE), 400, 'invalid_request', 'twice, once escaped')
    assert.equal((await send(toForm(given), FORM)).status, 200)
  })

  test('the token endpoint refuses parameters in the URL, whether or not the body repeats them (RFC 6749 §2.3.1, RFC 9700 §4.3)', async () => {
    const given = await parameters()
    await isOAuthError(await send('', FORM, {}, `/oauth/token?${toForm(given)}`), 400, 'invalid_request')
    for (const [name, value] of Object.entries({ ...given, code_verifier: 'x' })) {
      for (const body of [given, { ...given, [name]: undefined }]) {
        const path = `/oauth/token?${toForm({ [name]: value })}`
        const response = await send(toForm(body), FORM, {}, path)
        const said = await isOAuthError(response, 400, 'invalid_request', `${name} in the URL`)
        assert.ok(!said.includes(value), 'and not repeated')
      }
    }
    assert.equal(
      (await send(toForm(given), FORM, {}, '/oauth/token?trace=1')).status,
      200,
      'unknown parameters are ignored',
    )
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
      const response = await server.fetch(`/oauth/token?${toForm(given)}`, { method })
      assert.equal(response.status, 405)
      assert.equal(response.headers.get('allow'), 'POST, OPTIONS')
    }
  })

  test('an operator may allow token requests in the URL for old clients; a parameter in both places is refused', async () => {
    const old = await tellStory({ engine, env: { BEHALF_TOKEN_IN_QUERY: 'on' } })
    const oldApp = await old.world.makeApp()
    const { code } = await connect(old, oldApp)
    const query = toForm({
      grant_type: 'authorization_code',
      code,
      client_id: oldApp.clientId,
      client_secret: oldApp.secret,
      redirect_uri: oldApp.redirectUri,
    })
    const post = (init: RequestInit) => old.test.fetch(`/oauth/token?${query}`, { method: 'POST', ...init })
    await isOAuthError(await post({ body: new URLSearchParams({ code }) }), 400, 'invalid_request')
    await isOAuthError(
      await post({ body: new URLSearchParams({ client_id: oldApp.clientId }) }),
      400,
      'invalid_request',
    )
    assert.equal((await post({})).status, 200)
  })

  const values = [1, 0, -1, 1.5, true, false, [], ['x'], {}, { $gt: '' }, { $ne: null }, [['x']]]
  /** A JSON body in which this member has this value. */
  const bodyWith = (given: Record<string, string>, name: string, value: unknown) => {
    const members = Object.entries(given).filter(([key]) => key !== name)
    return `{${[...members, [name, value]].map(([key, each]) => `${JSON.stringify(key)}:${JSON.stringify(each)}`)}}`
  }

  test('every JSON member that the endpoint reads must be a string', async () => {
    const given = await parameters()
    for (const name of [...Object.keys(given), 'code_verifier', 'resource', 'client_assertion']) {
      for (const value of [...values, [given[name]]]) {
        const body = bodyWith(given, name, value)
        const said = await isOAuthError(await send(body, JSON_TYPE), 400, 'invalid_request', body)
        assert.ok(said.includes(name), said)
      }
    }
    const bodies = [
      'null',
      '1',
      '"x"',
      'true',
      '[]',
      '[{}]',
      `[${JSON.stringify(given)}]`,
      '{',
      '{}x',
      "{'a':'b'}",
      '{"a":"b",}',
    ]
    const more = ['\uFEFF{}', `\uFEFF${JSON.stringify(given)}`, 'NaN', '{"a":undefined}', '{"a":"\n"}', '/**/{}', 'x=y']
    for (const body of [...bodies, ...more])
      await isOAuthError(await send(body, JSON_TYPE), 400, 'invalid_request', body.slice(0, 40))
    await isOAuthError(await send('{}', JSON_TYPE), 400, 'invalid_request')
    assert.equal((await send(JSON.stringify(given), JSON_TYPE)).status, 200)
  })

  test('a JSON member that is null counts as absent', async () => {
    const given = await parameters()
    for (const name of ['grant_type', 'code', 'client_id', 'client_secret', 'redirect_uri']) {
      const { [name]: _, ...rest } = given
      const [nulled, absent] = [
        await send(bodyWith(given, name, null), JSON_TYPE),
        await send(JSON.stringify(rest), JSON_TYPE),
      ]
      const told = async (response: Response) => ({ ...(await read(response)), status: response.status, reference: '' })
      assert.deepEqual(await told(nulled), await told(absent), name)
    }
    const spare = { code_verifier: null, client_assertion: null, resource: null, scope: null, refresh_token: null }
    assert.equal((await send(JSON.stringify({ ...given, ...spare }), JSON_TYPE)).status, 200)
  })

  test('a JSON member that the endpoint does not know may have any type, and is ignored', async () => {
    for (const value of [...values, null, { a: [{ b: 1 }] }]) {
      for (const name of ['unheard-of', '__proto__', 'constructor', 'toString'])
        assert.equal((await send(bodyWith(await parameters(), name, value), JSON_TYPE)).status, 200, name)
    }
    const refused = await send(bodyWith({ grant_type: 'x' }, 'nested', { deep: ['secret-value'] }), JSON_TYPE)
    assert.equal(refused.status, 400, 'and a refusal is recorded')
  })

  test('parameter names with brackets or dots, and names of Object.prototype, have no special meaning', async () => {
    const given = await parameters()
    for (const name of ['code[]', 'code[0]', 'code[$ne]', 'code.x', 'CODE', ' code', 'code ', '__proto__[code]'])
      await isOAuthError(
        await send(toForm({ ...given, code: undefined, [name]: given.code }), FORM),
        400,
        'invalid_request',
        name,
      )
    const names = [
      '__proto__',
      'constructor',
      'constructor.prototype',
      'toString',
      'hasOwnProperty',
      'valueOf',
      'length',
    ]
    for (const name of names) {
      await isOAuthError(await send(toForm({ ...given, client_id: name }), FORM), 401, 'invalid_client', name)
      await isOAuthError(await send(toForm({ ...given, grant_type: name }), FORM), 400, 'unsupported_grant_type', name)
      await isOAuthError(await send(toForm({ ...given, code: name }), FORM), 400, 'invalid_grant', name)
      await isOAuthError(
        await send(JSON.stringify({ ...given, grant_type: name }), JSON_TYPE),
        400,
        'unsupported_grant_type',
      )
    }
    const polluting = `${toForm(given)}&${names.map((name) => `${encodeURIComponent(name)}=x`).join('&')}`
    assert.equal((await send(polluting, FORM)).status, 200)
    assert.equal(({} as Record<string, unknown>).x, undefined)
  })

  test('no value is trimmed, case-folded or repaired', async () => {
    const given = await parameters()
    for (const [name, value] of Object.entries(given)) {
      for (const other of [
        ` ${value}`,
        `${value} `,
        `${value}\n`,
        `${value}\t`,
        `"${value}"`,
        `\uFEFF${value}`,
        `${value}\u200B`,
      ]) {
        const response = await send(toForm({ ...given, [name]: other }), FORM)
        assert.ok([400, 401].includes(response.status), `${name}=${JSON.stringify(other)}`)
      }
    }
    assert.equal((await send(toForm(given), FORM)).status, 200)
  })

  test('each refusal has its error code (RFC 6749 §5.2)', async () => {
    const given = await parameters()
    const named: [string, Record<string, string | undefined>, number, string][] = [
      ['nothing', Object.fromEntries(Object.keys(given).map((name) => [name, undefined])), 400, 'invalid_request'],
      ['no grant', { grant_type: undefined }, 400, 'invalid_request'],
      ['no code', { code: undefined }, 400, 'invalid_request'],
      ['no app', { client_id: undefined, client_secret: undefined }, 400, 'invalid_request'],
      ['a grant that does not exist', { grant_type: 'urn:x' }, 400, 'unsupported_grant_type'],
      ['a password', { grant_type: 'password', username: 'a', password: 'b' }, 400, 'unsupported_grant_type'],
      ['a grant in upper case', { grant_type: 'AUTHORIZATION_CODE' }, 400, 'unsupported_grant_type'],
      ['a code that does not exist', { code: 'x' }, 400, 'invalid_grant'],
    ]
    for (const [what, changes, status, error] of named) {
      const said = await isOAuthError(await exchangeForm(server, { ...given, ...changes }), status, error, what)
      assert.ok(said.length > 20, `${what}: and it says what to do`)
    }
    assert.equal((await exchangeForm(server, given)).status, 200)
  })
})
