import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../../src/store/engine/open.ts'
import { newApp, newEvent } from '../store/things.ts'
import { behalf, tempFolder } from './behalf.ts'

test('registration tokens are made on the command line, and apps are listed by where they came from', async () => {
  const cwd = tempFolder()
  const ask = async (...args: string[]) => {
    const ended = await behalf([...args, '--json'], { cwd })
    assert.equal(ended.code, 0, ended.stderr)
    return ended.json()
  }
  const { uid } = await ask('directory', 'create', '--name', 'Harbour', '--host', 'harbour.example')
  const plain = await ask('token', 'create', '--registration', '--name', 'anybody')
  const owned = await ask('token', 'create', '--registration', '--directory', uid, '--name', 'partner')
  assert.deepEqual([plain.kind, plain.directory_uid], ['registration', null])
  assert.deepEqual([owned.kind, owned.directory_uid], ['registration', uid])
  const both = await behalf(['token', 'create', '--registration', '--internal', '--name', 'x'], { cwd })
  assert.notEqual(both.code, 0)
  const { tokens } = await ask('token', 'list')
  assert.deepEqual(
    tokens.map((each: { kind: string }) => each.kind),
    ['registration', 'registration'],
  )
  const store = await openStore({ url: `sqlite:${join(cwd, 'data/behalf.db')}`, pool: 1, timeout: 5 }, 0, false)
  for (const origin of ['registered', 'document'] as const)
    await store.apps.add(newApp(null, { origin, createdAt: 1 }), undefined, newEvent())
  await store.close()
  const { apps } = await ask('app', 'list')
  assert.deepEqual(apps.map((each: { origin: string }) => each.origin).sort(), ['document', 'registered'])
  const { stdout } = await behalf(['app', 'list'], { cwd })
  assert.match(stdout, /registered/)
})
