import express from 'express'
import { openBehalf } from './open-behalf.ts'

const { behalf, close } = await openBehalf()
const app = express()

// Your own routes come first. Behalf answers everything that they leave, and must come before anything that reads bodies.
app.get('/hello', (_request, response) => {
  response.send('Hello from Express')
})
app.use((request, response) => behalf.handle(request, response))

const listener = app.listen(Number(process.env.BEHALF_PORT), '127.0.0.1', () => console.log('listening'))
process.once('SIGTERM', () => listener.close(() => void close()))
