import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Listener, listen } from '../../src/http/listen.ts'
import { json } from '../../src/http/reply.ts'
import { openLine } from '../parts/line.ts'

test('an answer that was ready before a stop announces the end of the connection, and is sent before the server has stopped', async () => {
  let listener: Listener
  let stopped: Promise<boolean> | undefined
  const answer = async () => {
    // The answer is returned in this turn of the event loop and sent at its end; the stop comes between.
    queueMicrotask(() => queueMicrotask(() => process.nextTick(() => (stopped = listener.close(5)))))
    return json(200, { before: stopped === undefined })
  }
  listener = await listen({ answer, failed: assert.ifError }, { host: '127.0.0.1', port: 0 })
  const line = openLine(`http://127.0.0.1:${listener.port}`, 1)
  const response = await line.ask('/')
  assert.deepEqual([response.status, response.headers.get('connection')], [200, 'close'])
  assert.deepEqual(await response.json(), { before: true })
  assert.equal(await stopped, true)
  line.hangUp()
})

test('an answer that cannot be written is logged, and the client gets 500', async () => {
  const failures: unknown[] = []
  const handler = {
    answer: async () => json(200, {}, { 'x-broken': 'a\nb' }),
    failed: (error: unknown) => void failures.push(error),
  }
  const listener = await listen(handler, { host: '127.0.0.1', port: 0 })
  const line = openLine(`http://127.0.0.1:${listener.port}`, 1)
  const response = await line.ask('/')
  assert.deepEqual([response.status, await response.text()], [500, ''])
  assert.equal((failures[0] as NodeJS.ErrnoException).code, 'ERR_INVALID_CHAR')
  line.hangUp()
  await listener.close(5)
})
