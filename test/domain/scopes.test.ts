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

const entry = (en: string, more: Record<string, unknown> = {}) => ({
  available_to: 'everyone',
  description: { en },
  ...more,
})

const said = (scopes: Scopes, names: readonly string[], language: string) =>
  scopes.describe(names, language).map(({ description }) => description.text)

test('a scope implied by another requested scope is not described twice', () => {
  const shipped = openScopes()
  const whole = 'See your name, your email address and your role in the business'
  assert.deepEqual(said(shipped, ['email', 'openid', 'clients_read'], 'en'), [whole, 'See the clients of the business'])
  assert.deepEqual(said(shipped, ['email', 'phone'], 'en'), ['See your email address', 'See your phone number'])
  assert.deepEqual(said(shipped, ['unheard_of'], 'en'), [])
})

test('a description comes in the requested language, in that language without its region, or in English, and names its language', () => {
  const { describe } = catalogue({
    a: { available_to: 'everyone', description: { en: 'A', de: 'Ä' } },
    b: entry('B'),
  })
  const texts = describe(['a', 'b'], 'de-AT').map(({ description }) => description)
  assert.deepEqual(texts, [
    { text: 'Ä', language: 'de' },
    { text: 'B', language: 'en' },
  ])
})

test('the refusal of a mistyped scope names the nearest scope', () => {
  const { checkRegistrable } = openScopes()
  assert.throws(
    () => checkRegistrable(['clints_read'], false),
    /clints_read does not exist; the nearest one is clients_read\.$/,
  )
  assert.throws(() => checkRegistrable(['anything_at_all'], false), /The scope anything_at_all does not exist\.$/)
})

test('`implied_by` names another scope, one level deep', () => {
  assert.deepEqual(said(catalogue({ a: entry('A'), b: entry('B', { implied_by: 'a' }) }), ['a', 'b'], 'en'), ['A'])
  for (const wrong of [
    { a: entry('A', { implied_by: 'a' }) },
    { a: entry('A', { implied_by: 'nowhere' }) },
    { a: entry('A', { implied_by: 'openid' }), b: entry('B', { implied_by: 'a' }) },
  ]) {
    assert.throws(() => catalogue(wrong), /must name another scope of the catalogue/)
  }
})

test('`default` marks the scopes of apps that register none; a catalogue that marks none has the usual ones', () => {
  const marked = catalogue({
    profile: entry('P'),
    a: entry('A', { default: true }),
    b: entry('B', { default: true, available_to: 'registered' }),
  })
  assert.deepEqual([marked.defaults, marked.ownDefaults], [['a', 'b'], ['a']])
  const unmarked = catalogue({ profile: entry('P'), a: entry('A') })
  assert.deepEqual(
    [unmarked.defaults, unmarked.ownDefaults],
    [
      ['openid', 'profile'],
      ['openid', 'profile'],
    ],
  )
  const registered = catalogue({ a: entry('A', { default: true, available_to: 'registered' }) })
  assert.deepEqual(registered.ownDefaults, ['openid'], 'an app that introduces itself always has a default')
  assert.throws(() => catalogue({ a: entry('A', { default: true, available_to: 'internal' }) }), /only the platform/)
})

test('`client_credentials` lets an app use a scope it registered for itself, and never a scope about a person', () => {
  const { mayUseWithoutPerson } = catalogue({
    a: entry('A', { client_credentials: true }),
    b: entry('B'),
    c: entry('C', { client_credentials: false }),
  })
  const app = { scopes: ['a', 'b', 'c'] }
  assert.deepEqual(
    ['a', 'b', 'c', 'openid', '__proto__'].map((name) => mayUseWithoutPerson(app, name)),
    [true, false, false, false, false],
  )
  assert.equal(mayUseWithoutPerson({ scopes: [] }, 'a'), false, 'also if everyone may request it')
  for (const name of ['openid', 'profile', 'email', 'offline_access'])
    assert.throws(() => catalogue({ [name]: entry('X', { client_credentials: true }) }), /the scope is about a person/)
})

test('a scope with `claims` gives these claims, which must exist, and is about a person', () => {
  const { claimsOf, isOfPerson } = catalogue({
    team: entry('T', { claims: ['groups', 'preferred_username'] }),
    a: entry('A'),
  })
  assert.deepEqual(['team', 'a', 'phone', '__proto__'].map(claimsOf), [
    ['groups', 'preferred_username'],
    [],
    ['phone_number', 'phone_number_verified'],
    [],
  ])
  assert.deepEqual(['team', 'a', 'openid', 'groups'].map(isOfPerson), [true, false, true, true])
  for (const claims of [['password'], ['sub'], 'groups', [7]])
    assert.throws(() => catalogue({ team: entry('T', { claims }) }))
  const both = entry('T', { claims: ['groups'], client_credentials: true })
  assert.throws(() => catalogue({ team: both }), /the scope is about a person/)
})

test('`area` and `access` group the scopes of the dialog, and have defaults', () => {
  const area = { en: 'Clients', de: 'Kunden' }
  const scopes = catalogue({
    clients_read: entry('See clients', { area }),
    'clients:delete': entry('Delete clients', { area }),
    clients: entry('All of clients', { area }),
    stars: entry('See stars', { access: 'see' }),
    team: entry('Your team', { claims: ['groups'] }),
    undelete: entry('Bring back'),
  })
  const all = scopes.describe(scopes.names, 'de')
  const shown = all.map(({ description, access, area: at }) => [
    description.text,
    access,
    typeof at === 'string' ? at : at.text,
  ])
  assert.deepEqual(shown, [
    ['Who', 'see', 'person'],
    ['See clients', 'see', 'Kunden'],
    ['Delete clients', 'delete', 'Kunden'],
    ['All of clients', 'change', 'Kunden'],
    ['See stars', 'see', 'business'],
    ['Your team', 'see', 'person'],
    ['Bring back', 'change', 'business'],
  ])
  for (const wrong of [{ access: 'write' }, { area: { de: 'Kunden' } }, { area: 'Clients' }])
    assert.throws(() => catalogue({ a: entry('A', wrong) }))
})

test('a scope that the platform gives is not described, and is never one that anyone can have or that is about a person', () => {
  const given = { given_by: 'platform', available_to: 'registered' }
  const scopes = catalogue({ a: entry('A', given), b: entry('B') })
  assert.deepEqual(said(scopes, ['a', 'b'], 'en'), ['B'])
  assert.deepEqual(said(openScopes(), ['app/installs'], 'en'), [])
  for (const wrong of [{ given_by: 'platform' }, { ...given, claims: ['groups'] }, { given_by: 'anyone' }])
    assert.throws(() => catalogue({ a: entry('A', wrong) }))
})

test('in the built-in catalogue, what covers a business includes seeing and changing it, and deleting is always named', () => {
  const whole = ['business/clients', 'clients_read', 'clients_create', 'clients_update', 'clients_delete']
  assert.deepEqual(said(openScopes(), whole, 'en'), ['See and manage the clients of the business', 'Delete clients'])
})
