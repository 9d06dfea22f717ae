import type { Clock } from '../../kit/clock.ts'
import { inClear, nameInClear } from '../../kit/in-clear.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { KeptRefusal } from '../../store/nouns/refusals.ts'
import type { Store } from '../../store/store.ts'
import type { Limits } from '../limits.ts'

/** A refused request. It is read only if the refusal is kept. */
export interface RefusedRequest {
  visitor: string
  read(): Pick<KeptRefusal, 'reference' | 'method' | 'path'> & {
    clientId: string | undefined
    request: readonly unknown[]
    /** The words of the request, which are not stored; undefined when it could not be read completely. */
    sent: ReadonlySet<string> | undefined
  }
}

/** The answer, where it differs from the refusal. */
export interface RefusalAnswer {
  /** The HTTP status: 303 when the browser was redirected to the app with the error. */
  status?: number
  /** The error code of the protocol, and what to do if the row does not say it. */
  code?: string | null
  fix?: string | null
  /** The app; left out, the client id of the request names it. */
  appUid?: string
  clientId?: string | undefined
}

type Waiting = Omit<KeptRefusal, 'appUid'> & {
  appUid: string | undefined
  clientId: string | undefined
}

/** Keeps the refusals of every room for `behalf why`. No request waits for it. */
export interface Refusals {
  /** Keeps a refusal, unless this visitor or app had too many lately. Skips status 503, which is only in the log. */
  keep(refusal: Refusal, request: RefusedRequest, answer?: RefusalAnswer): void
  /** Keeps an event of a refused request, which is stored with the next refusals. */
  note(event: Event): void
  /** Stores the next refusals and events that wait. */
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Needs {
  store: Pick<Store, 'apps' | 'refusals'>
  clock: Clock
  limits: Pick<Limits, 'may'>
}

const MAX_PER_WRITE = 50
const MAX_WAITING = 500
/** In characters, of one text in the message of a refusal. */
const MAX_VALUE_LENGTH = 300

/**
 * Refusals are stored once a second in small writes, so that a flood of bad requests costs one small write a second. When `MAX_WAITING` wait, new
 * ones are dropped, because the log has them all.
 */
export function openKeptRefusals({ store, clock, limits }: Needs, failed: (error: unknown) => void): Refusals {
  let waiting: Waiting[] = []
  let events: Event[] = []
  const arriving = new Set<Promise<void>>()
  const isRoom = () => waiting.length + arriving.size < MAX_WAITING

  const take = async (refusal: Refusal, { visitor, read }: RefusedRequest, answer: RefusalAnswer) => {
    const at = clock.now()
    if (!limits.may('kept-refusals', `address ${visitor}`)) return
    const { clientId = answer.clientId, sent, request, ...about } = read()
    const app = answer.appUid ?? clientId?.slice(0, 64)
    if (app !== undefined && !limits.may('kept-refusals', `app ${app}`)) return
    const shown = refusal.actual.shownWith((value) => inClear(value, MAX_VALUE_LENGTH, sent))
    waiting.push({
      ...about,
      // As text already, so that what waits keeps no body in memory.
      request: JSON.stringify(request),
      at,
      status: answer.status ?? refusal.status,
      code: answer.code ?? null,
      field: refusal.field === undefined ? null : nameInClear(refusal.field),
      message: shown.message,
      checkName: refusal.actual.check,
      fix: shown.fix ?? answer.fix ?? null,
      appUid: answer.appUid,
      clientId,
    })
  }
  const written = async ({ clientId, ...kept }: Waiting): Promise<KeptRefusal> => {
    const found = kept.appUid ?? (clientId && (await store.apps.findLiveByClientId(clientId))?.uid)
    return { ...kept, appUid: found ?? null }
  }
  const flush = async () => {
    await Promise.all(arriving)
    if (waiting.length === 0 && events.length === 0) return
    const [piece, noted] = [waiting.slice(0, MAX_PER_WRITE), events.slice(0, MAX_PER_WRITE)]
    waiting = waiting.slice(MAX_PER_WRITE)
    events = events.slice(MAX_PER_WRITE)
    await store.refusals.add(await Promise.all(piece.map(written)), noted)
  }
  return {
    keep(refusal, request, answer = {}) {
      if (!isRoom() || refusal.status === 503) return
      const taking = take(refusal, request, answer)
        .catch(failed)
        .finally(() => arriving.delete(taking))
      arriving.add(taking)
    },
    note(event) {
      if (events.length < MAX_WAITING) events.push(event)
    },
    flush,
    async stop() {
      await Promise.all(arriving)
      while (waiting.length > 0 || events.length > 0) await flush()
    },
  }
}
