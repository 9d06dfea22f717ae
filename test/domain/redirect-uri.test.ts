import assert from 'node:assert/strict'
import { test } from 'node:test'
import { options } from '../../src/config/options.ts'
import {
  checkRedirectUri,
  hasSharedScheme,
  isClaimed,
  isRegistered,
  returnsTo,
} from '../../src/domain/apps/redirect-uri.ts'
import { Refusal } from '../../src/kit/refusal.ts'

const RULES = { redirectSchemes: options.redirectSchemes.kind.parse(options.redirectSchemes.default!) }

const GOOD = [
  'https://app.example/callback',
  'https://app.example',
  'https://app.example/',
  'https://app.example:8443/cb',
  'https://xn--80ak6aa92e.example/cb',
  'https://app.example/cb?next=%2Fhome&a=1&a=2',
  'https://app.example/CB/..hidden/.well-known/x',
  'https://app.example/a;b=1,2/(x)!$&+=:@~[y]',
  'https://192.0.2.7/cb',
  'https://[2001:db8::1]/cb',
  'http://localhost/cb',
  'http://localhost:44444/callback',
  'http://127.0.0.1/cb',
  'http://127.0.0.1:8080/cb',
  'http://[::1]:3000/cb',
  'http://app.localhost:3000/cb',
  'http://acme.my-app.localhost/cb',
  'com.example.app:/callback',
  'com.example.app://callback',
  'com.example-2.app:/oauth?x=1',
  'cursor://anysphere.cursor-mcp/oauth/callback',
  'vscode://vscode.github-authentication/did-authenticate',
  'vscode-insiders:/cb',
]

/** Redirect URIs that must be refused, under the name of the attack. */
const BAD: Record<string, string[]> = {
  'no URI at all': ['', ' ', 'callback', '/callback', '//evil.example', 'app.example/cb', '?x=1', 'null'],
  fragment: ['https://app.example/cb#', 'https://app.example/cb#x', 'com.example.app:/cb#x', 'http://127.0.0.1/#'],
  'user name': [
    'https://app.example@evil.example/cb',
    'https://user:pw@app.example/cb',
    'https://:@app.example/cb',
    'https://@app.example/cb',
    'http://localhost:80@evil.example/',
    'com.example.app://user@host/cb',
    'com.example.app://@host/cb',
  ],
  'script and document schemes': [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'javascript://app.example/%0aalert(1)',
    'javascript://com.example.app/x',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://app.example/x',
    'file:///etc/passwd',
    'about:blank',
    'view-source:https://app.example',
  ],
  'schemes without a dot': [
    'myapp://cb',
    'myapp:/cb',
    'cursor:cb',
    'Cursor://cb',
    'cursors://cb',
    'cursor://cb?code=1',
    'urn:ietf:wg:oauth:2.0:oob',
    'ftp://app.example/',
    'ws://localhost/',
  ],
  'private schemes without a path': [
    'com.example.app:callback',
    'com.example.app:',
    'com..app:/cb',
    '.com.app:/cb',
    'com.:/cb',
  ],
  'private schemes in capitals': ['COM.example.app:/cb', 'com.Example.app:/cb'],
  'scheme and host in capitals': [
    'HTTPS://app.example/',
    'Https://app.example/',
    'https://APP.example/',
    'https://app.Example/',
  ],
  'spellings that parsers repair': [
    'https:app.example',
    'https:/app.example',
    'https:///app.example/',
    'https:\\\\app.example',
    'https:/\\app.example',
    'https://app.example\\cb',
    'https://app.example/c b',
    'https://app.example/cb\n',
    '\thttps://app.example/cb',
    'https://app.ex\tample/cb',
    'https://app.example/\0',
    'https://app.example:443/cb',
    'http://localhost:80/cb',
    'https://app.example:/cb',
    'https://app.example:08443/cb',
    'https://app.example./cb',
    'https://app.example%2ecom/cb',
    'https://app%E3%80%82example/cb',
    'https://%61pp.example/cb',
    'https://0x7f.1/cb',
    'https://2130706433/cb',
    'http://0177.0.0.1/cb',
    'http://127.1/cb',
    'https://[0:0:0:0:0:0:0:1]/cb',
    'https://[::ffff:127.0.0.1]/cb',
    'https://app.example:99999/cb',
  ],
  'what is not ASCII': [
    'https://аpp.example/cb',
    'https://app。example/cb',
    'https://app.example/ü',
    'https://app.example/\u202Ecb',
  ],
  'percent signs that encode nothing': [
    'https://app.example/%',
    'https://app.example/%zz',
    'https://app.example/?a=%4',
  ],
  'dot segments': [
    'https://app.example/cb/../evil',
    'https://app.example/cb/./x',
    'https://app.example/..',
    'https://app.example/cb/%2e%2e/evil',
    'https://app.example/cb/%2E./evil',
    'https://app.example/cb/..%2fevil',
    'https://app.example/cb/..%5Cevil',
    'https://app.example/cb/..;/evil',
  ],
  wildcards: ['https://*.app.example/cb', 'https://app.example/*', 'https://*', 'com.example.app:/*'],
  'http to elsewhere': [
    'http://app.example/cb',
    'http://0.0.0.0/cb',
    'http://127.0.0.2/cb',
    'http://127.0.0.1.nip.io/cb',
    'http://localhost.evil.example/cb',
    'http://app.localhost.evil.example/cb',
    'http://evil-localhost/cb',
    'http://.localhost/cb',
    'http://app..localhost/cb',
    'http://localhost.localdomain/cb',
    'http://[::]/cb',
    'http://[::ffff:7f00:1]/cb',
    'http://192.168.0.1/cb',
  ],
  'parameters that the answer adds': [
    'https://app.example/cb?code=x',
    'https://app.example/cb?a=1&state=',
    'https://app.example/cb?iss=x',
    'https://app.example/cb?error=x',
    'https://app.example/cb?%63ode=x',
    'https://app.example/cb?response=x',
    'com.example.app:/cb?state=x',
  ],
  'too long': [`https://app.example/${'x'.repeat(2000)}`],
}

