import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openClock } from '../../src/kit/clock.ts'

function clockBy(start = 1_800_000_000_000) {
  const source = { right: start, steady: 5 }
  const { now } = openClock(
    () => source.right,
    () => source.steady,
  )
  const pass = (milliseconds: number) => {
    source.right += milliseconds
    source.steady += milliseconds
  }
  return { source, now, pass }
}

test('a clock returns whole seconds, and follows a step forward at once', () => {
  const { source, now, pass } = clockBy()
  assert.equal(now(), 1_800_000_000)
  pass(999)
  assert.equal(now(), 1_800_000_000)
  pass(1)
  assert.equal(now(), 1_800_000_001)
  source.right += 3_600_000
  assert.equal(now(), 1_800_003_601)
})

test('a clock never steps back, runs on after a step back, and is right again after a while', () => {
  const { source, now, pass } = clockBy()
  const began = now()
  source.right -= 5000
  assert.equal(now(), began)
  // A code of 30 seconds lives less than 32.
  pass(32_000)
  assert.ok(now() >= began + 30)
  let before = now()
  for (let second = 32; second < 100; second++) {
    pass(1000)
    assert.ok(now() >= before)
    before = now()
  }
  assert.equal(now(), began + 95)
})
