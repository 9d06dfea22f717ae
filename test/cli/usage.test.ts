import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from '../../src/cli/commands.ts'
import { commandHelp, generalHelp } from '../../src/cli/kit/help.ts'
import { behalf, tempFolder } from './behalf.ts'

const cwd = tempFolder()

test('--help lists all commands and the meaning of the exit codes', async () => {
  const { code, stdout, stderr } = await behalf(['--help'], { cwd })
  assert.equal(code, 0)
  assert.equal(stderr, '')
  assert.equal(stdout, generalHelp())
  for (const { name, description } of commands)
    assert.ok(stdout.includes(`${name} `) && stdout.includes(description), name)
  assert.match(stdout, /5 {2}The database cannot be used/)
})

test('the help of every command has its options and valid examples', async () => {
  for (const listed of commands) {
    const command = await listed.load()
    const help = commandHelp(listed, command)
    for (const each of ['json', 'help', ...Object.keys(command.options)]) assert.ok(help.includes(`--${each} `), each)
    assert.ok(command.examples.length > 0, listed.name)
    for (const example of command.examples) {
      assert.ok(example.startsWith(listed.name), example)
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

test('the first word of a command lists the commands that begin with it: as help, or as a usage error', async () => {
  const lines = [['app', '--help'], ['help', 'app'], ['app'], ['app', '--json']]
  const [asked, helped, incomplete, json] = await Promise.all(lines.map((args) => behalf(args, { cwd })))
  assert.deepEqual([asked?.code, helped?.code, incomplete?.code, json?.code], [0, 0, 2, 2])
  assert.match(asked!.stdout, /app create +Registers an app/)
  assert.doesNotMatch(asked!.stdout, /directory create/)
  assert.equal(helped!.stdout, asked!.stdout)
  assert.equal(incomplete!.stderr.trim(), asked!.stdout.trim())
  assert.equal(JSON.parse(json!.stderr).error, 'usage')
})

test('without a command, the list of commands is a usage error', async () => {
  const { code, stdout, stderr } = await behalf([], { cwd })
  assert.equal(code, 2)
  assert.equal(stdout, '')
  assert.match(stderr, /Usage: behalf COMMAND/)
})

test('a mistyped command or option gets the most likely name', async () => {
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

test('all faults of a command line are listed at once; with --json as JSON on standard error', async () => {
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

test('--version shows the versions of Behalf and Node.js', async () => {
  const [text, json] = await Promise.all([behalf(['--version'], { cwd }), behalf(['--version', '--json'], { cwd })])
  assert.match(text.stdout, /^Behalf \d+\.\d+\.\d+, Node v\d+/)
  assert.match(json.json().version, /^\d+\.\d+\.\d+$/)
})
