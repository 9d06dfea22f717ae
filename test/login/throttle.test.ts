import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPasswords } from '../../src/kit/password.ts'
import { kitRefusals } from '../../src/kit/refusals.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { text, type Visitor } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const post = (visitor: Visitor, email: string, password: string) =>
  visitor.submit({ email, password }, (form) => 'password' in form.fields)

async function stranger({ world }: Story): Promise<Visitor> {
  const visitor = world.visitor()
  await visitor.open('/login')
  return visitor
}

/** Sends the guess of one page repeatedly without waiting for answers. */
async function guesses(story: Story, count: number, email: (n: number) => string, headers = (_: number) => ({})) {
  const visitor = await stranger(story)
  const { fields } = visitor.place.forms[0]!
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
  return Promise.all(
    Array.from({ length: count }, (_, n) =>
      story.test.fetch('/login', {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          cookie,
          ...headers(n),
        },
        body: String(new URLSearchParams({ ...fields, email: email(n), password: `guess ${n}` })),
      }),
    ),
  )
}

const tally = (responses: readonly Response[]) =>
  Object.groupBy(
    responses.map(({ status }) => status),
    (status) => String(status),
  )

onBothEngines((engine) => {
  test('of 200 simultaneous guesses at most ten are checked', async () => {
    let looked = 0
    const passwords = openPasswords({ memory: 64, passes: 1, parallelism: 1 }, 4, 1000)
    const isRight = (...args: Parameters<typeof passwords.isRight>) => {
      looked++
      return passwords.isRight(...args)
    }
    const story = await tellStory({
      engine,
      own: { passwords: { ...passwords, isRight } },
      env: { BEHALF_ADDRESS_ATTEMPTS: '1000' },
    })
    const responses = await guesses(story, 200, () => 'dana@example.com')
    assert.equal(tally(responses)['400']?.length, 10)
    assert.equal(tally(responses)['429']?.length, 190)
    assert.equal(looked, 10)
  })

  test('one address that guesses at many accounts is throttled, and its headers do not change that', async () => {
    const story = await tellStory({ engine })
    const forwarded = (n: number) => ({ 'x-forwarded-for': `198.51.100.${n}` })
    const responses = await guesses(story, 130, (n) => `person${n}@example.com`, forwarded)
    assert.equal(tally(responses)['400']?.length, 100)
    assert.equal(tally(responses)['429']?.length, 30)
  })
})

