import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bearerToken } from '../../src/http/bearer.ts'
import { Incoming } from '../../src/http/incoming.ts'
import { messageOf } from '../../src/http/message.ts'
import { Refusal } from '../../src/kit/refusal.ts'

const TOKEN = '0123456789abcdef'.repeat(4)
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln_-0'

function read(...authorization: string[]): string | undefined {
  const headers = new Headers()
  for (const each of authorization) headers.append('authorization', each)
  const request = new Request('http://localhost/', { headers })
  return bearerToken(new Incoming(messageOf(request), { addressOf: () => '', bodyLimit: 1024, path: {} }))
}

test('one opaque token or JWT is read, with the scheme in any case', () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
    assert.equal(read(`${scheme} ${TOKEN}`), TOKEN)
    assert.equal(read(`${scheme} ${JWT}`), JWT)
    assert.equal(read(`${scheme}   ${TOKEN}`), TOKEN, 'one or more spaces (RFC 6750 §2.1)')
  }
  assert.equal(read(`Bearer a.${'b'.repeat(8188)}.c`)?.length, 8192)
})

test('a missing header, or another scheme, is no token', () => {
  assert.equal(read(), undefined)
  for (const other of [
    '',
    'Basic YTpi',
    `DPoP ${TOKEN}`,
    `Token token="${TOKEN}"`,
    'Digest a="b", c="d"',
    `Bearer-ish ${TOKEN}`,
    TOKEN,
  ]) {
    assert.equal(read(other), undefined, other)
  }
})

test('an ambiguous header is malformed', () => {
  for (const header of [
    ['Bearer'],
    [`Bearer\t${TOKEN}`],
    [`Bearer ${TOKEN} x`],
    [`Bearer ${TOKEN}, Bearer ${TOKEN}`],
    [`Bearer ${TOKEN},`],
    [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`],
    [`Bearer ${TOKEN}`, 'Basic YTpi'],
    ['Basic YTpi', `Bearer ${TOKEN}`],
  ]) {
    assert.throws(() => read(...header), { status: 400 }, header.join(' | '))
  }
})

test('a token without the form of ours is foreign, and is not repeated in the message', () => {
  for (const token of [
    TOKEN.toUpperCase(),
    TOKEN.slice(1),
    `${TOKEN}0`,
    `"${TOKEN}"`,
    'a.b',
    'a.b.c.d',
    '..',
    'a.b=.c',
    '__proto__',
    `a.${'b'.repeat(8189)}.c`,
  ]) {
    assert.throws(
      () => read(`Bearer ${token}`),
      (error: unknown) =>
        error instanceof Refusal &&
        error.code === 'invalid_token' &&
        error.status === 401 &&
        !error.message.includes(token),
      token.slice(0, 80),
    )
  }
})
