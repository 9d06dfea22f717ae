import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { createBusiness } from '../../src/domain/businesses/business.ts'
import { createDirectory, type DirectoryDraft, readHost } from '../../src/domain/businesses/directory.ts'
import { createStaff } from '../../src/domain/businesses/staff.ts'
import { onBothEngines } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'

const PASSWORD = 'correct horse battery'

test('a host is a host name as browsers send it, with an optional port', () => {
  for (const [given, host] of [
    ['App.Example.com', 'app.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    [' localhost ', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '[::1]'],
  ] as const) {
    assert.equal(readHost(given), host)
  }
  const wrong = [
    '',
    ' ',
    'https://a.example',
    'a.example:443',
    '[::1]:80',
    'a.example/',
    'a b',
    'me@a.example',
    'a.example?x',
  ]
  for (const given of [...wrong, 'a.example.', '..', 'a\\b', '#a', `${'a'.repeat(300)}.example`, '::1']) {
    assert.throws(() => readHost(given), { status: 422, field: 'host' }, given)
  }
})

onBothEngines(async (engine) => {
  const { site } = await testSite({ engine })
  let hosts = 0

  const makeDirectory = (draft: Partial<DirectoryDraft> = {}) =>
    createDirectory({ name: 'Harbour', hosts: [`host-${++hosts}.example`], ...draft }, operatorActor, site)
  const makeBusiness = async (name = 'Salon') =>
    createBusiness({ directoryUid: (await makeDirectory()).directory.uid, name }, operatorActor, site)

  test('a directory has colours, a logo and hosts, each host once', async () => {
    const logo = Buffer.from('89504e470d0a1a0a0000', 'hex')
    const { directory, hosts: owned } = await makeDirectory({
      hosts: ['Brand.example', 'brand.example', 'other.example'],
      primary: '#ABC',
      text: '#000000',
      locale: 'PT-br',
      logo,
    })
    assert.deepEqual(owned, ['brand.example', 'other.example'])
    assert.deepEqual(directory.theme.colors, { primary: '#aabbcc', secondary: '#aabbcc', text: '#000000' })
    assert.deepEqual(
      [directory.theme.locale, directory.theme.name, directory.host],
      ['pt-BR', 'Harbour', 'brand.example'],
    )
    assert.equal(directory.logo, `data:image/png;base64,${logo.toString('base64')}`)
    assert.equal((await site.store.directories.findLiveByHost('other.example'))?.uid, directory.uid)
  })

  test('an invalid directory is refused with the name of the field, and nothing is stored', async () => {
    const before = (await site.store.directories.list()).length
    const cases: [Partial<DirectoryDraft>, string, number][] = [
      [{ name: ' ' }, 'name', 422],
      [{ name: 'a\nb' }, 'name', 422],
      [{ hosts: [] }, 'host', 422],
      [{ hosts: Array.from({ length: 51 }, (_, index) => `h${index}.example`) }, 'host', 422],
      [{ hosts: ['other.example'] }, 'host', 409],
      [{ primary: 'red' }, 'primary', 422],
      [{ secondary: '#12345' }, 'secondary', 422],
      [{ text: '#gggggg' }, 'text', 422],
      [{ locale: 'not a tag' }, 'locale', 422],
      [{ logo: Buffer.from('<html><script>') }, 'logo', 422],
      [{ logo: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(70_000)]) }, 'logo', 422],
    ]
    for (const [draft, field, status] of cases) await assert.rejects(makeDirectory(draft), { field, status }, field)
    assert.equal((await site.store.directories.list()).length, before)
  })

  test('the host of an ended directory stays taken', async () => {
    const { directory } = await makeDirectory({ hosts: ['gone.example'] })
    await site.store.directories.end(directory.uid, site.clock.now(), {
      ...{ uid: 'e1', type: 'directory.ended', at: site.clock.now(), actor: 'operator', result: 'done' },
    })
    await assert.rejects(makeDirectory({ hosts: ['gone.example'] }), { status: 409, field: 'host' })
    await assert.rejects(createBusiness({ directoryUid: directory.uid, name: 'x' }, operatorActor, site), {
      status: 422,
    })
  })

  test('a new person gets a password; an existing one keeps name and password, in whatever case the email is written', async () => {
    const [salon, dental] = [await makeBusiness('Salon'), await makeBusiness('Dental')]
    const email = 'Dana@Example.com'
    const draft = { email, role: 'owner', name: 'Dana Levi', password: PASSWORD }
    const first = await createStaff({ ...draft, businessUid: salon.uid }, operatorActor, site)
    assert.equal(first.isNewPerson, true)
    const again = {
      businessUid: dental.uid,
      email: ' dana@example.COM',
      role: 'admin',
      name: 'Mallory',
      password: 'another one',
    }
    const second = await createStaff(again, operatorActor, site)
    assert.equal(second.isNewPerson, false)
    const person = await site.store.people.findLiveByEmail('dana@example.com')
    assert.deepEqual([person?.uid, person?.name, person?.email], [first.person.uid, 'Dana Levi', email])
    assert.ok(await site.passwords.isRight(PASSWORD, person?.password ?? undefined))
    await assert.rejects(createStaff({ ...draft, businessUid: salon.uid }, operatorActor, site), {
      status: 409,
      field: 'email',
    })
  })

  test('two concurrent creations of the same person as staff make one person, and one of them reports an existing one', async () => {
    const [one, two] = [await makeBusiness('One'), await makeBusiness('Two')]
    const draft = { email: 'race@example.com', role: 'owner', name: 'R', password: PASSWORD }
    const made = await Promise.allSettled(
      [one, two].map(({ uid }) => createStaff({ ...draft, businessUid: uid }, operatorActor, site)),
    )
    assert.ok(made.some(({ status }) => status === 'fulfilled'))
    for (const each of made) if (each.status === 'rejected') assert.equal(each.reason.status, 409)
  })

  test('invalid staff is refused with the name of the field', async () => {
    const business = await makeBusiness()
    const draft = {
      businessUid: business.uid,
      email: 'new@example.com',
      role: 'owner',
      name: 'New',
      password: PASSWORD,
    }
    for (const [change, field] of [
      [{ email: 'nobody' }, 'email'],
      [{ role: 'The Boss' }, 'role'],
      [{ role: '' }, 'role'],
      [{ name: undefined }, 'name'],
      [{ password: 'short' }, 'password'],
    ] as const) {
      await assert.rejects(createStaff({ ...draft, ...change }, operatorActor, site), { status: 422, field }, field)
    }
    const nowhere = createStaff({ ...draft, businessUid: 'nowhere' }, operatorActor, site)
    await assert.rejects(nowhere, { status: 404, field: 'business' })
    assert.equal(await site.store.people.findLiveByEmail('new@example.com'), undefined)
  })
})
