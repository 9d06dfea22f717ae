import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { processorTime } from '../parts/processor-time.ts'
import { ENGINES, testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { type Answer, APPS, partner, REDIRECT_URI } from './partner.ts'

/** Field, a value that must be refused, and what the message must contain. */
const WRONG: [field: string, value: unknown, says: RegExp][] = [
  ['name', undefined, /missing/],
  ['name', '', /missing/],
  ['name', null, /missing/],
  ['name', 7, /string/],
  ['name', ['a'], /string/],
  ['name', { toString: 'x' }, /string/],
  ['name', ' \t ', /visible character/],
  ['name', '\u200D', /visible character/],
  ['name', 'x'.repeat(101), /100 characters/],
  ['name', 'x'.repeat(60_000), /characters/],
  ['name', 'a\0b', /not allowed/],
  ['name', 'a\ud800b', /not allowed/],
  ['name', 'a\nb', /control/],
  ['name', 'a\u001bb', /control/],
  ['name', 'Bank\u202Eknab', /invisible/],
  ['name', 'Ba\u200Bnk', /invisible/],
  ['redirect_uri', undefined, /missing/],
  ['redirect_uri', '', /missing/],
  ['redirect_uri', 5, /string/],
  ['redirect_uri', [REDIRECT_URI], /string/],
  ['redirect_uri', 'x'.repeat(60_000), /characters/],
  ['redirect_uri', 'javascript:alert(1)', /https/],
  ['redirect_uri', 'http://app.example/cb', /https/],
  ['redirect_uri', `${REDIRECT_URI}#x`, /fragment/],
  ['redirect_uri', `${REDIRECT_URI}\0`, /not allowed/],
  ['redirect_uri', `${REDIRECT_URI}\u0085`, /encode/],
  ['oauth_redirect_uris', [REDIRECT_URI, 'https://*.example/'], /encode|wildcard/],
  ['oauth_redirect_uris', [REDIRECT_URI, 5], /strings/],
  ['oauth_redirect_uris', [[REDIRECT_URI]], /strings/],
  ['oauth_redirect_uris', { first: REDIRECT_URI }, /list/],
  ['oauth_redirect_uris', { 0: REDIRECT_URI, length: 1 }, /list/],
  ['oauth_redirect_uris', true, /list/],
  ['oauth_redirect_uris', Array.from({ length: 20 }, (_, n) => `https://app.example/${n}`), /at most 20/],
  ['oauth_redirect_uris', Array.from({ length: 2000 }, (_, n) => `https://app.example/${n}`), /at most 100/],
  ['app_code_name', 'a_b', /letters/],
  ['app_code_name', { $ne: 'x' }, /string/],
  ['trusted', 'yes', /true or false/],
  ['trusted', 1, /true or false/],
  ['trusted', ['true'], /true or false/],
  ['public', 'TRUE', /true or false/],
  ['openid', {}, /true or false/],
  ['scopes', ['constructor'], /does not exist/],
  ['scopes', ['__proto__'], /does not exist/],
  ['scopes', ['OPENID'], /does not exist/],
  ['scopes', ['openid\tprofile'], /does not exist/],
  ['scopes', ['a\0b'], /strings/],
  ['scopes', [null], /strings/],
  ['scopes', { 0: 'openid', x: 'email' }, /list/],
  ['demand_scopes', 5, /list/],
  ['access_token_format', 'JWT', /opaque or jwt/],
  ['access_token_lifetime', 0, /60/],
  ['access_token_lifetime', -1, /60/],
  ['access_token_lifetime', 1e12, /631152000/],
  ['access_token_lifetime', 90.5, /whole number/],
  ['access_token_lifetime', '1e3', /whole number/],
  ['access_token_lifetime', 'soon', /whole number/],
  ['token_endpoint_auth_method', 'tls_client_auth', /client_secret_basic/],
  ['token_endpoint_auth_method', 'private_key_jwt', /public keys/],
  ['client_auth_jwks_uri', 'http://app.example/jwks', /https/],
  ['client_auth_jwks_uri', 'https://user@app.example/jwks', /user name/],
  ['client_auth_jwks_uri', 'https://app.example/jwks#x', /fragment/],
  ['client_auth_jwks_uri', 'javascript:alert(1)', /https/],
  ['client_auth_jwks_uri', 'file:///etc/passwd', /https/],
  ['client_auth_jwks_uri', 'com.example.app:/jwks', /https/],
  ['directory_uid', 5, /string/],
  ['scope', 'openid', /called scopes/],
  ['redirect_uris', [REDIRECT_URI], /called oauth_redirect_uris/],
  ['privacy_policy_link', 'javascript:alert(1)', /link/],
  ['privacy_policy_link', 'java\tscript:alert(1)', /link/],
  ['privacy_policy_link', ' JaVaScRiPt:alert(1)', /link/],
  ['contact_support_link', 'data:text/html,x', /link/],
  ['description', { logo: 'data:text/html,x' }, /picture/],
  ['description', { logo: 'data:image/png;base64,bm8gcGljdHVyZQ==' }, /picture/],
  ['api_uri', ['https://app.example'], /link/],
  ['deep_link', 'vbscript:x', /script/],
  ['description', { logo: 'javascript:x' }, /logo/],
  ['description', { text: 'a\0b' }, /not allowed/],
  ['description', { text: 'x'.repeat(5001) }, /5000/],
  ['menu_items', JSON.parse('{"a":{"__proto__":{"trusted":true}}}'), /name/],
  ['menu_items', Array(501).fill(1), /500/],
]

for (const engine of ENGINES) {
  describe(`bad input on ${engine}`, async () => {
    const server = await testSite({ engine })
    const world = await makeWorld(server)
    const directory = partner(server, await world.makePlatformToken('directory'))
    const existing = (await directory.register({ name: 'Existing' })).body.data
    const isEnvelope = ({ status, body }: Answer, expected: number, field?: string) => {
      const { error, reference, ...rest } = body
      assert.deepEqual([status, rest], [expected, { status: 'Error', ...(field ? { field } : {}) }], error)
      assert.ok(error.length <= 600)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
      assert.match(error, /^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e]+\.$/)
      assert.match(reference, /^[a-z0-9]{12}$/)
    }

    test('every invalid field is refused with its name and a message, at creation and at change', async () => {
      for (const [field, value, says] of WRONG) {
        const made = await directory.register({ [field]: value })
        isEnvelope(made, 422, field)
        assert.match(made.body.error, says, `${field} ${JSON.stringify(value)?.slice(0, 80)}`)
        if (/missing/.test(made.body.error)) continue
        isEnvelope(await directory.change(existing.app_code_name, { [field]: value }), 422, field)
      }
      const { body } = await directory.call('GET', APPS)
      assert.equal(body.apps.length, 1)
    })

    test('fields that contradict each other are refused', async () => {
      const jwks = 'https://app.example/jwks'
      isEnvelope(await directory.register({ public: true, client_auth_jwks_uri: jwks }), 422, 'client_auth_jwks_uri')
      const method = { public: true, token_endpoint_auth_method: 'client_secret_post' }
      isEnvelope(await directory.register(method), 422, 'token_endpoint_auth_method')
      isEnvelope(await directory.register({ openid: false, scopes: ['openid'] }), 422, 'openid')
    })

    test('the texts that describe an app have a maximum length', async () => {
      const large = { app_features: Array(9).fill('x'.repeat(2000)), locales: ['en'] }
      isEnvelope(await directory.register(large), 422, 'app_features')
      const half = { menu_items: Array(4).fill('x'.repeat(2500)) }
      assert.equal((await directory.change(existing.app_code_name, half)).status, 200)
      isEnvelope(await directory.change(existing.app_code_name, { payment_data: half.menu_items }), 422, 'menu_items')
      const deep = `{"menu_items":${'['.repeat(7)}${']'.repeat(7)}}`
      isEnvelope(await directory.call('PUT', `${APPS}/existing`, deep), 422, 'menu_items')
    })

    test('unreadable bodies get 400, 413 or 415', async () => {
      const good = JSON.stringify({ name: 'x', redirect_uri: REDIRECT_URI })
      const type = (value: string) => ({ 'content-type': value })
      const json = type('application/json')
      const form = type('application/x-www-form-urlencoded')
      const bodies: [body: unknown, headers: Record<string, string>, status: number, field?: string][] = [
        ['[]', json, 400],
        ['"x"', json, 400],
        ['7', json, 400],
        ['null', json, 400],
        ['{', json, 400],
        ['\uFEFF{}', json, 400],
        ['{"name":undefined}', json, 400],
        [Buffer.from('7b226e616d65223a22ff227d', 'hex'), json, 400],
        [Buffer.from('{"name":"\xc0\xaf"}', 'latin1'), json, 400],
        ['['.repeat(30_000), json, 400],
        [`{"menu_items":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, json, 422, 'menu_items'],
        [`{"name":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, json, 422, 'name'],
        [`{"name":"${'x'.repeat(70_000)}"}`, json, 413],
        [good, type('text/plain'), 415],
        [good, type('multipart/form-data; boundary=x'), 415],
        [good, type('application/json; charset=utf-16'), 415],
        [good, { ...json, 'content-encoding': 'gzip' }, 415],
        [good, form, 422, 'name'],
        ['name=a&name=b&redirect_uri=x', form, 400, 'name'],
        [`name=%00&redirect_uri=${REDIRECT_URI}`, form, 400],
        [`name=%ff&redirect_uri=${REDIRECT_URI}`, form, 400],
        [`name=x&redirect_uri=${REDIRECT_URI}&scopes[]=openid`, form, 400, 'scopes[]'],
        [`name[$ne]=x&redirect_uri=${REDIRECT_URI}`, form, 400, 'name[$ne]'],
        ['a=b&'.repeat(5000), form, 400],
      ]
      for (const [body, headers, status, field] of bodies) {
        const { answer, cost } = await processorTime(() => directory.call('POST', APPS, body, headers))
        isEnvelope(answer, status, field)
        assert.ok(cost < 500)
        const changed = await directory.call('PUT', `${APPS}/existing`, body, headers)
        if (status !== 422) isEnvelope(changed, status, field)
        else assert.ok(changed.status === 422 || changed.status === 200)
      }
    })

    test('a repeated member in a JSON body is refused, at any depth and in any spelling', async () => {
      const whole = `"name":"Twice","redirect_uri":"${REDIRECT_URI}"`
      const bodies: [string, string][] = [
        [`{${whole},"redirect_uri":"https://evil.example/"}`, 'redirect_uri'],
        [`{"redirect_uri":"https://evil.example/",${whole}}`, 'redirect_uri'],
        [`{${whole},"n\\u0061me" : "Other"}`, 'name'],
        [`{${whole},"description":{"logo":"a","l\\u006fgo":"b"}}`, 'logo'],
        [`{${whole},"description":[{"x":[]},{"x":{"y":1,"z":"y","y":2}}]}`, 'y'],
        [`{${whole},"__proto__":{},"__proto__":{}}`, '__proto__'],
      ]
      for (const [body, field] of bodies) {
        for (const [method, path] of [
          ['POST', APPS],
          ['PUT', `${APPS}/existing`],
        ] as const) {
          const answer = await directory.call(method, path, body)
          isEnvelope(answer, 400, field)
          assert.match(answer.body.error, /was sent twice; send it once\.$/)
        }
      }
      const once = `{${whole},"description":{"name":"\\"name\\":","list":["name","name",{"name":1},{"name":1}]}}`
      assert.equal((await directory.call('POST', APPS, once)).status, 201)
    })

    test('members named like properties of every object have no effect', async () => {
      const body = `{"name":"Plain","redirect_uri":"${REDIRECT_URI}","__proto__":{"trusted":true,"public":true},
        "constructor":{"prototype":{"trusted":true}},"toString":"x","hasOwnProperty":1,"valueOf":null}`
      const { status, body: answer } = await directory.call('POST', APPS, body)
      assert.equal(status, 201)
      const app = await server.site.store.apps.findLive(answer.data.app_id)
      assert.deepEqual([app!.trusted, app!.public, app!.listing], [false, false, {}])
      assert.equal(({} as Record<string, unknown>).trusted, undefined)
    })

    test('names in any script are returned unchanged', async () => {
      for (const name of [
        'האפליקציה שלי',
        'アプリ',
        'Zoë’s “App” & Co. <b>',
        "Robert'); drop table apps;--",
        '👩‍🚀 Space',
      ]) {
        const { status, body } = await directory.register({ name })
        assert.equal(status, 201)
        assert.equal(body.data.name, name)
        assert.equal((await directory.show(body.data.app_code_name)).body.data.application.name, name)
      }
      assert.equal((await directory.register({ name: '  Cafe\u0301 ' })).body.data.name, 'Caf\u00e9')
    })
  })
}

test('in production jwks_uri must be https, even on the same machine', async () => {
  const env = { BEHALF_ENV: 'production', BEHALF_ISSUER: 'https://auth.example' }
  const server = await testSite({ engine: 'postgres', env })
  const directory = partner(server, await (await makeWorld(server)).makePlatformToken('directory'))
  const { status, body } = await directory.register({ client_auth_jwks_uri: 'http://localhost/jwks' })
  assert.deepEqual([status, body.field], [422, 'client_auth_jwks_uri'])
  assert.equal((await directory.register({ redirect_uri: 'http://localhost/cb' })).status, 201)
})
