import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { heldClock, type TestSite, testSite } from '../parts/test-site.ts'
import { visit } from '../parts/visitor.ts'
import { freshUrl } from '../store/engines.ts'

/** Sends wrong passwords from one new browser to servers in turn. Returns how many were checked. */
async function guess(servers: readonly TestSite[], count: number, between = (_: number) => {}): Promise<number> {
  const visitor = visit(servers[0]!)
  await visitor.open('/login')
  const { fields } = visitor.place.forms[0]!
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
  let checked = 0
  for (let n = 0; n < count; n++) {
    between(n)
    const response = await servers[n % servers.length]!.fetch('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie },
      body: String(new URLSearchParams({ ...fields, email: 'dana@example.com', password: `guess ${n}` })),
    })
    if (response.status === 400) checked++
    else assert.equal(response.status, 429)
  }
  return checked
}

onBothEngines((engine) => {
  for (const behind of [1, 5, 60]) {
    test(`two servers whose clocks are ${behind} s apart give a stranger no more guesses than one`, async () => {
      const databaseUrl = await freshUrl(engine)
      const { test: first } = await tellStory({ databaseUrl })
      const second = await testSite({ databaseUrl, clock: heldClock(first.clock.now() - behind) })
      assert.equal(await guess([first, second], 40), 10)
    })
  }

  test('a turn of the second, or a clock that steps back, gives a stranger no more guesses', async () => {
    for (const step of [1, -1, -200]) {
      const { test: server } = await tellStory({ engine })
      const move = (n: number) => server.clock.advance(n % 2 === 0 ? step : -step)
      assert.equal(await guess([server], 40, move), 10, String(step))
    }
  })
})
