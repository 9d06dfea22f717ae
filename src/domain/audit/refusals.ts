import type { Clock } from '../../kit/clock.ts'
import type { KeptRefusal } from '../../store/nouns/refusals.ts'
import type { Store } from '../../store/store.ts'
import type { Limits } from '../limits.ts'

/** What is told of a refusal; the app is looked for later where only its client id is known. */
export interface ToldRefusal extends Omit<KeptRefusal, 'at' | 'appUid' | 'request'> {
  appUid?: string | undefined
  clientId?: string | undefined
  /** What arrived, fit to be kept. */
  request: readonly unknown[]
}

/** Keeps what the server knew of refused requests, for whoever asks why, without making anybody wait for it. */
export interface Refusals {
  /** Keeps one, unless this visitor or this app has had many of late. `tell` is called only if it is kept. */
  keep(visitor: string, tell: () => ToldRefusal): void
  /** Writes down what was told up to now. */
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Needs {
  store: Pick<Store, 'apps' | 'refusals'>
  clock: Clock
  limits: Pick<Limits, 'may'>
}

const PIECE = 50
const MOST = 500

/**
 * Refusals are written once a second and in small pieces, so that a flood of bad requests costs one small write a second. When more are
 * waiting than is sensible, the newest are let go: it is there to help people, and the log has them all.
 */
export function openRefusals({ store, clock, limits }: Needs, failed: (error: unknown) => void): Refusals {
  let waiting: (ToldRefusal & { at: number })[] = []
  const arriving = new Set<Promise<void>>()
  const isRoom = () => waiting.length + arriving.size < MOST

  const take = async (visitor: string, tell: () => ToldRefusal) => {
    const at = clock.now()
    if (!(await limits.may('kept-refusals', `address ${visitor}`))) return
    const told = tell()
    const app = told.appUid ?? told.clientId?.slice(0, 64)
    if (app !== undefined && !(await limits.may('kept-refusals', `app ${app}`))) return
    waiting.push({ ...told, at })
  }
  const written = async ({ clientId, request, ...told }: ToldRefusal & { at: number }): Promise<KeptRefusal> => {
    const found = told.appUid ?? (clientId && (await store.apps.findLiveByClientId(clientId))?.uid)
    return { ...told, appUid: found ?? null, request: JSON.stringify(request) }
  }
  const flush = async () => {
    await Promise.all(arriving)
    if (waiting.length === 0) return
    const piece = waiting.slice(0, PIECE)
    waiting = waiting.slice(PIECE)
    await store.refusals.add(await Promise.all(piece.map(written)))
  }
  return {
    keep(visitor, tell) {
      if (!isRoom()) return
      const taking = take(visitor, tell)
        .catch(failed)
        .finally(() => arriving.delete(taking))
      arriving.add(taking)
    },
    flush,
    async stop() {
      await Promise.all(arriving)
      while (waiting.length > 0) await flush()
    },
  }
}
