import type { Clock } from '../kit/clock.ts'
import { tokenDigest } from '../kit/digest.ts'
import type { Store } from '../store/store.ts'

/** Notes when tokens were last used, without making anybody wait for it. */
export interface Uses {
  /** Notes that this token is used now; seldom more than once an hour for the same one. */
  note(token: { lastUsedAt: number | null }, presented: string): void
  /** Writes down what is noted. */
  flush(): Promise<void>
  stop(): Promise<void>
}

const FRESH = 3600
const PIECE = 200
const MOST = 5000

/**
 * Last uses are told to the hour and written in small pieces once a second, so that a flood of tokens costs one small write a second
 * and not one each. When more are waiting than is sensible, the newest are let go: it is a note for people, not a guarantee.
 */
export function openUses(store: Store, clock: Clock, failed: (error: unknown) => void): Uses {
  const waiting = new Map<string, number>()
  const flush = async () => {
    const piece = [...waiting.entries()].slice(0, PIECE)
    for (const [presented] of piece) waiting.delete(presented)
    await store.tokens.stamp(piece.map(([presented, at]) => ({ digest: tokenDigest(presented), at })))
  }
  const timer = setInterval(() => {
    if (waiting.size > 0) flush().catch(failed)
  }, 1000)
  timer.unref()
  return {
    note({ lastUsedAt }, presented) {
      const now = clock.now()
      if ((lastUsedAt === null || now - lastUsedAt >= FRESH) && waiting.size < MOST) waiting.set(presented, now)
    },
    flush,
    async stop() {
      clearInterval(timer)
      while (waiting.size > 0) await flush()
    },
  }
}
