import { readFileSync } from 'node:fs'
import { startMcpServer } from './mcp-server.ts'

/** Starts the server from the environment (see README.md). */
const { PORT = '7500', HOST = '127.0.0.1', AUTHORIZATION_SERVER = 'http://localhost:7200', CLIENTS_FILE } = process.env
const { RESOURCE = `http://localhost:${PORT}/mcp`, CLIENT_ID, CLIENT_SECRET } = process.env
if (!CLIENT_ID || !CLIENT_SECRET) {
  console.error('Set CLIENT_ID and CLIENT_SECRET to what `behalf resource create` printed.')
  process.exit(1)
}

const server = await startMcpServer({
  port: Number(PORT),
  host: HOST,
  resource: RESOURCE,
  authorizationServer: AUTHORIZATION_SERVER,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  clients: CLIENTS_FILE ? JSON.parse(readFileSync(CLIENTS_FILE, 'utf8')) : {},
})
console.log(`The sample MCP server listens on ${RESOURCE}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop())
