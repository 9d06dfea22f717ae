import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from '../../src/cli/commands.ts'
import { commandHelp, generalHelp } from '../../src/cli/kit/help.ts'
import { behalf, tempFolder } from './behalf.ts'

const cwd = tempFolder()

test('--help lists every command and what the exit codes mean', async () => {
  const { code, stdout, stderr } = await behalf(['--help'], { cwd })
  assert.equal(code, 0)
  assert.equal(stderr, '')
  assert.equal(stdout, generalHelp())
  for (const { name, description } of commands)
    assert.ok(stdout.includes(`${name} `) && stdout.includes(description), name)
  assert.match(stdout, /5 {2}The database cannot be used/)
})

test('every command explains itself, with its options and an example that it understands', async () => {
  for (const note of commands) {
    const command = await note.load()
    const help = commandHelp(note, command)
    for (const each of ['json', 'help', ...Object.keys(command.options)]) assert.ok(help.includes(`--${each} `), each)
    assert.ok(command.examples.length > 0, note.name)
    for (const example of command.examples) {
      assert.ok(example.startsWith(note.name), example)
      for (const [, option] of example.matchAll(/ --([a-z-]+)/g))
        assert.ok(option! in command.options || option === 'json', example)
    }
  }
})

test('`help COMMAND` is `COMMAND --help`', async () => {
  const [one, short, other] = await Promise.all([
    behalf(['help', 'token', 'create'], { cwd }),
    behalf(['token', 'create', '-h'], { cwd }),
    behalf(['token', 'create', '--help'], { cwd }),
  ])
  assert.equal(one.code, 0)
  assert.equal(one.stdout, other.stdout)
  assert.equal(one.stdout, short.stdout)
  assert.match(one.stdout, /--internal +The platform's own/)
})

test('the first word of a command shows what goes with it: asked for as help, left alone as a mistake', async () => {
  const lines = [['app', '--help'], ['help', 'app'], ['app'], ['app', '--json']]
  const [asked, helped, alone, program] = await Promise.all(lines.map((args) => behalf(args, { cwd })))
  assert.deepEqual([asked?.code, helped?.code, alone?.code, program?.code], [0, 0, 2, 2])
  assert.match(asked!.stdout, /app create +Registers an app/)
  assert.doesNotMatch(asked!.stdout, /directory create/)
  assert.equal(helped!.stdout, asked!.stdout)
  assert.equal(alone!.stderr.trim(), asked!.stdout.trim())
  assert.equal(JSON.parse(program!.stderr).error, 'usage')
})

test('without a command it shows what there is, as a mistake', async () => {
  const { code, stdout, stderr } = await behalf([], { cwd })
  assert.equal(code, 2)
  assert.equal(stdout, '')
  assert.match(stderr, /Usage: behalf COMMAND/)
})

test('a mistyped command or option is told what was most likely meant', async () => {
  const [command, group, option] = await Promise.all([
    behalf(['drectory', 'create'], { cwd }),
    behalf(['token'], { cwd }),
    behalf(['directory', 'create', '--nmae', 'Harbour', '--host', 'a.example'], { cwd }),
  ])
  assert.equal(command.code, 2)
  assert.match(command.stderr, /Did you mean `behalf directory create`\?/)
  assert.equal(group.code, 2)
  assert.match(group.stderr, /token revoke/)
  assert.equal(option.code, 2)
  assert.match(option.stderr, /--nmae is not an option; did you mean --name\?/)
})

test('everything wrong with a command line is said at once, and to programs as JSON on standard error', async () => {
  const args = ['business', 'create', '--json', 'extra', '--nam', 'x', '--directory', '--name', 'a', '--name', 'b']
  const { code, stdout, stderr } = await behalf(args, { cwd })
  assert.equal(code, 2)
  assert.equal(stdout, '')
  const { error, faults } = JSON.parse(stderr)
  assert.equal(error, 'usage')
  assert.deepEqual(faults, [
    '--nam is not an option; did you mean --name?',
    '--directory needs a value: UID.',
    '--name is given twice.',
    '"extra" is not expected here.',
  ])
})

test('--version names both versions that matter', async () => {
  const [text, json] = await Promise.all([behalf(['--version'], { cwd }), behalf(['--version', '--json'], { cwd })])
  assert.match(text.stdout, /^Behalf \d+\.\d+\.\d+, Node v\d+/)
  assert.match(json.json().version, /^\d+\.\d+\.\d+$/)
})
