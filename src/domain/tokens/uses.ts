import type { Clock } from '../../kit/clock.ts'
import type { SecretUse } from '../../store/nouns/app-secrets.ts'
import type { Store } from '../../store/store.ts'

/** Notes when tokens and secrets were last used, without making anybody wait for it. */
export interface Uses {
  /** Notes that the token of this digest is used now; seldom more than once an hour for the same one. */
  note(digest: string): void
  /** The same for the secret that an app has just proved itself with. */
  noteSecret(secret: SecretUse): void
  /** Writes down what is noted. */
  flush(): Promise<void>
  stop(): Promise<void>
}

const FRESH = 3600
const PIECE = 200
const MOST = 5000
/** Tokens of which we remember when we noted them. One that was forgotten is noted once more, which changes nothing. */
const MOST_NOTED = 20_000

/**
 * Last uses are told to the hour and written in small pieces once a second, so that a flood of tokens costs one small write a second
 * and not one each. When more are waiting than is sensible, the newest are let go: it is a note for people, not a guarantee.
 */
export function openUses(store: Store, clock: Clock, failed: (error: unknown) => void): Uses {
  const tokens = new Map<string, number>()
  const noted = new Map<string, number>()
  const secrets = new Map<string, number>()
  const flush = async () => {
    const [used, proved] = [takePiece(tokens), takePiece(secrets)]
    const written = store.tokens.stamp(
      used.map(([digest, at]) => ({ digest, at })),
      FRESH,
    )
    // What could not be written is noted again with the next use.
    written.catch(() => used.map(([digest]) => noted.delete(digest)))
    await Promise.all([written, store.appSecrets.stamp(proved.map(([uid, at]) => ({ uid, at })))])
  }
  const isWaiting = () => tokens.size > 0 || secrets.size > 0
  const timer = setInterval(() => {
    if (isWaiting()) flush().catch(failed)
  }, 1000)
  timer.unref()
  return {
    note(digest) {
      const now = clock.now()
      if (!isDue(noted.get(digest), now) || tokens.size >= MOST) return
      tokens.set(digest, now)
      // The one that was noted longest ago goes first.
      noted.delete(digest)
      if (noted.size >= MOST_NOTED) noted.delete(noted.keys().next().value!)
      noted.set(digest, now)
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

function isDue(last: number | null | undefined, now: number): boolean {
  return last === null || last === undefined || now - last >= FRESH
}

function takePiece(waiting: Map<string, number>): [string, number][] {
  const piece = [...waiting.entries()].slice(0, PIECE)
  for (const [key] of piece) waiting.delete(key)
  return piece
}
