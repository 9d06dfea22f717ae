import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { settingsPage } from '../../scripts/docs/app-settings-page.ts'
import { asksAgain, differences } from '../../src/domain/apps/differences.ts'
import { listingFields } from '../../src/domain/apps/listing.ts'
import { SETTINGS } from '../../src/domain/apps/settings.ts'
import { newApp } from '../store/things.ts'

test('docs/app-settings.md is what `npm run docs` would write', () => {
  const page = readFileSync(new URL('../../docs/app-settings.md', import.meta.url), 'utf8')
  assert.equal(page, settingsPage(), 'docs/app-settings.md is stale: run `npm run docs`')
})

test('each setting has a unique name on every surface, and a description', () => {
  for (const surface of ['platform', 'metadata', 'cli'] as const) {
    const names = SETTINGS.flatMap(([, row]) => row.names[surface] ?? [])
    assert.deepEqual(names, [...new Set(names)])
  }
  for (const [name, { about, read }] of SETTINGS) assert.ok(about.endsWith('.') && read.description, name)
})

test('only the tables contain the wire names of settings', () => {
  const tables = ['settings.ts', 'column-settings.ts', 'protocol-settings.ts', 'listing.ts', 'refusals.ts']
  const names = SETTINGS.flatMap(([, { names }]) => [names.platform, names.metadata])
  const wire = [...names, ...Object.keys(listingFields)].filter((name) => name?.includes('_'))
  const folder = new URL('../../src/domain/apps/', import.meta.url)
  const found = readdirSync(folder).flatMap((file) => {
    const code = readFileSync(new URL(file, folder), 'utf8').replaceAll(/\/\*.*?\*\/|^\s*\/\/[^\n]*/gms, '')
    return tables.includes(file)
      ? []
      : wire.filter((name) => code.match(`\\b${name}\\b`)).map((name) => `${file}: ${name}`)
  })
  assert.deepEqual(found, [])
})

test('a new permission is needed if the name, redirect URIs or authentication change, and for nothing else', () => {
  const was = newApp(null, { redirectUris: ['https://a.example/', 'https://b.example/'] })
  const changes: [Partial<typeof was>, boolean][] = [
    [{ redirectUris: [...was.redirectUris, 'https://c.example/'] }, true],
    [{ redirectUris: ['https://c.example/', 'https://b.example/'] }, true],
    [{ redirectUris: ['https://b.example/'] }, false],
    [{ redirectUri: 'https://b.example/', redirectUris: ['https://b.example/', 'https://a.example/'] }, false],
    [{ jwksUri: 'https://a.example/keys' }, true],
    [{ protocol: { jwks: { keys: [{ kty: 'RSA' }] } } }, true],
    [{ public: !was.public }, true],
    [{ name: 'Other' }, true],
    [{ trusted: !was.trusted, scopes: ['openid'], accessTokenLifetime: 60, listing: { a: 1 } }, false],
    [{ protocol: { authMethod: 'private_key_jwt' } }, true],
    [{ protocol: { requirePkce: true, idTokenAlg: 'ES256' } }, false],
  ]
  for (const [change, expected] of changes) {
    const app = { ...was, ...change }
    assert.equal(asksAgain(was, app), expected, JSON.stringify(change))
    assert.deepEqual(differences(was, app).sort(), Object.keys(change).sort())
  }
})
