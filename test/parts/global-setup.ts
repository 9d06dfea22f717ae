import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type PostgresServer, startPostgres } from './postgres.ts'

let server: Promise<PostgresServer> | undefined
let door: Server | undefined

/** Before the first test file: opens a door at which test files ask for the run's PostgreSQL; the first knock starts it. */
export async function globalSetup(): Promise<void> {
  door = createServer(async (_request, response) => {
    try {
      server ??= startPostgres()
      response.end((await server).url)
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  await new Promise<void>((resolve) => door?.listen(0, '127.0.0.1', resolve))
  process.env.TEST_POSTGRES = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
}

/** After the last one, and on Ctrl-C, where the test runner may call it twice. */
export async function globalTeardown(): Promise<void> {
  door?.closeAllConnections()
  door?.close()
  await (await server?.catch(() => undefined))?.stop()
}