test('URIs that existing apps use can be registered', () => {
  for (const uri of GOOD) assert.doesNotThrow(() => checkRedirectUri(uri, 'redirect_uri', RULES), uri)
})

for (const [name, uris] of Object.entries(BAD)) {
  test(`cannot be registered: ${name}`, () => {
    for (const uri of uris) {
      assert.throws(
        () => checkRedirectUri(uri, 'redirect_uri', RULES),
        (error: unknown) =>
          error instanceof Refusal &&
          error.status === 422 &&
          error.field === 'redirect_uri' &&
          error.message.length < 400,
        JSON.stringify(uri.slice(0, 80)),
      )
    }
  })
}

test('a private scheme that cannot be used is refused with the true reason', () => {
  for (const [uri, why] of [
    ['com.example.app:cb', /a slash must follow its scheme, as in com\.example\.app:\/callback/],
    ['com.example.app:', /a slash must follow/],
    ['cursor:cb', /a slash must follow/],
    ['com.Example.app:/cb', /write its scheme in lower case, as com\.example\.app/],
    ['com..app:/cb', /a dot without a name/],
    ['com.app.:/cb', /a dot without a name/],
    ['myapp://cb', /use https, or a scheme of your own with a dot/],
  ] as const)
    assert.throws(() => checkRedirectUri(uri, 'redirect_uri', RULES), { message: why }, uri)
})

test('the operator names the schemes without a dot that may be registered', () => {
  const { kind } = options.redirectSchemes
  const redirectSchemes = kind.parse('myapp')
  assert.doesNotThrow(() => checkRedirectUri('myapp://cb', 'redirect_uri', { redirectSchemes }))
  for (const uri of ['cursor://cb', 'vscode://cb'])
    assert.throws(() => checkRedirectUri(uri, 'redirect_uri', { redirectSchemes }), uri)
  assert.deepEqual(kind.parse('none'), [])
  for (const wrong of ['javascript', 'data', 'https', 'com.example.app', 'My', 'a b', 'vscode,', 'vscode://'])
    assert.equal(kind.safeParse(wrong).success, false, wrong)
  assert.equal(hasSharedScheme('cursor://cb'), true)
  for (const uri of ['com.example.app:/cb', 'https://localhost/cb', 'http://localhost/cb'])
    assert.equal(hasSharedScheme(uri), false, uri)
})

test('the time to check a URI does not depend on its content', () => {
  for (const piece of ['/', '.', '%2e', '@', ':', '?', 'a.', '../', '[', '&code']) {
    const begun = performance.now()
    for (const start of [
      'https://',
      'https://app.example/',
      'com.',
      'http://127.0.0.1',
      'http://localhost',
      'http://a.',
    ]) {
      assert.throws(() => checkRedirectUri(start + piece.repeat(50_000), 'redirect_uri', RULES))
      isRegistered(['http://localhost/cb'], start + piece.repeat(50_000))
    }
    assert.ok(performance.now() - begun < 200, piece)
  }
})

