import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type PostgresServer, startPostgres } from './postgres.ts'

let server: Promise<PostgresServer> | undefined
let door: Server | undefined

/** Runs before the first test file: opens a socket where test files ask for the PostgreSQL of the run; the first request starts it. */
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

/** Runs after the last one and on Ctrl-C. The test runner may call it twice. */
export async function globalTeardown(): Promise<void> {
  door?.closeAllConnections()
  door?.close()
  await (await server?.catch(() => undefined))?.stop()
}
