import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Db, Param, Row, Step } from './db.ts'
import { PipelinedClient } from './pipelined-client.ts'
import { asRefusal, isLost, isStale, isTurnLost, unreachable } from './postgres-faults.ts'
import { openPostgresReadConnections } from './postgres-read-connections.ts'

/**
 * PostgreSQL, for many servers on one database. Of `pool` connections, at least two, all reads share some, and each of the others serves one
 * write at a time. No answer takes longer than `timeout` seconds.
 */
export function openPostgres(url: string, pool: number, timeout: number): Db {
  const patience = timeout * 1000
  const config: pg.ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    // The server stops a little earlier, which costs only the statement and not the connection.
    statement_timeout: Math.round(patience * 0.9),
    idle_in_transaction_session_timeout: patience,
  }
  const readCount = Math.max(1, Math.min(4, Math.floor(pool / 3)))
  const readers = openPostgresReadConnections(config, readCount, patience)
  const max = Math.max(1, pool - readCount)
  const writers = new pg.Pool({ ...config, Client: PipelinedClient, max, idleTimeoutMillis: 60_000 })
  const clients = new Set<PipelinedClient>()
  writers.on('error', () => {})
  writers.on('connect', (client) => {
    const opened = client as unknown as PipelinedClient
    clients.add(opened)
    opened.once('end', () => clients.delete(opened))
  })

  const read = async (text: string, params: readonly Param[]): Promise<Row[]> => {
    try {
      return await readers.read(text, params)
    } catch (error) {
      throw asRefusal(error)
    }
  }

  const write = async (steps: readonly Step[]): Promise<Row[][] | undefined> => {
    const client = await writers.connect().catch((error) => {
      throw unreachable(error)
    })
    let fault: unknown
    try {
      return await perform(client as unknown as PipelinedClient, steps)
    } catch (error) {
      fault = error
      throw error
    } finally {
      client.release(fault !== undefined && (isLost(fault) || isStale(fault)))
    }
  }

  return {
    engine: 'postgres',
    one: async (text, params) => (await read(text, params))[0],
    all: read,
    // Writes of other servers are not seen here, so nothing is cached.
    async ask({ sql, link, make }, params) {
      const rows = await read(link?.joined ?? sql, params)
      if (rows.length === 0) return undefined
      return make(rows, link && rows[0]!.found !== null ? link.to.make(rows, undefined) : undefined)
    },
    async write(steps) {
      for (let tries = 1; ; tries++) {
        try {
          return await write(steps)
        } catch (error) {
          // Both undo all that was done before, so nothing is done twice.
          if (tries === 5 || !(isTurnLost(error) || isStale(error))) throw asRefusal(error)
          await sleep(Math.random() * 10 * 2 ** tries)
        }
      }
    },
    async migrate(work) {
      const client = new PipelinedClient({ connectionString: url, connectionTimeoutMillis: patience })
      const ask = async (text: string, params?: readonly Param[]): Promise<Row[]> => {
        try {
          return (await client.ask(text, params)).rows
        } catch (error) {
          throw asRefusal(error)
        }
      }
      try {
        await client.connect().catch((error) => {
          throw unreachable(error)
        })
        // Another server may hold the lock, and a table may be long, so there is no timeout.
        await ask('begin isolation level read committed; set local statement_timeout = 0; set local lock_timeout = 0')
        // Every version of Behalf uses this number.
        await ask('select pg_advisory_xact_lock(7200720072)')
        await work(async (script) => void (await ask(inBytes(script))), ask)
        await ask('commit')
      } finally {
        // Closing the connection undoes what was not committed.
        await client.close()
      }
    },
    async close() {
      const closed = Promise.allSettled([readers.close(), writers.ended || writers.ending ? undefined : writers.end()])
      await Promise.race([closed, sleep(2000, undefined, { ref: false })])
      for (const client of clients) client.destroy()
    },
  }
}

/**
 * Does the steps in one transaction. They are sent together. The commit waits for the answers only if a step is a `must`. The first step that fails
 * decides, because the steps after it are not done.
 */
async function perform(client: PipelinedClient, steps: readonly Step[]): Promise<Row[][] | undefined> {
  const isAlone = steps.length === 1
  const mayBeUndone = steps.some(({ must }) => must)
  const before = isAlone ? [] : [client.ask('begin')]
  const asked = steps.map(({ sql, params }) => client.ask(sql, params))
  const after = isAlone || mayBeUndone ? [] : [client.ask('commit')]
  const answers = await Promise.allSettled([...before, ...asked, ...after])
  const rows: Row[][] = []
  for (const [index, answer] of answers.entries()) {
    const step = steps[index - before.length]
    const isUndone = answer.status === 'fulfilled' && step?.must && answer.value.rowCount === 0
    if (answer.status === 'rejected' || isUndone) {
      // Not awaited: the next use of the connection is sent behind it.
      if (!isAlone && mayBeUndone) client.ask('rollback').catch(() => {})
      if (answer.status === 'rejected') throw answer.reason
      return undefined
    }
    if (step) rows.push(answer.value.rows)
  }
  if (!isAlone && mayBeUndone) await client.ask('commit')
  return rows
}

/**
 * Compares and orders text by its bytes, as SQLite does, so that pages are the same on both engines and no index breaks when the locale of the
 * system changes.
 */
function inBytes(script: string): string {
  return script.replaceAll(/(?<=\w )text\b/g, 'text collate "C"')
}
