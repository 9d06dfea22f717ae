import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import english from '../../src/ui/messages/en.json' with { type: 'json' }
import { type MessageKey, openMessages } from '../../src/ui/messages/messages.ts'

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Returns a folder with these catalogues. */
function folderOf(catalogues: Record<string, unknown>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'messages-'))
  folders.push(folder)
  for (const [file, content] of Object.entries(catalogues)) writeFileSync(join(folder, file), JSON.stringify(content))
  return pathToFileURL(`${folder}/`)
}

const changed = (changes: Record<string, string | undefined>, facts = {}) => ({
  name: 'Test',
  direction: 'rtl',
  ...facts,
  messages: JSON.parse(JSON.stringify({ ...english.messages, ...changes })),
})

test('every catalogue in the package has exactly the messages of English, with the same placeholders', async () => {
  const messages = await openMessages()
  assert.equal(messages.choose(['en']).language, 'en')
})

test('a catalogue with missing, unknown or different messages stops the start with the reason', async () => {
  const cases: [string, unknown, RegExp][] = [
    ['he.json', changed({ 'signIn.title': undefined }), /he\.json.*the message signIn\.title is missing/],
    ['he.json', changed({ 'signIn.titel': 'x' }), /the message signIn\.titel does not exist/],
    ['he.json', changed({ 'signIn.toContinue': 'x {name}' }), /the message signIn\.toContinue needs \{app\}/],
    ['he.json', changed({ 'signIn.title': 'x {app}' }), /the message signIn\.title needs no \{\}/],
    ['he.json', changed({}, { direction: 'up' }), /direction/],
    ['Hebrew messages.json', changed({}), /its name is not a language tag/],
  ]
  for (const [file, catalogue, why] of cases) await assert.rejects(openMessages(folderOf({ [file]: catalogue })), why)
})

test('the first supported language is used, and English if none is supported', async () => {
  const messages = await openMessages(
    folderOf({ 'he.json': changed({}), 'pt-BR.json': changed({}, { direction: 'ltr' }) }),
  )
  const cases: [string[], string][] = [
    [[], 'en'],
    [[''], 'en'],
    [['he'], 'he'],
    [['he-IL'], 'he'],
    [['HE_il'], 'he'],
    [['pt-BR,pt;q=0.9,en;q=0.8'], 'pt-BR'],
    [['pt-PT'], 'en'],
    [['fr-FR, he;q=0.5, en;q=0.1'], 'he'],
    [['he;q=0.2, en;q=0.9'], 'en'],
    [['he;q=0, en;q=0.1'], 'en'],
    [['*'], 'en'],
    [['fr', 'de', 'en;q=0.5, he'], 'he'],
    [['he;q=nonsense', 'en'], 'en'],
    [['../../etc/passwd'], 'en'],
    [['__proto__', 'constructor'], 'en'],
    [['x-'.repeat(100_000)], 'en'],
    [[Array.from({ length: 10_000 }, (_, i) => `a${i}`).join(','), 'he'], 'he'],
  ]
  for (const [asked, language] of cases)
    assert.equal(messages.choose(asked).language, language, asked.join(' | ').slice(0, 80))
  assert.equal(messages.choose(['he']).direction, 'rtl')
})

test('placeholders are filled once, and a right-to-left name does not change the direction of the text around it', async () => {
  const messages = await openMessages(folderOf({ 'he.json': changed({ 'signIn.toContinue': 'אל {app}' }) }))
  const { t } = messages.choose(['en'])
  const key: MessageKey = 'signIn.toContinue'
  assert.equal(t(key, { app: 'Ledger' }), 'to continue to Ledger')
  assert.equal(t(key, { app: '{app} $& $1' }), 'to continue to {app} $& $1')
  assert.equal(t(key, { app: 'מאזן' }), 'to continue to \u2068מאזן\u2069')
  assert.equal(messages.choose(['he']).t(key, { app: 'Ledger' }), 'אל \u2068Ledger\u2069')
  assert.equal(messages.choose(['he']).t(key, { app: 'מאזן' }), 'אל מאזן')
})
