import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, lstatSync, mkdirSync, openSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { behalf, start, tempFolder } from './behalf.ts'

const PROGRAM = join(import.meta.dirname, '../../bin/behalf.js')

test('a reader that stops early, such as head, ends a command quietly', async () => {
  for (const line of [['--help'], ['app', 'create', '--help']]) {
    const { child, ended } = start(line, { cwd: tempFolder() })
    child.stdout!.destroy()
    const { code, stderr } = await ended
    assert.deepEqual([code, stderr], [0, ''], line.join(' '))
  }
})

test('output that cannot be written is one sentence and a failure', async () => {
  const child = spawn(process.execPath, [PROGRAM, '--help'], { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] })
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 1)
  assert.match(stderr, /^The output cannot be written: .*\n$/)
})

test('a file .env that cannot be read is one sentence', async () => {
  const cwd = tempFolder()
  mkdirSync(join(cwd, '.env'))
  const { code, stderr } = await behalf(['app', 'list'], { cwd })
  assert.equal(code, 3)
  assert.match(stderr, /^The file \.env cannot be read: .*\n$/)
})

test('in a terminal, a command names the database that it acts on', async () => {
  const cwd = tempFolder()
  const create = ['directory', 'create', '--name', 'Harbour', '--host', 'localhost']
  assert.equal((await behalf(create, { cwd })).stderr, '', 'a script is not told')
  const command = [process.execPath, PROGRAM, 'app', 'list'].join(' ')
  const shown = execFileSync('/usr/bin/script', ['-qec', command, '/dev/null'], { cwd, encoding: 'utf8' })
  assert.ok(shown.includes(`Database: ${join(cwd, 'data/behalf.db')}`), shown)
})

/** Root can give a folder to another user. The files of any other user belong to that user. */
const isRoot = process.getuid!() === 0
const OWNER = isRoot ? { uid: 12345, gid: 12346 } : { uid: process.getuid!(), gid: process.getgid!() }

test('what a command creates belongs to the owner of the folder, also if root runs it', async () => {
  const cwd = tempFolder()
  chownSync(cwd, OWNER.uid, OWNER.gid)
  const create = ['directory', 'create', '--name', 'Harbour', '--host', 'localhost']
  assert.equal((await behalf(create, { cwd })).code, 0)
  const data = join(cwd, 'data')
  const found = [data, ...readdirSync(data).map((name) => join(data, name))]
  assert.ok(found.length >= 3, found.join())
  for (const each of found) {
    const { uid, gid, mode } = lstatSync(each)
    assert.deepEqual([uid, gid, mode & 0o077], [OWNER.uid, OWNER.gid, 0], each)
  }
})

test('no file behind a link in the folder is given away', async () => {
  const [cwd, elsewhere] = [tempFolder(), tempFolder()]
  const data = join(cwd, 'data')
  mkdirSync(data)
  symlinkSync(join(elsewhere, 'made'), join(data, 'behalf.db'))
  for (const each of [cwd, data]) chownSync(each, OWNER.uid, OWNER.gid)
  await behalf(['directory', 'create', '--name', 'Harbour', '--host', 'localhost'], { cwd })
  for (const name of readdirSync(elsewhere)) assert.equal(lstatSync(join(elsewhere, name)).uid, process.getuid!(), name)
})
