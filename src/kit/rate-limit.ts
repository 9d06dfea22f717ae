import { digest } from './digest.ts'

/** Counts events of one kind by key, such as requests by address, in fixed windows of time. */
export interface RateLimit {
  /** Counts one. Returns how many seconds to wait if there were too many in the current window; otherwise undefined. */
  count(key: string): number | undefined
  /** How many keys are counted now. */
  readonly size: number
}

interface Window {
  count: number
  endsAt: number
}

/** An attacker with many addresses makes it forget the windows that end first, and nothing worse. */
const MAX_KEYS = 10_000
/** Longer keys are stored as digests, so that a long text in a request takes no memory. */
const MAX_KEY_LENGTH = 64

/** Opens a rate limit in memory. `steady` returns the time since any moment in milliseconds; it does not follow the clock of the machine. */
export function openRateLimit(
  { points, seconds }: { points: number; seconds: number },
  steady: () => number = () => performance.now(),
): RateLimit {
  // In the order in which the windows began, which is the order in which they end.
  const windows = new Map<string, Window>()
  const begin = (key: string, now: number): Window => {
    for (const [old, { endsAt }] of windows) {
      if (endsAt > now && windows.size < MAX_KEYS) break
      windows.delete(old)
    }
    const begun = { count: 0, endsAt: now + seconds * 1000 }
    windows.set(key, begun)
    return begun
  }
  return {
    count(value) {
      const key = value.length > MAX_KEY_LENGTH ? digest(value) : value
      const now = steady()
      const known = windows.get(key)
      const window = known && known.endsAt > now ? known : begin(key, now)
      window.count++
      return window.count > points ? (window.endsAt - now) / 1000 : undefined
    },
    get size() {
      return windows.size
    },
  }
}
