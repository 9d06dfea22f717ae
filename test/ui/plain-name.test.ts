import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainName } from '../../src/kit/plain-name.ts'

test('a name keeps its visible characters, and loses those that turn or hide the text around it', () => {
  const cases: [string, string][] = [
    ['Ledger', 'Ledger'],
    ['  Bread &  Butter\n', 'Bread & Butter'],
    ['Bank\u202Egpj.exe', 'Bankgpj.exe'],
    ['Pay\u200B\u200D\u2060\uFEFFpal', 'Paypal'],
    ['\u2066Ledger\u2069\u061C', 'Ledger'],
    ['a\0b\u001Bc\u009Fd', 'abcd'],
    ['A\u2028B\u2029C', 'ABC'],
    ['\u3164\u115F\u2800', ''],
    ['Cafe\u0301', 'Café'],
    [`Z${'\u0335'.repeat(50)}o`, `Z${'\u0335'.repeat(3)}o`],
    ['מספרת דנה', 'מספרת דנה'],
    ['नमस्ते', 'नमस्ते'],
    ['🥐 Bakery', '🥐 Bakery'],
    ['<b>Ledger</b>', '<b>Ledger</b>'],
    ['x'.repeat(100), 'x'.repeat(100)],
    [`${'x'.repeat(150)} north`, `${'x'.repeat(69)}…${'x'.repeat(24)} north`],
    ['🥐'.repeat(101), `${'🥐'.repeat(69)}…${'🥐'.repeat(30)}`],
  ]
  for (const [name, shown] of cases) assert.equal(plainName(name), shown)
})
