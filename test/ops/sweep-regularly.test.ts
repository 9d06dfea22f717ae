import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { tokenDigest } from '../../src/kit/digest.ts'
import { newToken } from '../../src/kit/id.ts'
import { sweep, sweepRegularly } from '../../src/ops/sweep-regularly.ts'
import { onBothEngines } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'

const HOUR = 3600

onBothEngines((engine) => {
  /** A site where so many guesses have been forgotten for long. */
  async function siteWithRows(rows: number, env: Record<string, string> = {}) {
    const { site, clock, logged } = await testSite({ engine, env })
    const guesses = Array.from({ length: rows }, (_, index) => `guess ${index}`)
    // Not all at once: whoever waits long for a connection is turned away.
    while (guesses.length > 0) {
      const some = guesses.splice(-100)
      await Promise.all(some.map((guess) => site.store.attempts.count(guess, clock.now(), 900)))
    }
    clock.advance(HOUR)
    return {
      site,
      logged,
      isLeft: async () => (await site.store.attempts.count('guess 0', clock.now(), 900)).count > 1,
    }
  }

  test('a sweep takes everything that is past remembering, batch after batch, and nothing else', async () => {
    const { site } = await siteWithRows(1200)
    const now = site.clock.now()
    await site.store.attempts.count('fresh', now, 900)
    const token = newToken(now)
    await site.store.requests.add({
      digest: tokenDigest(token),
      browser: 'b',
      appUid: 'a',
      request: '{}',
      sessionUid: null,
      businessUid: null,
      createdAt: now,
      expiresAt: now + HOUR,
      answeredAt: null,
    })
    assert.equal(await sweep(site), 1200)
    assert.equal(await sweep(site), 0)
    assert.equal((await site.store.attempts.count('fresh', now, 900)).count, 2)
    assert.ok(await site.store.requests.find(tokenDigest(token)))
  })

  test('a sweep lets others go on between its batches', async () => {
    const { site } = await siteWithRows(2000)
    let turns = 0
    const timer = setInterval(() => turns++, 2)
    await sweep(site)
    clearInterval(timer)
    assert.ok(turns >= 10, `${turns} turns`)
  })

  test('a server sweeps by itself, says how much, and stops when told', async () => {
    const { site, logged } = await siteWithRows(3, { BEHALF_SWEEP_INTERVAL: '1' })
    const stop = sweepRegularly(site)
    const patience = Date.now() + 5000
    while (!logged.some((line) => line.includes('"swept"')) && Date.now() < patience) await pause(50)
    await stop()
    const { rows } = JSON.parse(logged.find((line) => line.includes('"swept"'))!)
    assert.equal(rows, 3)
  })

  test('a sweep that fails is tried again the next time', async () => {
    const { site, logged } = await siteWithRows(1, { BEHALF_SWEEP_INTERVAL: '1' })
    let calls = 0
    const failing: typeof site.store.sweep = (...given) => {
      if (calls++ === 0) throw new Error('the disk is full')
      return site.store.sweep(...given)
    }
    const stop = sweepRegularly({ ...site, store: { ...site.store, sweep: failing } })
    const patience = Date.now() + 6000
    while (!logged.some((line) => line.includes('"swept"')) && Date.now() < patience) await pause(50)
    await stop()
    assert.ok(logged.some((line) => line.includes('sweep failed') && line.includes('the disk is full')))
    assert.ok(logged.some((line) => line.includes('"swept"')))
  })
})
