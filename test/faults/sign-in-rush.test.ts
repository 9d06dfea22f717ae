import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { type SeededCode, seed } from '../parts/seeded.ts'
import { makeFolder, startServer } from '../parts/server-process.ts'
import { type Visitor, visit } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const RUSH = 30

test('while 30 people sign in at once, apps are answered as quickly as before', async (t) => {
  const { server, people, token } = await build()
  const begun = performance.now()
  let isOver = false
  const times: number[] = []
  const asking = (async () => {
    while (!isOver) {
      const asked = performance.now()
      assert.equal((await userinfo(server, token)).status, 200)
      times.push(performance.now() - asked)
      await sleep(5)
    }
  })()
  const places = await signIn(people)
  const took = Math.round(performance.now() - begun)
  isOver = true
  await asking
  for (const { status, url } of places) assert.deepEqual([status, new URL(url).pathname], [200, '/signed-in'])
  const worst = Math.round(Math.max(...times))
  assert.ok(worst < 2000, `${worst} ms`)
  t.diagnostic(`${RUSH} sign-ins in ${took} ms; ${times.length} answers meanwhile, the slowest after ${worst} ms`)
})

test('a sign-in that finds the queue full gets an immediate answer to try again later', async (t) => {
  const { people } = await build({ BEHALF_PASSWORD_PARALLEL: '1', BEHALF_PASSWORD_WAITING: '4' })
  const places = await signIn(people)
  const inside = places.filter(({ url }) => url.endsWith('/signed-in'))
  const outside = places.filter(({ url }) => !url.endsWith('/signed-in'))
  assert.ok(inside.length >= 5 && outside.length > 0, `${inside.length} inside, ${outside.length} outside`)
  for (const { status, headers, html } of outside) {
    assert.equal(status, 503)
    assert.ok(Number(headers.get('retry-after')) > 0)
    assert.match(html, /<h1>/)
  }
  t.diagnostic(`${inside.length} signed in, ${outside.length} were asked to try again`)
  const late = people.filter((_, index) => outside.includes(places[index]!)).slice(0, 3)
  for (const { visitor } of late) await visitor.open('/login')
  const later = await signIn(late)
  for (const { url } of later) assert.ok(url.endsWith('/signed-in'))
})

async function build(env: Record<string, string> = {}) {
  const databaseUrl = `sqlite:${join(makeFolder(), 'behalf.db')}`
  const seeded = await seed(databaseUrl, { owners: RUSH, realPasswords: true })
  const [{ code }] = (await seeded.makeCodes(1)) as [SeededCode]
  const server = await startServer({ databaseUrl, env })
  const { access_token: token } = await read(exchange(server, seeded.app, code))
  const people = await Promise.all(
    seeded.owners.map(async ({ email }) => {
      const visitor = visit(server)
      await visitor.open('/login')
      return { visitor, email }
    }),
  )
  return { server, people, token: token as string }
}

function signIn(people: readonly { visitor: Visitor; email: string }[]) {
  return Promise.all(people.map(({ visitor, email }) => visitor.signIn(email, PASSWORD)))
}
