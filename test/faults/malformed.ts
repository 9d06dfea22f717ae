const PATHS = [
  '/oauth/token',
  '//oauth/token',
  '/oauth/userinfo',
  '/oauth/authorize',
  '/app/oauth/authorize',
  '/oauth/consent',
  '/oauth/resume',
  '/oauth/jwks',
  '/.well-known/openid-configuration',
  '/login',
  '/login/business',
  '/login/consent',
  '/logout',
  '/platform/v1/apps',
  '/platform/v1/apps/%00',
  '/assets/brand/x.css',
  '/assets/logo/app/%ff',
  '/health/ready',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/',
]
// The first two occur most often, because a request that gets further can do more harm.
const METHODS = [
  'GET',
  'POST',
  'POST',
  'GET',
  'POST',
  'POST',
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'HEAD',
  'PATCH',
  'TRACE',
  'CONNECT',
  'BREW',
  'get',
  'PRI',
]
const BODIES: (string | Buffer)[] = [
  '',
  'grant_type=authorization_code&code=%00&client_id=%ff%fe',
  'client_id=a&client_id=b&__proto__=1&constructor=2',
  '{"__proto__":{"client_id":"x"},"grant_type":["authorization_code"],"code":{"a":1}}',
  `${'['.repeat(20_000)}`,
  '{"client_id": 1e999, "code": null}',
  '\u{feff}{}',
  Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0xaf, 0xed, 0xa0, 0x80]),
  `ticket=${'0'.repeat(64)}&decision=allow&csrf=x`,
  `email=${'a'.repeat(3000)}@b&password=${'\u{1f600}'.repeat(500)}`,
  '&&&===%%%',
  'a=1&'.repeat(20_000),
]
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-7',
  '\u{e9}',
  '',
]
const HEADERS = [
  'Authorization: Bearer x',
  'Authorization: Bearer \u{1}',
  `Authorization: Basic ${Buffer.from('\0:\xff').toString('base64')}`,
  'Authorization: Basic %%%',
  `Authorization: Bearer ${'a'.repeat(9000)}`,
  'Cookie: ;;;===; behalf-session; behalf-browser=\u{ff}',
  `Cookie: ${'a=b;'.repeat(2000)}`,
  'Host: [::1',
  'Host: \u{1f4a3}.example',
  'Host: a/b?c#d@e',
  'X-Forwarded-For: ,,,999.1.1.1, ::ffff:1',
  'Content-Encoding: gzip',
  'Transfer-Encoding: chunked, identity',
  'Expect: 100-continue',
  'Expect: miracles',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Accept-Language: *;q=9,\u{e9}-x-\u{0},,,-',
  'Sec-Fetch-Site: cross-site',
  'Origin: null',
  'Range: bytes=0-1,5-2',
]
/** Bytes that are no HTTP request. */
const NOISE: (string | Buffer)[] = [
  '\r\n\r\n\r\n',
  'GET\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET  HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://[::1/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://user:pass@x:99999/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET * HTTP/1.1\r\nHost: a\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET //// HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET //a.example/oauth/token?x HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /?# HTTP/1.1\r\nHost: \r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef',
  'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  'POST /oauth/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nnope\r\n',
  `POST /oauth/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`,
  'POST /oauth/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n',
  `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\n${'X-Many: 1\r\n'.repeat(3000)}\r\n`,
  'GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n folded: line\r\n\r\n',
  'GET / HTTP/1.1\nHost: a\n\n',
  'GET /%zz%?a=%zz&b[=c&=&&%%% HTTP/1.1\r\nHost: a\r\n\r\n',
  Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
  Buffer.alloc(5000, 0),
]

/** The bytes of the n-th malformed request: always equal for the same number, a third of them random and the others nearly valid. */
export function malformed(number: number): Buffer {
  const next = randomFrom(number)
  const one = <T>(list: readonly T[]): T => list[next() % list.length]!
  if (next() % 3 === 0) return spoil(bytes(one(NOISE)), next)
  const body = bytes(one(BODIES))
  const query = next() % 3 === 0 ? `?${one(BODIES).toString().slice(0, 300).replaceAll(/\s/g, '+')}` : ''
  const lines = [
    `${one(METHODS)} ${one(PATHS)}${query} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Array.from({ length: next() % 3 }, () => one(HEADERS)),
    `Content-Type: ${one(TYPES)}`,
    // Sometimes the declared length is larger than the body, sometimes smaller.
    `Content-Length: ${Math.max(0, body.length + (next() % 5 === 0 ? (next() % 40) - 20 : 0))}`,
  ]
  return spoil(Buffer.concat([bytes(`${lines.join('\r\n')}\r\n\r\n`), body]), next)
}

/** Of every four requests one has a few bytes changed, and one is cut off. */
function spoil(whole: Buffer, next: () => number): Buffer {
  const way = next() % 4
  if (way === 0) for (let count = 0; count < 4; count++) whole[next() % whole.length] = next() % 256
  return way === 1 ? whole.subarray(0, 1 + (next() % whole.length)) : whole
}

const bytes = (text: string | Buffer) => Buffer.from(text as string)

/** The same random numbers in every run, so that a failure can be reproduced. */
function randomFrom(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state >>> 3
  }
}
