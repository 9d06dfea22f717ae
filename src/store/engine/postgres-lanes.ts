import type pg from 'pg'
import type { Param, Row } from './db.ts'
import { isLost, isStale, unreachable } from './postgres-faults.ts'
import { Line } from './postgres-line.ts'

interface Lane {
  line?: Line
  opening?: Promise<void>
  /** Statements under way. */
  waiting: number
  /** After a vain try to open it, when the next one may be made while others serve. */
  restsUntil: number
}

/**
 * A few connections that all readers share, each statement going to the least busy one. Only reads may travel here, because
 * whoever waited for a lock or for the disk would hold up those behind. A lane opens when it is first needed and again after it broke;
 * as long as any is open, nobody waits for another to open.
 */
export function openLanes(config: pg.ClientConfig, size: number, patience: number) {
  const lanes: Lane[] = Array.from({ length: size }, () => ({ waiting: 0, restsUntil: 0 }))
  let isClosed = false

  const open = (lane: Lane): Promise<void> => {
    lane.opening ??= connect(lane).finally(() => {
      lane.opening = undefined
    })
    return lane.opening
  }

  const connect = async (lane: Lane): Promise<void> => {
    const line = new Line(config)
    const drop = () => {
      if (lane.line === line) lane.line = undefined
    }
    line.on('error', drop)
    line.on('end', drop)
    try {
      await line.connect()
    } catch (error) {
      line.hangUp()
      lane.restsUntil = Date.now() + 1000
      throw unreachable(error)
    }
    if (isClosed) await line.close()
    else lane.line = line
  }

  /** The least busy open lane; another one is opened beside when even that is busy. */
  const choose = (): Lane | undefined => {
    let best: Lane | undefined
    let spare: Lane | undefined
    for (const lane of lanes) {
      if (!lane.line) spare ??= lane
      else if (!best || lane.waiting < best.waiting) best = lane
    }
    if (best && spare && best.waiting > 0 && !spare.opening && spare.restsUntil < Date.now())
      open(spare).catch(() => {})
    return best
  }

  const need = async (): Promise<Lane> => {
    if (isClosed) throw unreachable(new Error('The database was closed.'))
    await open(lanes[0]!)
    const lane = choose()
    if (!lane) throw unreachable(new Error('The connection broke as soon as it was made.'))
    return lane
  }

  return {
    /**
     * Asks again at once when the connection turns out to have died since its last answer, or to be of no more use. The others may
     * have died with it, so each is tried before a new one.
     */
    async read(text: string, params: readonly Param[]): Promise<Row[]> {
      const since = Date.now()
      for (let left = size; ; left--) {
        const lane = choose() ?? (await need())
        const line = lane.line!
        lane.waiting++
        try {
          return (await line.ask(text, params)).rows
        } catch (error) {
          if (isStale(error) && lane.line === line) {
            lane.line = undefined
            void line.close()
          }
          const isAtOnce = Date.now() - since < patience / 4
          if (left === 0 || !isAtOnce || !(isStale(error) || isLost(error))) throw error
        } finally {
          lane.waiting--
        }
      }
    },
    async close(): Promise<void> {
      isClosed = true
      await Promise.allSettled(lanes.map(({ opening }) => opening))
      await Promise.all(lanes.map(({ line }) => line?.close()))
    },
  }
}
