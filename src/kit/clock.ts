/** Returns the time in whole seconds since 1970. Tests stop it. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) }
