import type { Clock } from '../../kit/clock.ts'
import { inClear } from '../../kit/in-clear.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { KeptRefusal } from '../../store/nouns/refusals.ts'
import type { Store } from '../../store/store.ts'
import type { Limits } from '../limits.ts'

/** A request that was refused, read only if the refusal is kept. */
export interface RefusedRequest {
  visitor: string
  read(): Pick<KeptRefusal, 'reference' | 'method' | 'path'> & {
    clientId: string | undefined
    request: readonly unknown[]
  }
}

/** How a request was answered, where the refusal itself does not say it. */
export interface RefusalAnswer {
  /** The HTTP status: 303 where the error went back to the app by the browser. */
  status?: number
  /** The error code of the protocol, and what to do about it where the row does not say it. */
  code?: string | null
  fix?: string | null
  /** The app; without it the client id of the request names it. */
  appUid?: string
  clientId?: string | undefined
}

type Waiting = Omit<KeptRefusal, 'appUid' | 'request'> & {
  appUid: string | undefined
  clientId: string | undefined
  request: readonly unknown[]
}

/** Keeps refusals for `behalf why`, whichever room refused, without making a request wait for it. */
export interface Refusals {
  /** Keeps one, unless this visitor or this app has had many of late. What failed on our side (503) is left to the log. */
  keep(refusal: Refusal, request: RefusedRequest, answer?: RefusalAnswer): void
  /** Writes down what was kept up to now. */
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
  let waiting: Waiting[] = []
  const arriving = new Set<Promise<void>>()
  const isRoom = () => waiting.length + arriving.size < MOST

  const take = async (refusal: Refusal, { visitor, read }: RefusedRequest, answer: RefusalAnswer) => {
    const at = clock.now()
    if (!(await limits.may('kept-refusals', `address ${visitor}`))) return
    const { clientId = answer.clientId, ...request } = read()
    const app = answer.appUid ?? clientId?.slice(0, 64)
    if (app !== undefined && !(await limits.may('kept-refusals', `app ${app}`))) return
    waiting.push({
      ...request,
      at,
      status: answer.status ?? refusal.status,
      code: answer.code ?? null,
      field: refusal.field ?? null,
      message: inClear(refusal.message, 600),
      checkName: refusal.key,
      fix: refusal.fix ?? answer.fix ?? null,
      appUid: answer.appUid,
      clientId,
    })
  }
  const written = async ({ clientId, request, ...kept }: Waiting): Promise<KeptRefusal> => {
    const found = kept.appUid ?? (clientId && (await store.apps.findLiveByClientId(clientId))?.uid)
    return { ...kept, appUid: found ?? null, request: JSON.stringify(request) }
  }
  const flush = async () => {
    await Promise.all(arriving)
    if (waiting.length === 0) return
    const piece = waiting.slice(0, PIECE)
    waiting = waiting.slice(PIECE)
    await store.refusals.add(await Promise.all(piece.map(written)))
  }
  return {
    keep(refusal, request, answer = {}) {
      if (!isRoom() || refusal.status === 503) return
      const taking = take(refusal, request, answer)
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
