import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { tokenDigest } from '../../src/kit/digest.ts'
import { newToken } from '../../src/kit/id.ts'
import { JOBS, type Job, startJobs } from '../../src/ops/jobs.ts'
import { sweep } from '../../src/ops/sweep.ts'
import { read, userinfo } from '../parts/app-calls.ts'
import { installs, onBothEngines, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'

const HOUR = 3600

onBothEngines((engine) => {
  /** A site with this many expired guesses. */
  async function siteWithRows(rows: number, env: Record<string, string> = {}) {
    const { site, clock, logged } = await testSite({ engine, env })
    const guesses = Array.from({ length: rows }, (_, index) => `guess ${index}`)
    // Not all at once, because a request that waits long for a connection is refused.
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

  test('a sweep deletes every expired row, batch after batch, and nothing else', async () => {
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

  test('a sweep lets other requests run between its batches', async () => {
    const { site } = await siteWithRows(2000)
    let turns = 0
    const timer = setInterval(() => turns++, 2)
    await sweep(site)
    clearInterval(timer)
    assert.ok(turns >= 10, `${turns} turns`)
  })

  test('a server sweeps regularly, logs the number of rows, and ends the sweep when it stops', async () => {
    const { site, logged } = await siteWithRows(3, { BEHALF_SWEEP_INTERVAL: '1' })
    const stop = startJobs(site)
    const deadline = Date.now() + 5000
    while (!logged.some((line) => line.includes('"swept"')) && Date.now() < deadline) await pause(50)
    await stop()
    const { rows } = JSON.parse(logged.find((line) => line.includes('"swept"'))!)
    assert.equal(rows, 3)
  })

  test('a failed sweep is tried again the next time', async () => {
    const { site, logged } = await siteWithRows(1, { BEHALF_SWEEP_INTERVAL: '1' })
    let calls = 0
    const failing: typeof site.store.sweep = (...given) => {
      if (calls++ === 0) throw new Error('the disk is full')
      return site.store.sweep(...given)
    }
    const stop = startJobs({ ...site, store: { ...site.store, sweep: failing } })
    const deadline = Date.now() + 6000
    while (!logged.some((line) => line.includes('"swept"')) && Date.now() < deadline) await pause(50)
    await stop()
    assert.ok(logged.some((line) => line.includes('sweep failed') && line.includes('the disk is full')))
    assert.ok(logged.some((line) => line.includes('"swept"')))
  })

  test('a job runs again immediately while more is due, and a failing job does not delay another', async () => {
    const { site, logged } = await testSite({ engine })
    const ran: string[] = []
    const due = Promise.withResolvers<void>()
    const jobs: Job[] = [
      {
        name: 'busy',
        everySeconds: () => 0.01,
        async run() {
          ran.push('busy')
          if (ran.filter((each) => each === 'busy').length === 3) due.resolve()
          return true
        },
        failed: 'never',
      },
      {
        name: 'broken',
        everySeconds: () => 0.01,
        run: () => Promise.reject(new Error('the disk is full')),
        failed: 'the broken job failed',
      },
    ]
    const stop = startJobs(site, jobs)
    await due.promise
    while (!logged.some((line) => line.includes('the broken job failed'))) await pause(5)
    await stop()
    const count = ran.length
    await pause(50)
    assert.equal(ran.length, count, 'nothing runs after the stop')
    const line = JSON.parse(logged.find((each) => each.includes('the broken job failed'))!)
    assert.deepEqual([line.job, line.err.message], ['broken', 'the disk is full'])
  })

  test('the jobs write pending refusals and last uses', async () => {
    const story = await tellStory({ engine })
    const { site, fetch } = story.test
    const app = await story.world.makeApp()
    const { token } = await installs(story, app)
    assert.equal((await userinfo(story.test, token)).status, 200)
    const refused = await read(await fetch('/oauth/token', { method: 'POST' }))
    const stop = startJobs(
      site,
      JOBS.filter(({ name }) => name.startsWith('write-')),
    )
    const isWritten = async () =>
      (await site.store.refusals.find(refused.reference)) !== undefined &&
      (await site.store.accessTokens.findLastUsed(tokenDigest(token))) !== null
    const deadline = Date.now() + 10_000
    while (!(await isWritten()) && Date.now() < deadline) await pause(50)
    await stop()
    assert.ok(await isWritten())
  })
})
