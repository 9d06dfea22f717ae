import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changePerson, type PersonChange } from '../../src/domain/people/change-person.ts'
import { isOAuthError } from '../parts/answers.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const PROFILE = {
  given_name: 'Dana',
  family_name: 'Levi',
  middle_name: 'Ruth',
  nickname: 'Dee',
  preferred_username: 'dana',
  profile: 'https://people.example/dana',
  picture: 'https://people.example/dana.png',
  website: 'https://dana.example/',
  gender: 'female',
  birthdate: '1990-12-31',
  zoneinfo: 'Europe/Paris',
  locale: 'he',
}
const ADDRESS = { street_address: '1 Quay\nBack door', locality: 'Lyon', country: 'FR' }
/** The claims that every app gets. */
const ALWAYS = ['sub', 'type', 'role', 'roles', 'business_id', 'business_uid', 'business_name', 'directory_uid']

/** Changes Dana, as an operator does. */
async function changeDana({ test: server, dana }: Story, change: PersonChange) {
  const was = await server.site.store.people.find(dana.uid)
  return changePerson(was!, change, operatorActor, server.site)
}

async function tellAll(engine?: 'sqlite' | 'postgres') {
  const story = await tellStory(engine ? { engine } : {})
  await changeDana(story, {
    emailVerified: true,
    profile: { ...PROFILE, phone_number: '+33142685300', address: JSON.stringify(ADDRESS) },
  })
  return story
}

/** Returns the claims the app gets with these scopes, from userinfo and in the ID token. */
async function toldWith(story: Story, scope: string, parameters: Record<string, string> = {}) {
  const app = await story.world.makeApp()
  const { code } = await connect(story, app, undefined, { scope, ...parameters })
  const answer = await read(exchange(story.test, app, code))
  const { brand_host, brand_theme, scope: granted, ...info } = await read(userinfo(story.test, answer.access_token))
  assert.equal(granted, scope)
  return { info, idToken: answer.id_token && decodeJwt(answer.id_token) }
}

const others = (info: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(info).filter(([name]) => !ALWAYS.includes(name)))

