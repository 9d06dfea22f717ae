import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openScopes, type Scopes } from '../../src/domain/tokens/scopes.ts'

const folder = mkdtempSync(join(tmpdir(), 'scopes-'))
after(() => rmSync(folder, { recursive: true }))

function catalogue(entries: Record<string, unknown>) {
  const file = join(folder, 'scopes.json')
  writeFileSync(file, JSON.stringify({ openid: entry('Who'), ...entries }))
  return openScopes(file)
}

const entry = (en: string, more: Record<string, unknown> = {}) => ({ who: 'everyone', sentence: { en }, ...more })

const said = (scopes: Scopes, names: readonly string[], language: string) =>
  scopes.sentences(names, language).map(({ sentence }) => sentence)

test('people read each thing once: a scope within another that is asked for too says nothing of its own', () => {
  const shipped = openScopes()
  const whole = 'See your name, your e-mail address and your role in the business'
  assert.deepEqual(said(shipped, ['email', 'openid', 'clients_read'], 'en'), [whole, 'See the clients of the business'])
  assert.deepEqual(said(shipped, ['email', 'phone'], 'en'), ['See your e-mail address', 'See your phone number'])
  assert.deepEqual(said(shipped, ['unheard_of'], 'en'), [])
})

test('a sentence comes in the language asked for, in the language without its region, or in English, and says which', () => {
  const { sentences } = catalogue({
    a: { who: 'everyone', sentence: { en: 'A', de: 'Ä' } },
    b: entry('B'),
  })
  assert.deepEqual(sentences(['a', 'b'], 'de-AT'), [
    { sentence: 'Ä', language: 'de' },
    { sentence: 'B', language: 'en' },
  ])
})

test('a mistyped scope is told which one was most likely meant', () => {
  const { checkRegistrable } = openScopes()
  assert.throws(
    () => checkRegistrable(['clints_read'], false),
    /clints_read does not exist; the nearest one is clients_read\.$/,
  )
  assert.throws(() => checkRegistrable(['anything_at_all'], false), /The scope anything_at_all does not exist\.$/)
})

test('`within` names another scope, in one step', () => {
  assert.deepEqual(said(catalogue({ a: entry('A'), b: entry('B', { within: 'a' }) }), ['a', 'b'], 'en'), ['A'])
  for (const wrong of [
    { a: entry('A', { within: 'a' }) },
    { a: entry('A', { within: 'nowhere' }) },
    { a: entry('A', { within: 'openid' }), b: entry('B', { within: 'a' }) },
  ]) {
    assert.throws(() => catalogue(wrong), /must name another scope of the catalogue/)
  }
})

test('`alone` lets an app use for itself what it registered, and never what is about a person', () => {
  const { mayUseAlone } = catalogue({ a: entry('A', { alone: true }), b: entry('B'), c: entry('C', { alone: false }) })
  const app = { scopes: ['a', 'b', 'c'] }
  assert.deepEqual(
    ['a', 'b', 'c', 'openid', '__proto__'].map((name) => mayUseAlone(app, name)),
    [true, false, false, false, false],
  )
  assert.equal(mayUseAlone({ scopes: [] }, 'a'), false, 'also where everyone may ask for it')
  for (const name of ['openid', 'profile', 'email', 'offline_access'])
    assert.throws(() => catalogue({ [name]: entry('X', { alone: true }) }), /whom an app alone does not have/)
})
