import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Param, Row } from './db.ts'

const names = new Map<string, string>()

/** Every statement has its own name, because a connection refuses two statements of one name. */
function nameOf(text: string): string {
  let name = names.get(text)
  if (!name) {
    name = `s${names.size}`
    names.set(text, name)
  }
  return name
}

/** Numbers up to 2⁵³ are exact, and no column holds a larger one. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

/**
 * A pipelined connection to PostgreSQL: each statement is sent without waiting for the previous answers, and the statements of one turn of the
 * event loop are sent together.
 */
export class PipelinedClient extends pg.Client {
  readonly #socket: Socket
  #isGathering = false

  constructor(config: pg.ClientConfig = {}) {
    const socket = new Socket()
    const ours = { types, pipeline: true, keepAlive: true, keepAliveInitialDelayMillis: 60_000, stream: () => socket }
    super({ fallback_application_name: 'behalf', ...config, ...ours })
    this.#socket = socket
    // A running statement reports the error. An error while no statement runs must not end the process.
    this.on('error', () => {})
  }

  /** Sends a prepared statement, or without parameters a script. */
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

  /** Closes the connection after the running statements, or the socket when the server does not answer in two seconds. */
  async close(): Promise<void> {
    await Promise.race([this.end().catch(() => {}), sleep(2000, undefined, { ref: false })])
    this.destroy()
  }

  /** Closes the socket at once. */
  destroy(): void {
    this.#socket.destroy()
  }
}
