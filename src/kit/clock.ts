/** Tells the time in whole seconds since the epoch; tests hold it still. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) }
