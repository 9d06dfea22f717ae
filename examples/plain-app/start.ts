import { startPlainApp } from './plain-app.ts'

/** Starts the app from the environment (see README.md). */
const {
  PORT = '7300',
  HOST = '127.0.0.1',
  APP_URL = `http://localhost:${PORT}`,
  AUTHORIZATION_SERVER = 'http://localhost:7200',
  PLATFORM_API = 'http://localhost:7400',
  APP_NAME = 'A sample app',
  CLIENT_ID,
  CLIENT_SECRET,
} = process.env

if (!CLIENT_ID || !CLIENT_SECRET) {
  console.error('Set CLIENT_ID and CLIENT_SECRET to what you were given when you registered the app.')
  process.exit(2)
}
const app = await startPlainApp({
  port: Number(PORT),
  host: HOST,
  url: APP_URL,
  authorizationServer: AUTHORIZATION_SERVER,
  platformApi: PLATFORM_API,
  registrations: [{ slug: 'app', name: APP_NAME, note: '', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }],
})
console.log(`The sample app listens on ${APP_URL}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.stop())