/** A registered URI, and URIs that differ from it. */
const STRANGERS: [registered: string, ...others: string[]][] = [
  [
    'https://app.example/cb',
    'https://app.example/cb/',
    'https://app.example/cb/evil',
    'https://app.example/cb/../evil',
    'https://app.example/cb/%2e%2e/evil',
    'https://app.example/cb/..%2fevil',
    'https://app.example/cb%252f..',
    'https://app.example/cb/..;/evil',
    'https://app.example/%63b',
    'https://app.example/CB',
    'HTTPS://app.example/cb',
    'https://APP.example/cb',
    'https://app.example.evil.example/cb',
    'https://evil-app.example/cb',
    'https://appxexample/cb',
    'https://app.example@evil.example/cb',
    'https://evil.example@app.example/cb',
    'https://app.example:443/cb',
    'https://app.example:8443/cb',
    'https://app.example./cb',
    'https://app.example/cb?x=1',
    'https://app.example/cb?',
    'https://app.example/cb#',
    'https://app.example/cb#x',
    'https://app.example/cb&x=1',
    'https:app.example/cb',
    'https:///app.example/cb',
    'https:/\\app.example/cb',
    '//app.example/cb',
    ' https://app.example/cb',
    'https://app.example/cb ',
    'https://app.example/cb\n',
    'https://app.example/cb\0',
    'https://app。example/cb',
    'http://app.example/cb',
    'https://app.example',
    '',
  ],
  [
    'https://app.example/cb?a=1&b=2',
    'https://app.example/cb',
    'https://app.example/cb?b=2&a=1',
    'https://app.example/cb?a=1',
    'https://app.example/cb?a=1&b=2&c=3',
    'https://app.example/cb?a=%31&b=2',
  ],
  ['https://127.0.0.1/cb', 'https://127.0.0.1:8443/cb'],
  [
    'http://localhost/cb',
    'http://localhost:8080/cb/',
    'http://localhost:99999/cb',
    'http://localhost:/cb',
    'http://localhost:80@evil.example/cb',
    'http://app.localhost/cb',
    'http://LOCALHOST/cb',
    'http://localhost./cb',
    'https://localhost:8080/cb',
    'http://127.0.0.1/cb',
    'http://[::1]/cb',
    'http://localhost.evil.example/cb',
  ],
  [
    'http://app.localhost:3000/cb',
    'http://localhost:3000/cb',
    'http://other.localhost:3000/cb',
    'http://x.app.localhost:3000/cb',
    'http://app.localhost.evil.example:3000/cb',
    'http://app.localhost:3000@evil.example/cb',
  ],
  [
    'http://127.0.0.1/cb',
    'http://127.0.0.1/cb/',
    'http://127.0.0.1:8080/',
    'http://127.0.0.1:8080/cb?x=1',
    'http://127.0.0.1:8080/cb#x',
    'http://127.0.0.1:99999/cb',
    'http://127.0.0.1:999999/cb',
    'http://127.0.0.1:80x/cb',
    'http://127.0.0.1:-1/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:80@evil.example/cb',
    'http://127.0.0.1@evil.example/cb',
    'http://evil.example@127.0.0.1/cb',
    'http://127.0.0.1.nip.io/cb',
    'http://127.0.0.1:80.evil.example/cb',
    'http://127.0.0.2/cb',
    'http://0.0.0.0/cb',
    'http://127.1/cb',
    'http://2130706433/cb',
    'http://localhost/cb',
    'http://[::1]/cb',
    'http://[::ffff:127.0.0.1]/cb',
    'https://127.0.0.1/cb',
    'http://127.0.0.1:8080\\cb',
    'http://127.0.0.1:8080/cb\n',
    'http://127.0.0.1\n:8080/cb',
    'x http://127.0.0.1:8080/cb',
  ],
  [
    'com.example.app:/cb',
    'com.example.app://cb',
    'com.example.app:///cb',
    'com.example.app:/cb.attacker',
    'com.example.app.evil:/cb',
    'com.example.app:/cb?x=1',
    'com.example.app:/CB',
  ],
  ['com.example.app://cb', 'com.example.app://cb.attacker', 'com.example.app://cb/', 'com.example.app://cb:80'],
]

test('a redirect URI must equal the registered one character by character', () => {
  for (const [registered, ...others] of STRANGERS) {
    assert.equal(isRegistered(['https://first.example/', registered], registered), true)
    for (const other of others)
      assert.equal(isRegistered([registered], other), false, `${registered} / ${JSON.stringify(other)}`)
  }
  assert.equal(isRegistered([], 'https://app.example/'), false)
})

test('only the port of a loopback address may differ', () => {
  for (const [registered, asked] of [
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb'],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1:51004/cb'],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1/cb'],
    ['http://[::1]/cb?x=1', 'http://[::1]:65535/cb?x=1'],
    ['http://127.0.0.1', 'http://127.0.0.1:51004'],
    ['http://localhost', 'http://localhost:51004'],
    ['http://localhost:3334/oauth/callback', 'http://localhost:51004/oauth/callback'],
    ['http://app.localhost:3000/cb', 'http://app.localhost:3001/cb'],
  ] as const) {
    assert.equal(isRegistered([registered], asked), true, `${registered} / ${asked}`)
  }
})

test('the dialog shows the host or the scheme of the redirect URI, and only https at another host than this device is claimed by one app', () => {
  assert.equal(returnsTo('https://app.example:8443/cb?x=1'), 'app.example:8443')
  assert.equal(returnsTo('http://127.0.0.1:5000/cb'), '127.0.0.1:5000')
  assert.equal(returnsTo('com.example.app:/cb'), 'com.example.app')
  assert.equal(isClaimed('https://app.example/cb'), true)
  assert.equal(isClaimed('http://localhost/cb'), false)
  assert.equal(isClaimed('com.example.app:/cb'), false)
  for (const host of [
    'localhost',
    'app.localhost:8443',
    '127.0.0.1',
    '127.9.9.9',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
  ])
    assert.equal(isClaimed(`https://${host}/cb`), false, host)
  for (const host of ['localhost.example', '[2001:db8::1]', '[::ffff:192.0.2.7]', '192.0.2.7'])
    assert.equal(isClaimed(`https://${host}/cb`), true, host)
})
