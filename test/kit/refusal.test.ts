import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineRefusals } from '../../src/kit/refusal.ts'

const { refusal, refuse } = defineRefusals({
  'cup.empty': { status: 409, code: 'no_tea', parameter: 'cup', says: 'The {parameter} is empty.', fix: 'Pour tea.' },
  'cup.too-full': {
    status: 422,
    says: '{field} holds more than {most}, {#saucerSize} included.',
    fix: 'Drink {field}.',
  },
  'kitchen.busy': { status: 503, says: 'The kitchen is busy.', retryAfter: 2 },
})

test('a refusal is made from its row', () => {
  const { key, status, code, field, message, fix, headers } = refusal('cup.empty')
  assert.deepEqual(
    { key, status, code, field, message, fix, headers },
    {
      key: 'cup.empty',
      status: 409,
      code: 'no_tea',
      field: 'cup',
      message: 'The cup is empty.',
      fix: 'Pour tea.',
      headers: undefined,
    },
  )
  assert.throws(() => refuse('kitchen.busy', {}, { cause: 'fire' }), { cause: 'fire', headers: { 'retry-after': '2' } })
})

test('the types require every placeholder that the row leaves open', () => {
  const { message, field } = refusal('cup.too-full', { field: 'cupSize', most: '{most}' })
  assert.equal(message, 'cupSize holds more than {most}, saucerSize included.', 'a value is not filled again')
  assert.equal(field, 'cupSize')
  // @ts-expect-error: `most` is missing.
  refusal('cup.too-full', { field: 'cupSize' })
  // @ts-expect-error: the row does not exist.
  assert.throws(() => refusal('cup.broken'))
})

test('a surface replaces our field names by its own, and leaves wire names alone', () => {
  const nameOf = (field: string) => ({ cupSize: 'cup_size', saucerSize: 'saucer_size' })[field] ?? `unknown ${field}`
  const renamed = refusal('cup.too-full', { field: 'cupSize', most: 3 }).renamed(nameOf)
  assert.equal(renamed.message, 'cup_size holds more than 3, saucer_size included.')
  assert.deepEqual([renamed.field, renamed.fix, renamed.key], ['cup_size', 'Drink cup_size.', 'cup.too-full'])
  assert.equal(refusal('cup.empty').renamed(nameOf).field, 'cup')
  assert.equal(renamed.renamed(() => 'other').field, 'cup_size', 'the first surface that renames it decides')
})

test('a refusal inserts the message of the refusal that is its reason, and has its fix if it has none', () => {
  const { refusal } = defineRefusals({
    'tea.undrinkable': { status: 422, field: '', says: '{field} cannot be drunk: {reason}.' },
    'tea.cold': { status: 422, says: 'it has {degrees} degrees', fix: 'Warm it to {degrees} degrees or more.' },
  })
  const cold = refusal('tea.undrinkable', { reason: refusal('tea.cold', { degrees: '10' }) }).about('tea')
  assert.deepEqual([cold.message, cold.field], ['tea cannot be drunk: it has 10 degrees.', 'tea'])
  assert.deepEqual([cold.check, cold.fix], ['tea.undrinkable: tea.cold', 'Warm it to 10 degrees or more.'])
  const { message, fix } = cold.shownWith(() => '…')
  assert.deepEqual([message, fix], ['… cannot be drunk: it has … degrees.', 'Warm it to … degrees or more.'])
})

test('a refusal with another status or code keeps key, message and fix', () => {
  const other = refusal('cup.empty').with({ status: 400, code: 'no_coffee', headers: { 'x-tea': 'none' } })
  assert.deepEqual([other.status, other.code, other.headers], [400, 'no_coffee', { 'x-tea': 'none' }])
  assert.deepEqual([other.key, other.message, other.fix], ['cup.empty', 'The cup is empty.', 'Pour tea.'])
})
