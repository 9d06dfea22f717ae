import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { openBehalf } from './open-behalf.ts'

const { behalf, close } = await openBehalf()
const app = new Hono()

app.get('/hello', (context) => context.text('Hello from Hono'))
// `context.env.incoming` is Node's request: it has the address of the client.
app.all('*', (context) => behalf.fetch(context.req.raw, context.env as { incoming: unknown }))

const listener = serve({ fetch: app.fetch, port: Number(process.env.BEHALF_PORT), hostname: '127.0.0.1' }, () =>
  console.log('listening'),
)
process.once('SIGTERM', () => listener.close(() => void close()))
