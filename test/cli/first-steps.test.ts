import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commands } from '../../src/cli/commands.ts'
import { commandHelp } from '../../src/cli/kit/help.ts'
import { behalf, tempFolder } from './behalf.ts'

test('a command that only reads or changes creates no database, and says which one is missing', async () => {
  const cwd = tempFolder()
  const lines = [
    ['app', 'list'],
    ['why', 'abcdefghijkl'],
    ['events'],
    ['business', 'create', '--directory', 'x', '--name', 'y'],
    ['token', 'create', '--directory', 'x', '--name', 'y'],
    ['app', 'end', 'x'],
    ['keys', 'rotate'],
    ['sweep'],
  ]
  const ends = await Promise.all(lines.map((line) => behalf([...line, '--json'], { cwd })))
  for (const [n, { code, stderr }] of ends.entries()) {
    const { error, error_description: message } = JSON.parse(stderr)
    assert.deepEqual([code, error], [5, 'no_database'], lines[n]!.join(' '))
    assert.ok(message.includes(join(cwd, 'data/behalf.db')) && message.includes('BEHALF_DATABASE_URL'), message)
  }
  assert.equal(existsSync(join(cwd, 'data')), false)
  const first = await behalf(['token', 'create', '--internal', '--name', 'first'], { cwd })
  assert.equal(first.code, 0, first.stderr)
  const unknown = await behalf(['why', 'abcdefghijkl'], { cwd })
  assert.equal(unknown.code, 4)
  assert.ok(unknown.stderr.includes(join(cwd, 'data/behalf.db')), unknown.stderr)
})

test('a wrong value is named by the option of the command line', async () => {
  const cwd = tempFolder()
  const redirect = ['--redirect-uri', 'https://a.example/cb']
  const cases: [line: string[], message: RegExp, field: string][] = [
    [
      ['app', 'create', '--internal', '--name', 'A', ...redirect, '--token-lifetime', '5'],
      /^--token-lifetime must be/,
      'token_lifetime',
    ],
    [['resource', 'create', '--internal', '--identifier', 'x', '--name', 'A'], /^--identifier must be/, 'identifier'],
  ]
  for (const [line, message, field] of cases) {
    const { code, stderr } = await behalf([...line, '--json'], { cwd })
    const answer = JSON.parse(stderr)
    assert.match(answer.error_description, message)
    assert.deepEqual([code, answer.field], [2, field])
  }
})

test('help names the allowed values, and `app change` says nothing about settings that are left out', async () => {
  const helpOf = async (name: string) => {
    const listed = commands.find((each) => each.name === name)!
    return commandHelp(listed, await listed.load())
  }
  const change = await helpOf('app change')
  assert.doesNotMatch(change, /left out/i)
  assert.match(change, /--token-format opaque\|jwt /)
  assert.match(change, /--refresh-tokens NAME +.*One of never, /)
  assert.match(await helpOf('app create'), /Left out: the default scopes/)
})

test('config prints lifetimes with their unit', async () => {
  const { stdout } = await behalf(['config'], { cwd: tempFolder(), env: { BEHALF_ACCESS_TOKEN_LIFETIME: '5400' } })
  assert.match(stdout, /BEHALF_ACCESS_TOKEN_LIFETIME = 5400 seconds \(1.5 hours\)\n/)
  assert.match(stdout, /BEHALF_SWEEP_INTERVAL = 60 seconds \(1 minute, default\)\n/)
})
