import type pg from 'pg'
import type { Param, Row } from './db.ts'
import { PipelinedClient } from './pipelined-client.ts'
import { isLost, isStale, unreachable } from './postgres-faults.ts'

interface ReadConnection {
  client?: PipelinedClient
  opening?: Promise<void>
  /** How many statements run. */
  waiting: number
  /** After a failed attempt to open it: the time in milliseconds until which the other connections are used. */
  restsUntil: number
}

/**
 * A few connections that all readers share. Each statement goes to the least busy one. Only reads may use them, because a statement that waits for
 * a lock or for the disk delays those behind it. A connection opens when it is first needed, and again after it broke. No reader waits for one to
 * open while another is open.
 */
export function openPostgresReadConnections(config: pg.ClientConfig, size: number, patience: number) {
  const connections: ReadConnection[] = Array.from({ length: size }, () => ({ waiting: 0, restsUntil: 0 }))
  let isClosed = false

  const open = (connection: ReadConnection): Promise<void> => {
    connection.opening ??= connect(connection).finally(() => {
      connection.opening = undefined
    })
    return connection.opening
  }

  const connect = async (connection: ReadConnection): Promise<void> => {
    const client = new PipelinedClient(config)
    const drop = () => {
      if (connection.client === client) connection.client = undefined
    }
    client.on('error', drop)
    client.on('end', drop)
    try {
      await client.connect()
    } catch (error) {
      client.destroy()
      connection.restsUntil = Date.now() + 1000
      throw unreachable(error)
    }
    if (isClosed) await client.close()
    else connection.client = client
  }

  /** The least busy open connection. Begins to open another one if that is busy. */
  const choose = (): ReadConnection | undefined => {
    let best: ReadConnection | undefined
    let spare: ReadConnection | undefined
    for (const connection of connections) {
      if (!connection.client) spare ??= connection
      else if (!best || connection.waiting < best.waiting) best = connection
    }
    if (best && spare && best.waiting > 0 && !spare.opening && spare.restsUntil < Date.now())
      open(spare).catch(() => {})
    return best
  }

  const need = async (): Promise<ReadConnection> => {
    if (isClosed) throw unreachable(new Error('The database was closed.'))
    await open(connections[0]!)
    const connection = choose()
    if (!connection) throw unreachable(new Error('The connection broke immediately after it was opened.'))
    return connection
  }

  return {
    /**
     * Asks again at once when the connection was lost since its last answer, or is unusable. The others may be lost too, so each is tried before
     * a new one.
     */
    async read(text: string, params: readonly Param[]): Promise<Row[]> {
      const since = Date.now()
      for (let left = size; ; left--) {
        const connection = choose() ?? (await need())
        const client = connection.client!
        connection.waiting++
        try {
          return (await client.ask(text, params)).rows
        } catch (error) {
          if (isStale(error) && connection.client === client) {
            connection.client = undefined
            void client.close()
          }
          const isAtOnce = Date.now() - since < patience / 4
          if (left === 0 || !isAtOnce || !(isStale(error) || isLost(error))) throw error
        } finally {
          connection.waiting--
        }
      }
    },
    async close(): Promise<void> {
      isClosed = true
      await Promise.allSettled(connections.map(({ opening }) => opening))
      await Promise.all(connections.map(({ client }) => client?.close()))
    },
  }
}
