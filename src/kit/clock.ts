/** Returns the time in whole seconds since 1970. Tests stop it. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) }

/**
 * The least speed of a clock that is ahead. At this speed a code of 30 seconds lives less than 2 seconds longer, and 5 seconds are caught up in
 * 2 minutes.
 */
const SLOWEST = 0.95

/**
 * Opens a clock that never steps back, so that what has expired stays expired. `right` returns the right time and `steady` the time since any
 * moment, both in milliseconds. When `right` steps back, the clock runs a little slower until both agree again.
 */
export function openClock(right: () => number, steady: () => number = () => performance.now()): Clock {
  let time = Number.NEGATIVE_INFINITY
  let readAt = steady()
  return {
    now() {
      const passed = steady() - readAt
      readAt += passed
      time = Math.max(right(), time + passed * SLOWEST)
      return Math.floor(time / 1000)
    },
  }
}
