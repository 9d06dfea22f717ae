import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openRateLimit } from '../../src/kit/rate-limit.ts'

function limitOf(points: number, seconds: number) {
  const time = { now: 0 }
  return { time, limit: openRateLimit({ points, seconds }, () => time.now) }
}

test('a limit allows so many in its window, and says how long to wait', () => {
  const { time, limit } = limitOf(2, 60)
  assert.deepEqual([limit.count('a'), limit.count('a'), limit.count('a')], [undefined, undefined, 60])
  time.now = 45_000
  assert.deepEqual([limit.count('a'), limit.count('b')], [15, undefined])
  time.now = 60_000
  assert.deepEqual([limit.count('a'), limit.count('a'), limit.count('a')], [undefined, undefined, 60])
})

test('a limit forgets windows that are over, and never keeps more than 10,000', () => {
  const { time, limit } = limitOf(1, 60)
  for (let n = 0; n < 100_000; n++) limit.count(`address ${n}`)
  assert.equal(limit.size, 10_000)
  assert.equal(limit.count('address 99999'), 60, 'the newest are kept')
  time.now = 60_000
  limit.count('another')
  assert.equal(limit.size, 1)
})

test('a long key counts as itself', () => {
  const { limit } = limitOf(1, 60)
  const long = 'x'.repeat(5000)
  assert.deepEqual([limit.count(long), limit.count(`${long}y`), limit.count(long)], [undefined, undefined, 60])
})
