import assert from 'node:assert/strict'
import { test } from 'node:test'
import { behalf, type Ended, tempFolder } from './behalf.ts'

const cwd = tempFolder()
const ask = async (...args: string[]) => {
  const ended = await behalf([...args, '--json'], { cwd })
  assert.equal(ended.code, 0, ended.stderr)
  return ended.json()
}
const refusal = ({ code, stderr }: Ended) => ({ code, ...JSON.parse(stderr) })

test('an operator sets the claims of a person and removes them again', async () => {
  const directory = (await ask('directory', 'create', '--name', 'Harbour', '--host', 'app.harbour.example')).uid
  const business = (await ask('business', 'create', '--directory', directory, '--name', 'Salon')).uid
  const email = 'dana@example.com'
  const create = ['staff', 'create', '--business', business, '--email', email, '--name', 'Dana Levi', '--role', 'owner']
  await ask(...create, '--password', 'correct horse battery')

  const address = '{"street_address":"1 Quay","country":"FR"}'
  const made = await ask(
    ...['person', 'change', 'Dana@example.com', '--name', 'Dana R. Levi', '--given-name', 'Dana', '--locale', 'he'],
    ...['--phone', '+33142685300', '--phone-verified', '--address', address, '--email-verified'],
  )
  const { uid, updated_at, ...rest } = made
  assert.ok(Math.abs(updated_at - Date.now() / 1000) < 60)
  assert.deepEqual(rest, {
    email,
    email_verified: true,
    name: 'Dana R. Levi',
    given_name: 'Dana',
    locale: 'he',
    phone_number: '+33142685300',
    phone_number_verified: true,
    address: JSON.parse(address),
  })
  const less = await ask('person', 'change', email, '--clear', 'phone', '--clear', 'address', '--email-unverified')
  assert.deepEqual(
    [less.uid, less.email_verified, less.phone_number, less.phone_number_verified, less.address, less.locale],
    [uid, false, undefined, undefined, undefined, 'he'],
  )
  const wrong: [string[], number, string | undefined][] = [
    [[email, '--phone', '0142685300'], 2, 'phone_number'],
    [[email, '--phone-verified'], 2, 'phone'],
    [[email, '--clear', 'name'], 2, undefined],
    [[email, '--clear', 'phone', '--phone', '+33142685300'], 2, undefined],
    [[email, '--email-verified', '--email-unverified'], 2, undefined],
    [['none@example.com', '--locale', 'he'], 4, undefined],
    [[], 2, undefined],
  ]
  for (const [args, code, field] of wrong) {
    const refused = refusal(await behalf(['person', 'change', ...args, '--json'], { cwd }))
    assert.deepEqual([refused.code, refused.field], [code, field], args.join(' '))
  }
  const { events } = await ask('events', '--type', 'person.changed')
  assert.equal(events.length, 2)
})

test('a new person gets a preferred username, which a known person keeps', async () => {
  const directory = (await ask('directory', 'create', '--name', 'Pier', '--host', 'app.pier.example')).uid
  const email = 'sam@example.com'
  const create = async (business: string, ...more: string[]) => {
    const { uid } = await ask('business', 'create', '--directory', directory, '--name', business)
    const person = ['--email', email, '--name', 'Sam', '--role', 'owner', '--password', 'correct horse battery']
    return behalf(['staff', 'create', '--business', uid, ...person, ...more, '--json'], { cwd })
  }
  const refused = refusal(await create('Kiosk', '--preferred-username', ' \u200b'))
  assert.deepEqual([refused.code, refused.field], [2, 'preferred_username'])
  assert.equal((await create('Salon', '--preferred-username', 'sam')).json().is_new_person, true)
  assert.equal((await create('Garage', '--preferred-username', 'other')).json().is_new_person, false)
  assert.equal((await ask('person', 'change', email, '--locale', 'he')).preferred_username, 'sam')
})