test('a throttled response says when to try again, and is equal for known and unknown accounts', async () => {
  const story = await tellStory()
  const answers = new Set<string>()
  for (const email of ['dana@example.com', 'nobody@example.com']) {
    const visitor = await stranger(story)
    for (let n = 0; n < 10; n++) assert.equal((await post(visitor, email, 'wrong')).status, 400)
    story.test.clock.advance(60)
    const place = await post(visitor, email, PASSWORD)
    assert.equal(place.status, 429)
    assert.equal(place.headers.get('retry-after'), String(14 * 60))
    assert.match(text(place.html), /Too many attempts\. Try again in about 14 minutes/)
    assert.equal(visitor.cookies.has('behalf-session'), false)
    answers.add(place.html.replaceAll(/value="[^"]*"/g, ''))
    story.test.clock.advance(-60)
  }
  assert.equal(answers.size, 1)
})

test('the throttling ends after its window, and the right password resets the count', async () => {
  const story = await tellStory()
  const visitor = await stranger(story)
  for (let n = 0; n < 11; n++) await post(visitor, 'dana@example.com', 'wrong')
  assert.equal(visitor.place.status, 429)
  story.test.clock.advance(15 * 60)
  for (let n = 0; n < 9; n++) assert.equal((await post(visitor, 'dana@example.com', 'wrong')).status, 400)
  assert.equal(new URL((await post(visitor, 'dana@example.com', PASSWORD)).url).pathname, '/signed-in')
  const other = await stranger(story)
  for (let n = 0; n < 10; n++) assert.equal((await post(other, 'dana@example.com', 'wrong')).status, 400)
  assert.equal((await post(other, 'dana@example.com', 'wrong')).status, 429)
})

test('an account has one count, however its email is written', async () => {
  const story = await tellStory()
  const visitor = await stranger(story)
  const spellings = ['dana@example.com', 'DANA@example.com', ' dana@EXAMPLE.com ', 'ｄａｎａ@example.com']
  for (let n = 0; n < 10; n++) await post(visitor, spellings[n % spellings.length]!, 'wrong')
  for (const email of spellings) assert.equal((await post(visitor, email, 'wrong')).status, 429, email)
  assert.equal((await post(visitor, 'omar@example.com', 'wrong')).status, 400)
})

test('guesses from elsewhere do not lock the owner out of a browser in which they signed in before', async () => {
  const story = await tellStory()
  const owner = await stranger(story)
  await post(owner, 'dana@example.com', PASSWORD)
  owner.cookies.delete('behalf-session')

  // A first window of ten guesses, and more in every round without a pause.
  for (let round = 0; round < 3; round++) {
    await guesses(story, 15, () => 'dana@example.com')
    const attacker = await stranger(story)
    assert.equal((await post(attacker, 'dana@example.com', PASSWORD)).status, 429)
    await owner.open('/login')
    assert.equal(new URL((await post(owner, 'dana@example.com', PASSWORD)).url).pathname, '/signed-in')
    await post(owner, 'dana@example.com', PASSWORD).catch(() => undefined)
    owner.cookies.delete('behalf-session')
  }

  // A known browser gets no additional guesses, neither for its account nor for another one.
  await guesses(story, 15, () => 'dana@example.com')
  await guesses(story, 15, () => 'omar@example.com')
  await owner.open('/login')
  assert.equal((await post(owner, 'omar@example.com', PASSWORD)).status, 429)
  for (let n = 0; n < 10; n++) assert.equal((await post(owner, 'dana@example.com', 'wrong')).status, 400)
  assert.equal((await post(owner, 'dana@example.com', PASSWORD)).status, 429)
})

test('parallel guesses from a new browser never make it a known one', async () => {
  const story = await tellStory()
  await guesses(story, 10, () => 'dana@example.com')
  const responses = await guesses(story, 60, () => 'dana@example.com')
  assert.equal(tally(responses)['429']?.length, 60)
})

test('refused sign-ins are written to the audit log, at a limited rate', async () => {
  const story = await tellStory({ env: { BEHALF_ADDRESS_ATTEMPTS: '1000' } })
  await guesses(story, 300, (n) => (n % 2 ? 'dana@example.com' : `nobody${n}@example.com`))
  const refused = await story.test.site.store.events.list({ type: 'login.refused' }, 500)
  const throttled = await story.test.site.store.events.list({ type: 'login.throttled' }, 500)
  assert.equal(refused.length, 10)
  assert.equal(throttled.length, 10)
  assert.ok(throttled.every((event) => event.subject === story.dana.uid && event.result === 'refused'))
  assert.ok([...refused, ...throttled].every((event) => !JSON.stringify(event).includes('guess')))
})

test('a guess that could not be checked for lack of capacity does not count for account, address or known browser', async () => {
  const passwords = openPasswords({ memory: 64, passes: 1, parallelism: 1 }, 4, 1000)
  let isFull = false
  const isRight = async (...args: Parameters<typeof passwords.isRight>) => {
    if (isFull) kitRefusals.refuse('password.queue-full')
    return passwords.isRight(...args)
  }
  const env = { BEHALF_ADDRESS_ATTEMPTS: '60' }
  const story = await tellStory({ own: { passwords: { ...passwords, isRight } }, env })
  const owner = await stranger(story)
  await post(owner, 'dana@example.com', PASSWORD)
  owner.cookies.delete('behalf-session')

  isFull = true
  assert.deepEqual(Object.keys(tally(await guesses(story, 30, () => 'dana@example.com'))), ['429', '503'])
  for (let n = 0; n < 30; n++) {
    const all = await guesses(story, 1, () => 'omar@example.com')
    assert.equal(all[0]!.status, 503)
  }
  isFull = false
  assert.equal(tally(await guesses(story, 10, () => 'omar@example.com'))['400']?.length, 10)
  assert.equal(tally(await guesses(story, 1, () => 'omar@example.com'))['429']?.length, 1)

  // Guesses from elsewhere have blocked the account, so that the browser's own count matters now.
  await guesses(story, 12, () => 'dana@example.com')
  isFull = true
  for (let n = 0; n < 12; n++) {
    await owner.open('/login')
    assert.equal((await post(owner, 'dana@example.com', PASSWORD)).status, 503)
  }
  isFull = false
  await owner.open('/login')
  assert.equal(new URL((await post(owner, 'dana@example.com', PASSWORD)).url).pathname, '/signed-in')
})

test('people who sign in correctly from one address do not lock each other out', async () => {
  const story = await tellStory({ env: { BEHALF_ADDRESS_ATTEMPTS: '3' } })
  for (let n = 0; n < 6; n++) {
    const place = await post(await stranger(story), 'dana@example.com', PASSWORD)
    assert.equal(new URL(place.url).pathname, '/signed-in')
  }
})

onBothEngines((engine) => {
  test('a flood of right passwords from one address must wait, and costs no hash and no session', async () => {
    let looked = 0
    const passwords = openPasswords({ memory: 64, passes: 1, parallelism: 1 }, 4, 1000)
    const isRight = (...args: Parameters<typeof passwords.isRight>) => {
      looked++
      return passwords.isRight(...args)
    }
    const env = { BEHALF_ADDRESS_ATTEMPTS: '3' }
    const story = await tellStory({ engine, own: { passwords: { ...passwords, isRight } }, env })
    for (let n = 0; n < 30; n++) {
      const place = await post(await stranger(story), n % 2 ? 'dana@example.com' : 'omar@example.com', PASSWORD)
      assert.equal(new URL(place.url).pathname, '/signed-in')
    }
    for (let n = 0; n < 5; n++) {
      const place = await post(await stranger(story), 'omar@example.com', PASSWORD)
      assert.equal(place.status, 429)
      assert.ok(Number(place.headers.get('retry-after')) > 800)
      assert.match(text(place.html), /Too many attempts/)
    }
    assert.equal(looked, 30)
    const sessions = await story.test.site.store.events.list({ type: 'login.done' }, 100)
    assert.equal(sessions.length, 30)
  })
})

test('a flood of right passwords for one account must wait, from all addresses together', async () => {
  const story = await tellStory({
    env: { BEHALF_LOGIN_ATTEMPTS: '2', BEHALF_ADDRESS_ATTEMPTS: '1' },
    behindProxy: true,
  })
  const from = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}` })
  const signIn = async (n: number, email: string) => {
    const visitor = await stranger(story)
    const { fields } = visitor.place.forms[0]!
    const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
    return story.test.fetch('/login', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        cookie,
        ...from(n),
      },
      body: String(new URLSearchParams({ ...fields, email, password: PASSWORD })),
    })
  }
  for (let n = 0; n < 20; n++) assert.equal((await signIn(n, 'dana@example.com')).status, 303)
  for (let n = 20; n < 25; n++) assert.equal((await signIn(n, 'dana@example.com')).status, 429)
  assert.equal((await signIn(30, 'omar@example.com')).status, 303, 'other accounts are not affected')
})

test('a stranger cannot use up the sign-ins of an account with wrong passwords', async () => {
  const story = await tellStory({ env: { BEHALF_LOGIN_ATTEMPTS: '2', BEHALF_ADDRESS_ATTEMPTS: '1000' } })
  const owner = await stranger(story)
  await post(owner, 'dana@example.com', PASSWORD)
  owner.cookies.delete('behalf-session')
  await guesses(story, 60, () => 'dana@example.com')
  await owner.open('/login')
  assert.equal(new URL((await post(owner, 'dana@example.com', PASSWORD)).url).pathname, '/signed-in')
})
