import { LRUCache } from 'lru-cache'
import type { Clock } from '../../kit/clock.ts'
import type { SecretUse } from '../../store/nouns/app-secrets.ts'
import type { Store } from '../../store/store.ts'

/** Records when tokens and secrets were last used. No request waits for it. */
export interface LastUsed {
  /** Records a use of the token of this digest, at most once an hour. */
  record(digest: string): void
  /** Records a use of this secret, at most once an hour. */
  recordSecret(secret: SecretUse): void
  /** Stores the next uses that wait. */
  flush(): Promise<void>
  /** Stores all uses that wait. */
  stop(): Promise<void>
}

const STEP_SECONDS = 3600
const MAX_PER_WRITE = 200
const MAX_WAITING = 5000
/** How many tokens are cached. A token that was evicted is recorded once more, which changes nothing. */
const MAX_KNOWN = 20_000

/**
 * Last uses are exact to the hour and stored once a second in small writes, so that many tokens cost one small write a second. When `MAX_WAITING` wait,
 * new ones are dropped: the time is only shown to people.
 */
export function openLastUsed(store: Store, clock: Clock): LastUsed {
  const tokens = new Map<string, number>()
  const secrets = new Map<string, number>()
  const known = new LRUCache<string, number>({ max: MAX_KNOWN })
  const isWaiting = () => tokens.size > 0 || secrets.size > 0
  const flush = async () => {
    if (!isWaiting()) return
    const [used, proved] = [takePiece(tokens), takePiece(secrets)]
    const written = store.accessTokens.recordUse(
      used.map(([digest, at]) => ({ digest, at })),
      STEP_SECONDS,
    )
    // A use that could not be stored is recorded again with the next use.
    written.catch(() => used.map(([digest]) => known.delete(digest)))
    await Promise.all([written, store.appSecrets.recordUse(proved.map(([uid, at]) => ({ uid, at })))])
  }
  return {
    record(digest) {
      const now = clock.now()
      if (!isDue(known.get(digest), now) || tokens.size >= MAX_WAITING) return
      tokens.set(digest, now)
      known.set(digest, now)
    },
    recordSecret({ uid, lastUsedAt }) {
      const now = clock.now()
      if (isDue(lastUsedAt, now) && secrets.size < MAX_WAITING) secrets.set(uid, now)
    },
    flush,
    async stop() {
      while (isWaiting()) await flush()
    },
  }
}

function isDue(last: number | null | undefined, now: number): boolean {
  return last === null || last === undefined || now - last >= STEP_SECONDS
}

function takePiece(waiting: Map<string, number>): [string, number][] {
  const piece = [...waiting.entries()].slice(0, MAX_PER_WRITE)
  for (const [key] of piece) waiting.delete(key)
  return piece
}
