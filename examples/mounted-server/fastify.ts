import fastify from 'fastify'
import { openBehalf } from './open-behalf.ts'

const { behalf, close } = await openBehalf()
const app = fastify()

app.get('/hello', () => 'Hello from Fastify')
app.register(async (mounted) => {
  // Behalf reads the bodies itself, and refuses what is too large or malformed.
  mounted.removeAllContentTypeParsers()
  mounted.addContentTypeParser('*', (_request, _body, done) => done(null))
  mounted.all('/*', (request, reply) => {
    reply.hijack()
    behalf.handle(request.raw, reply.raw)
  })
})
app.addHook('onClose', close)

await app.listen({ port: Number(process.env.BEHALF_PORT), host: '127.0.0.1' })
console.log('listening')
process.once('SIGTERM', () => void app.close())
