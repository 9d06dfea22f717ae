import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { behalf, tempFolder } from './behalf.ts'

const cwd = tempFolder()

/** Runs a command with --json and returns its answer. */
async function ask(...args: string[]) {
  const ended = await behalf([...args, '--json'], { cwd })
  assert.equal(ended.code, 0, ended.stderr)
  return ended.json()
}

describe('secrets on the command line', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
  let app: any
  before(async () => {
    const uri = 'https://books.example/callback'
    app = await ask('app', 'create', '--internal', '--name', 'Tidy Books', '--redirect-uri', uri)
  })

  test('a second secret is created and listed, and the first one retired', async () => {
    const made = await ask('secret', 'create', '--app', app.app_code_name, '--name', '2027')
    assert.match(made.client_secret, /^[0-9a-f]{64}$/)
    assert.deepEqual([made.app_uid, made.client_id, made.name, made.expires_at], [app.uid, app.client_id, '2027', null])
    const { secrets } = await ask('secret', 'list', '--app', app.uid)
    const [first, second] = ['first', '2027'].map((name) =>
      secrets.find((each: { name: string }) => each.name === name),
    )
    assert.deepEqual([secrets.length, first.last_used_at, second.uid], [2, null, made.uid])
    assert.ok(!('client_secret' in second))
    const retired = await behalf(['secret', 'retire', first.uid], { cwd })
    assert.match(retired.stdout, /The secret "first" of the app "Tidy Books" was ended\./)
    assert.deepEqual(
      (await ask('secret', 'list', '--app', app.uid)).secrets.map((each: { uid: string }) => each.uid),
      [made.uid],
    )
    const again = await behalf(['secret', 'retire', first.uid, '--json'], { cwd })
    assert.deepEqual([again.code, JSON.parse(again.stderr).error], [4, 'not_found'])
    const { events } = await ask('events', '--app', app.uid)
    const types = events.map((event: { type: string }) => event.type)
    assert.ok(types.includes('app-secret.created') && types.includes('app-secret.ended'), types.join())
  })

  test('the text shows the secret, when it expires and when it was last used', async () => {
    const made = await behalf(['secret', 'create', '--app', app.uid, '--name', 'trial', '--expires-in', '86400'], {
      cwd,
    })
    assert.equal(made.code, 0, made.stderr)
    assert.match(made.stdout, /client secret {2}[0-9a-f]{64}/)
    assert.match(made.stdout, /is valid until \d{4}-\d\d-\d\d/)
    const listed = await behalf(['secret', 'list', '--app', app.uid], { cwd })
    assert.match(listed.stdout, /^UID +NAME +SINCE +UNTIL +LAST USED\n/)
    assert.match(listed.stdout, /trial .* never/)
  })

  test('invalid command lines have their exit code', async () => {
    const wrong: [string[], number][] = [
      [['create', '--app', 'none', '--name', 'x'], 4],
      [['create', '--app', app.uid], 2],
      [['create', '--app', app.uid, '--name', 'x', '--expires-in', 'soon'], 2],
      [['create', '--app', app.uid, '--name', 'x', '--expires-in', '5'], 2],
      [['list'], 2],
      [['list', '--app', 'none'], 4],
      [['retire'], 2],
      [['retire', 'nothing'], 4],
    ]
    for (const [args, code] of wrong) {
      const ended = await behalf(['secret', ...args], { cwd })
      assert.equal(ended.code, code, `${args.join(' ')}: ${ended.stderr}`)
    }
  })
})
