import type { Clock } from '../kit/clock.ts'
import { tokenDigest } from '../kit/digest.ts'
import type { SecretUse } from '../store/app-secrets.ts'
import type { Store } from '../store/store.ts'

/** Notes when tokens and secrets were last used, without making anybody wait for it. */
export interface Uses {
  /** Notes that this token is used now; seldom more than once an hour for the same one. */
  note(token: { lastUsedAt: number | null }, presented: string): void
  /** The same for the secret that an app has just proved itself with. */
  noteSecret(secret: SecretUse): void
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
  const tokens = new Map<string, number>()
  const secrets = new Map<string, number>()
  const flush = async () => {
    const [used, proved] = [takePiece(tokens), takePiece(secrets)]
    await store.tokens.stamp(used.map(([presented, at]) => ({ digest: tokenDigest(presented), at })))
    await store.appSecrets.stamp(proved.map(([uid, at]) => ({ uid, at })))
  }
  const isWaiting = () => tokens.size > 0 || secrets.size > 0
  const timer = setInterval(() => {
    if (isWaiting()) flush().catch(failed)
  }, 1000)
  timer.unref()
  return {
    note({ lastUsedAt }, presented) {
      const now = clock.now()
      if (isDue(lastUsedAt, now) && tokens.size < MOST) tokens.set(presented, now)
    },
    noteSecret({ uid, lastUsedAt }) {
      const now = clock.now()
      if (isDue(lastUsedAt, now) && secrets.size < MOST) secrets.set(uid, now)
    },
    flush,
    async stop() {
      clearInterval(timer)
      while (isWaiting()) await flush()
    },
  }
}

function isDue(lastUsedAt: number | null, now: number): boolean {
  return lastUsedAt === null || now - lastUsedAt >= FRESH
}

function takePiece(waiting: Map<string, number>): [string, number][] {
  const piece = [...waiting.entries()].slice(0, PIECE)
  for (const [key] of piece) waiting.delete(key)
  return piece
}
