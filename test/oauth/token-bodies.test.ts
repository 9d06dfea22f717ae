import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { basic, exchange, exchangeForm, read, toForm } from '../parts/app-calls.ts'
import { processorTime } from '../parts/processor-time.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { FORM, JSON_TYPE, tokenRequests } from './token-requests.ts'

const story = await tellStory()
const { test: server } = story
const { parameters, send } = await tokenRequests(story)

test('other content types, other character sets and compressed bodies are refused (RFC 9110 §15.5.16)', async () => {
  const given = await parameters()
  const form = toForm(given)
  const json = JSON.stringify(given)
  const multipart = new FormData()
  for (const [name, value] of Object.entries(given)) multipart.set(name, value)
  const refused: [string, () => Promise<Response>][] = [
    ['multipart', () => server.fetch('/oauth/token', { method: 'POST', body: multipart })],
    ['text/plain', () => send(form, 'text/plain')],
    ['text/plain JSON', () => send(json, 'text/plain')],
    ['no type', () => send(form)],
    ['XML', () => send('<code/>', 'application/xml')],
    ['JSON by another name', () => send(json, 'application/vnd.api+json')],
    ['two types', () => send(form, `${FORM}, ${JSON_TYPE}`)],
    ['UTF-16', () => send(Buffer.from(form, 'utf16le'), `${FORM}; charset=utf-16`)],
    ['UTF-16 as the second parameter', () => send(form, `${FORM}; x=y; charset="utf-16"`)],
    ['UTF-7', () => send(json, `${JSON_TYPE}; charset=utf-7`)],
    ['ISO 8859-1', () => send(form, `${FORM}; charset=iso-8859-1`)],
    ['an empty character set', () => send(form, `${FORM}; charset=`)],
    ['two character sets', () => send(form, `${FORM}; charset=utf-16 utf-8`)],
    ['gzip', () => send(form, FORM, { 'content-encoding': 'gzip' })],
    ['br', () => send(form, FORM, { 'content-encoding': 'br' })],
    ['gzip twice', () => send(form, FORM, { 'content-encoding': 'identity, gzip' })],
  ]
  for (const [what, ask] of refused) await isOAuthError(await ask(), 415, 'invalid_request', what)
  assert.equal((await send(form, FORM, { 'content-encoding': 'identity' })).status, 200)
})

test('bodies that are too large, too deep or have too many members are refused quickly (RFC 9110 §15.5.14)', async () => {
  const given = await parameters()
  const manyParameters = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=`).join('&')
  const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 'x']))
  const cases: [string, string, string, number][] = [
    ['a large form', `${toForm(given)}&x=${'y'.repeat(65_536)}`, FORM, 413],
    ['a megabyte', `code=${'y'.repeat(1_048_576)}`, FORM, 413],
    ['a large text', JSON.stringify({ ...given, x: 'y'.repeat(65_536) }), JSON_TYPE, 413],
    ['100 000 parameters', manyParameters(100_000), FORM, 413],
    ['as many as fit', manyParameters(8000), FORM, 400],
    ['nothing but &', '&'.repeat(60_000), FORM, 400],
    ['201 members', JSON.stringify({ ...given, ...members(200) }), JSON_TYPE, 400],
    ['as many members as fit', JSON.stringify(members(4000)), JSON_TYPE, 400],
    ['deep arrays', `{"code":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, JSON_TYPE, 400],
    ['deep objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, JSON_TYPE, 400],
    ['an unending array', '['.repeat(65_000), JSON_TYPE, 400],
    ['quotes and backslashes', `{"a":"${'\\"'.repeat(32_000)}"}`, JSON_TYPE, 400],
    ['percent signs', `code=${'%25'.repeat(21_000)}`, FORM, 400],
    ['pluses', `code=${'+'.repeat(64_000)}`, FORM, 400],
  ]
  for (const [what, body, type, status] of cases) {
    const { answer, cost } = await processorTime(() => send(body, type))
    await isOAuthError(answer, status, 'invalid_request', what)
    assert.ok(cost < 100, `${what} cost ${cost} ms`)
  }
  const filled = { ...given, x: 'y'.repeat(60_000) }
  assert.equal((await send(toForm(filled), FORM)).status, 200, 'a body of the maximum size is read')
})

onBothEngines((engine) => {
  test('a body that is not valid text is refused before it reaches the database', async () => {
    const story = await tellStory({ engine })
    const { test: server } = story
    const app = await story.world.makeApp()
    const { code } = await connect(story, app)
    const given: Record<string, string> = {
      grant_type: 'authorization_code',
      code,
      client_id: app.clientId,
      client_secret: app.secret,
      redirect_uri: app.redirectUri,
      code_verifier: 'x'.repeat(43),
    }
    const post = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
      server.fetch('/oauth/token', { method: 'POST', headers: { 'content-type': type }, body })
    for (const name of Object.keys(given)) {
      const rest = toForm({ ...given, [name]: undefined })
      for (const bytes of ['%00', '%ff', '%ed%a0%80', '%c0%80', '%f5%80%80%80', '%', '%g0'])
        await isOAuthError(await post(`${rest}&${name}=${bytes}`, FORM), 400, 'invalid_request', `${name}=${bytes}`)
      const raw = Buffer.concat([Buffer.from(`${rest}&${name}=`), Buffer.from([0xff, 0xfe])])
      await isOAuthError(await post(raw, FORM), 400, 'invalid_request', `${name} in raw bytes`)
      for (const broken of ['\\u0000', '\\ud800', '\\udc00x', 'a\\ud83d']) {
        const json = JSON.stringify({ ...given, [name]: '@' }).replace('"@"', `"${broken}"`)
        await isOAuthError(await post(json, JSON_TYPE), 400, 'invalid_request', `${name}: ${broken}`)
      }
    }
    for (const text of ["' or 1=1 --", '"; drop table codes; --', '%', '_', '\u{1F984}', 'ＡＢＣ', 'i̇', '\u202E']) {
      for (const [name, status] of Object.entries({ client_id: 401, client_secret: 401, code: 400, redirect_uri: 400 }))
        assert.equal((await exchange(server, app, code, { [name]: text })).status, status, `${name}: ${text}`)
    }
    const headers = { authorization: basic(app.clientId, app.secret) }
    const rightful = { ...given, client_id: undefined, client_secret: undefined, code_verifier: undefined }
    const answer = await exchangeForm(server, rightful, headers)
    assert.ok((await read(answer)).access_token, 'the code is still valid')
  })
})
