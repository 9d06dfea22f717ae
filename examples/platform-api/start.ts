import { readFileSync } from 'node:fs'
import { startPlatformApi } from './platform-api.ts'

/** Starts the API from the environment: PORT, HOST, AUTHORIZATION_SERVER and CLIENTS_FILE (see README.md). */
const { PORT = '7400', HOST = '127.0.0.1', AUTHORIZATION_SERVER = 'http://localhost:7200', CLIENTS_FILE } = process.env

const api = await startPlatformApi({
  port: Number(PORT),
  host: HOST,
  authorizationServer: AUTHORIZATION_SERVER,
  clients: CLIENTS_FILE ? JSON.parse(readFileSync(CLIENTS_FILE, 'utf8')) : {},
})
console.log(`The sample API listens on http://localhost:${PORT}/platform/v1/clients`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void api.stop())