onBothEngines((engine) => {
  test('each scope returns exactly its own claims at userinfo (OpenID Connect Core §5.1, §5.4)', async () => {
    const story = await tellAll(engine)
    const at = story.test.clock.now()
    const email = { email: 'dana@example.com', email_verified: true }
    const profile = { name: 'Dana Levi', ...PROFILE, updated_at: at }
    const phone = { phone_number: '+33142685300' }
    const groups = { groups: [`${story.bakery.uid}:owner`] }
    const expected: [string, Record<string, unknown>][] = [
      ['openid', {}],
      ['openid profile', profile],
      ['openid email', email],
      ['openid phone', phone],
      ['openid address', { address: ADDRESS }],
      ['openid groups', groups],
      ['groups address phone email profile openid', { ...profile, ...email, ...phone, address: ADDRESS, ...groups }],
    ]
    for (const [scope, claims] of expected) {
      const { info, idToken } = await toldWith(story, scope)
      // With openid, the apps of the platform also get the email.
      assert.deepEqual(others(info), { ...claims, ...email }, scope)
      assert.deepEqual([info.sub, idToken.sub], [story.dana.staffUid, story.dana.staffUid])
    }
  })

  test('email and phone number are verified only if the operator says so (OpenID Connect Core §5.1)', async () => {
    const story = await tellStory({ engine })
    const verified = async () => {
      const { info } = await toldWith(story, 'openid email phone')
      return [info.email_verified, info.phone_number, info.phone_number_verified]
    }
    assert.deepEqual(await verified(), [false, undefined, undefined])
    await changeDana(story, { emailVerified: true, phoneVerified: true, profile: { phone_number: '+33142685300' } })
    assert.deepEqual(await verified(), [true, '+33142685300', true])
    await changeDana(story, { profile: { phone_number: '+33142685301' } })
    assert.deepEqual(await verified(), [true, '+33142685301', undefined], 'the new number is unverified')
    await changeDana(story, { emailVerified: false, profile: { phone_number: null } })
    assert.deepEqual(await verified(), [false, undefined, undefined])
    await assert.rejects(changeDana(story, { phoneVerified: true }), /no phone number/)
    const events = await story.test.site.store.events.list({ type: 'person.changed' }, 10)
    assert.deepEqual(
      // All rows are of one second of the held clock, so their order is undefined.
      new Set(events.map(({ details }) => JSON.parse(details!).changed.join(' '))),
      new Set([
        'email_verified phone_number',
        'phone_number phone_number_verified',
        'email_verified phone_number phone_number_verified',
      ]),
    )
    assert.ok(!JSON.stringify(events).includes('+33'))
  })

  test('of two concurrent changes to a person one succeeds, and an ended person cannot be changed', async () => {
    const story = await tellStory({ engine })
    const { people } = story.test.site.store
    const was = (await people.find(story.dana.uid))!
    const change = (given_name: string) =>
      changePerson(was, { profile: { given_name } }, operatorActor, story.test.site).then(
        () => true,
        () => false,
      )
    const counted = await Promise.all([change('One'), change('Two'), change('Three')])
    assert.equal(counted.filter(Boolean).length, 1)
    const now = story.test.clock.now()
    await people.end(was.uid, now, (await import('../store/things.ts')).newEvent({ type: 'person.ended', at: now }))
    assert.equal(await change('Four'), false)
  })

  test('userinfo refuses the token of an ended person (OpenID Connect Core §5.3.3)', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const { code } = await connect(story, app)
    const { access_token: token } = await read(exchange(story.test, app, code))
    assert.equal((await userinfo(story.test, token)).status, 200)
    const now = story.test.clock.now()
    const { newEvent } = await import('../store/things.ts')
    const event = newEvent({ type: 'person.ended', at: now })
    assert.equal(await story.test.site.store.people.end(story.dana.uid, now, event), true)
    await isOAuthError(await userinfo(story.test, token), 401, 'invalid_token')
  })

  test('userinfo answers GET and POST alike (OpenID Connect Core §5.3.1)', async () => {
    const story = await tellAll(engine)
    const app = await story.world.makeApp()
    const { code } = await connect(story, app)
    const { access_token: token } = await read(exchange(story.test, app, code))
    const wanted = await read(userinfo(story.test, token))
    const post = (init: RequestInit) => story.test.fetch('/oauth/userinfo', { method: 'POST', ...init })
    assert.deepEqual(await read(post({ headers: { authorization: `Bearer ${token}` } })), wanted)
    assert.deepEqual(await read(post({ body: new URLSearchParams({ access_token: token }) })), wanted)
  })

  test('the permission dialog lists the personal data that the app gets (OpenID Connect Core §5.4)', async () => {
    const { world } = await tellStory({ engine })
    const app = await world.makeApp()
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, { scope: 'openid profile phone address' }))
    const shown = text((await visitor.signIn('dana@example.com', PASSWORD)).html)
    for (const sentence of [
      'See your profile, such as your full name, picture, birthday and language',
      'See your phone number',
      'See your postal address',
    ]) {
      assert.ok(shown.includes(sentence), shown)
    }
  })

  test('the fields of a profile are validated and limited', async () => {
    const story = await tellStory({ engine })
    const wrong: [string, string][] = [
      ['given_name', ' \u200b'],
      ['given_name', 'x'.repeat(101)],
      ['nickname', 'a\u202Eb'],
      ['picture', 'javascript:alert(1)'],
      ['picture', 'http://people.example/dana.png'],
      ['website', 'dana.example'],
      ['birthdate', '1990-02-30'],
      ['birthdate', '31.12.1990'],
      ['zoneinfo', 'Mars/Olympus'],
      ['zoneinfo', '../../etc/passwd'],
      ['locale', 'he_IL!'],
      ['phone_number', '0142685300'],
      ['phone_number', '+33 1 42 68 53 00'],
      ['address', 'Lyon'],
      ['address', '[]'],
      ['address', '{}'],
      ['address', '{"planet":"Mars"}'],
      ['address', '{"__proto__":{"country":"FR"}}'],
      ['address', `{"country":"${'x'.repeat(101)}"}`],
      ['address', '{"formatted":"1\\n2\\n3\\n4\\n5\\n6\\n7"}'],
      ['address', '{"country":7}'],
    ]
    for (const [field, value] of wrong) {
      await assert.rejects(
        changeDana(story, { profile: { [field]: value } }),
        (error: { status: number; details: { field: string } }) => {
          assert.equal(error.status, 422, `${field} ${value}`)
          return true
        },
      )
    }
    const right = { birthdate: '0000-02-29', zoneinfo: 'UTC', locale: 'pt-BR', phone_number: '+16045551234;ext=5678' }
    assert.deepEqual((await changeDana(story, { profile: right })).profile, {
      ...right,
      updated_at: story.test.clock.now(),
    })
  })
})
