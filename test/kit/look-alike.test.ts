import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keysWithin, lookAlikeKey, MAX_KEYS } from '../../src/kit/look-alike.ts'

test('names that look alike have one key', () => {
  const same = (...names: string[]) =>
    assert.equal(new Set(names.map(lookAlikeKey)).size, 1, names.map(lookAlikeKey).join())
  same(
    'Northwind',
    'NORTHWIND',
    ' north-wind ',
    'Nörthwínd',
    'Nоrthwind',
    'ΝΟRTHWIND',
    'Northvvind',
    'Ｎorthwind',
    '𝐍orthwind',
    'Northwınԁ',
  )
  same('PayPal', 'PaypaI', 'Рayраl', 'P@yPal', 'pay\u200bpal')
  same('modern', 'rnodem')
  assert.notEqual(lookAlikeKey('Ledger'), lookAlikeKey('Lodger'))
  assert.equal(lookAlikeKey('→ ·'), '')
  assert.notEqual(lookAlikeKey('מאזן'), '')
})

test('a name contains its words, its beginnings and its ends, and never too many', () => {
  const within = (name: string, part: string) => keysWithin(name).includes(lookAlikeKey(part))
  for (const name of [
    'Ledger Pro',
    'My Ledger Pro',
    'Ledger Pro (official)',
    'LedgerPro-login',
    'MyLedgerPro',
    'getledgerpro',
  ])
    assert.ok(within(name, 'Ledger Pro'), name)
  assert.ok(!within('Ledge Prototype', 'Ledger Pro'))
  assert.ok(within('HR', 'HR') && !within('My HR', 'HR'), 'a short name counts only as a whole')
  for (const long of ['a b c d '.repeat(60), 'word '.repeat(80), 'x'.repeat(400), `${'ab1 '.repeat(50)}Zz`])
    assert.ok(keysWithin(long).length <= MAX_KEYS, long)
})
