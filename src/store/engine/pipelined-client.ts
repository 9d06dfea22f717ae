import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Param, Row } from './db.ts'

const names = new Map<string, string>()

/** Every text has one name, because a connection refuses two texts under one. */
function nameOf(text: string): string {
  let name = names.get(text)
  if (!name) {
    name = `s${names.size}`
    names.set(text, name)
  }
  return name
}

/** Numbers up to 2⁵³ are exact, and no column of ours holds more. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

/**
 * A connection to PostgreSQL on which several statements may be under way: each is sent without waiting for the answers to those
 * before it, and what is asked within one turn of the loop leaves together.
 */
export class PipelinedClient extends pg.Client {
  readonly #socket: Socket
  #isGathering = false

  constructor(config: pg.ClientConfig = {}) {
    const socket = new Socket()
    const ours = { types, pipeline: true, keepAlive: true, keepAliveInitialDelayMillis: 60_000, stream: () => socket }
    super({ fallback_application_name: 'behalf', ...config, ...ours })
    this.#socket = socket
    // A statement under way reports the error itself; one that comes while nothing is under way must not end the process.
    this.on('error', () => {})
  }

  /** Sends a prepared statement; without parameters, a script as it is. */
  ask(text: string, params?: readonly Param[]): Promise<pg.QueryResult<Row>> {
    if (!this.#isGathering) {
      this.#isGathering = true
      this.#socket.cork()
      process.nextTick(() => {
        this.#isGathering = false
        this.#socket.uncork()
      })
    }
    return params ? this.query<Row>({ name: nameOf(text), text, values: params as Param[] }) : this.query<Row>(text)
  }

  /** Closes the connection after what is under way; closes the socket when the server does not answer within two seconds. */
  async close(): Promise<void> {
    await Promise.race([this.end().catch(() => {}), sleep(2000, undefined, { ref: false })])
    this.destroy()
  }

  /** Closes the socket at once. */
  destroy(): void {
    this.#socket.destroy()
  }
}
