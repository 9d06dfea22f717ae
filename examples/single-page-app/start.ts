import { startSinglePageApp } from './single-page-app.ts'

/** Starts the app from the environment (see README.md). */
const { PORT = '7600', HOST = '127.0.0.1', AUTHORIZATION_SERVER = 'http://localhost:7200', CLIENT_ID } = process.env
if (!CLIENT_ID) {
  console.error('Set CLIENT_ID to that of a public app whose redirect URI is http://localhost:7600/.')
  process.exit(1)
}
const app = await startSinglePageApp({
  port: Number(PORT),
  host: HOST,
  authorizationServer: AUTHORIZATION_SERVER,
  clientId: CLIENT_ID,
})
console.log(`The sample single-page app is at http://localhost:${app.port}/`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.stop())
