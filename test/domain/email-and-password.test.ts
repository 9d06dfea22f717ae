import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emailKey, needEmailKey } from '../../src/domain/people/email-key.ts'
import { checkPassword, mayBePassword } from '../../src/domain/people/password.ts'

test('two spellings of one email address have the same key', () => {
  const cases: [string, string][] = [
    ['dana@example.com', 'dana@example.com'],
    ['  Dana@EXAMPLE.com\n', 'dana@example.com'],
    ['ＤＡＮＡ＠example．com', 'dana@example.com'],
    ['jose\u0301@example.com', 'josé@example.com'],
    ['\u212Aim@example.com', 'kim@example.com'],
    ['dana@BÜCHER.example', 'dana@xn--bcher-kva.example'],
    ['dana@xn--bcher-kva.example', 'dana@xn--bcher-kva.example'],
    ['dana+apps@example.com', 'dana+apps@example.com'],
    ['d.a.n.a@example.com', 'd.a.n.a@example.com'],
    ['דנה@example.com', 'דנה@example.com'],
    [`${'a'.repeat(242)}@example.com`, `${'a'.repeat(242)}@example.com`],
  ]
  for (const [email, key] of cases) {
    assert.equal(emailKey(email), key)
    assert.equal(emailKey(key), key, 'the key of a key is the same key')
  }
})

test('a text that is no email address has no key', () => {
  const no = [
    '',
    '   ',
    'dana',
    '@example.com',
    'dana@',
    'dana@@example.com',
    'dana@a@example.com',
    'da na@example.com',
    'dana@exam ple.com',
    'dana\u200B@example.com',
    'dana\u202Emoc@example.com',
    'da\u200Dna@example.com',
    'خانه\u200Cدار@example.com',
    'dana\u3164@example.com',
    'dana\0@example.com',
    'dana\n@example.com',
    'da\u00A0na@example.com',
    'da\u00A8na@example.com',
    'da\uFE0Fna@example.com',
    'dana\u{E0100}@example.com',
    'dana\u180B@example.com',
    `${'a'.repeat(243)}@example.com`,
    'x'.repeat(1_000_000),
  ]
  for (const email of no) assert.equal(emailKey(email), undefined, JSON.stringify(email.slice(0, 40)))
  assert.throws(() => needEmailKey('dana'), { status: 422, field: 'email' })
})

test('a password has a minimum length, and a maximum that can be hashed', () => {
  for (const good of [
    '12345678',
    'correct horse battery',
    'x'.repeat(256),
    '🥐'.repeat(8),
    '🥐'.repeat(256),
    '        ',
  ]) {
    assert.doesNotThrow(() => checkPassword(good))
    assert.equal(mayBePassword(good), true)
  }
  for (const short of ['', '1234567', '🥐'.repeat(7)]) assert.throws(() => checkPassword(short), /at least 8/)
  for (const long of ['x'.repeat(257), '🥐'.repeat(257), 'x'.repeat(1_000_000)]) {
    assert.throws(() => checkPassword(long), /at most 256/)
    assert.equal(mayBePassword(long), false)
  }
  assert.equal(mayBePassword(''), false)
})
