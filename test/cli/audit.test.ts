import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { behalf, tempFolder } from './behalf.ts'

const cwd = tempFolder()
const ask = async (...args: string[]) => {
  const ended = await behalf([...args, '--json'], { cwd })
  assert.equal(ended.code, 0, ended.stderr)
  return ended.json()
}
const codeOf = async (...args: string[]) => (await behalf([...args, '--json'], { cwd })).code

const directory = (await ask('directory', 'create', '--name', 'Harbour', '--host', 'app.harbour.example')).uid
const business = (await ask('business', 'create', '--directory', directory, '--name', 'Salon')).uid
const create = ['staff', 'create', '--business', business, '--role', 'owner', '--password', 'correct horse battery']
const add = (email: string, name: string) => ask(...create, '--email', email, '--name', name)

describe('the audit', () => {
  test('pages lead through all events, each of them once', async () => {
    const all = (await ask('events', '--limit', '1000')).events.map(({ uid }: { uid: string }) => uid)
    const seen: string[] = []
    for (let before: string | null = 'none'; before !== null; ) {
      const page = await ask('events', '--limit', '3', ...(before === 'none' ? [] : ['--before', before]))
      seen.push(...page.events.map(({ uid }: { uid: string }) => uid))
      before = page.next
    }
    assert.deepEqual(seen, all)
    assert.match(
      (await behalf(['events', '--limit', '1'], { cwd })).stdout,
      /\n\nThe next page: --before [0-9a-f]{25}\n$/,
    )
  })

  test('a time limits the events on either side', async () => {
    await pause(1100)
    const since = new Date().toISOString().slice(0, 19)
    await add('late@example.com', 'Late')
    const types = async (...args: string[]) =>
      (await ask('events', ...args)).events.map(({ type }: { type: string }) => type)
    const late = await types('--since', since)
    assert.ok(late.includes('staff.created') && !late.includes('directory.created'), String(late))
    const early = await types('--until', `${since}Z`)
    assert.ok(early.includes('directory.created') && !early.includes('staff.created'), String(early))
    assert.ok((await types('--since', '1h')).includes('directory.created'))
    assert.deepEqual(await types('--until', '2d'), [])
    assert.deepEqual(await types('--since', '2099-01-01'), [])
    for (const wrong of ['yesterday', '2026-13-01', '5', '2026-11-29T25:00'])
      assert.equal(await codeOf('events', '--since', wrong), 2, wrong)
    assert.equal(await codeOf('events', '--before', 'x'), 2)
  })
})

describe('erasing a person', () => {
  test('removes every personal value from the database file, and keeps the audit by uid', async () => {
    const { person_uid: uid } = await add('zelda.quux@example.com', 'Zelda Quux')
    await ask('person', 'change', 'zelda.quux@example.com', '--phone', '+33142685300', '--nickname', 'Zeldinha')
    const erased = await ask('person', 'erase', 'zelda.quux@example.com')
    assert.equal(erased.uid, uid)
    const events = (await ask('events', '--limit', '1000')).events
    const named = events.filter(({ subject }: { subject: string }) => subject === uid)
    assert.deepEqual(named.map(({ type }: { type: string }) => type).slice(0, 2), ['person.erased', 'person.changed'])
    const file = join(cwd, 'data/behalf.db')
    assert.doesNotMatch(readFileSync(file, 'latin1'), /zelda|quux|33142685300|zeldinha/i)
    assert.equal(await codeOf('person', 'erase', '--uid', uid), 4, 'once')
    assert.equal(await codeOf('person', 'end', '--uid', uid), 4, 'the person was ended too')
  })

  test('also works for a person who was ended, and frees the email', async () => {
    const { person_uid: uid } = await add('gone@example.com', 'Gone')
    await ask('person', 'end', 'gone@example.com')
    assert.equal(await codeOf('person', 'erase', 'gone@example.com'), 4)
    await ask('person', 'erase', '--uid', uid)
    await add('gone@example.com', 'Another')
    assert.equal(await codeOf('person', 'erase'), 2)
    assert.equal(await codeOf('person', 'erase', '--uid', 'unknown'), 4)
  })
})
