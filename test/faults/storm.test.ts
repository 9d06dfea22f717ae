import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { type SeededCode, seed } from '../parts/seeded.ts'
import { makeFolder, type ServerProcess, startServer } from '../parts/server-process.ts'
import { inTurns } from './exchange-load.ts'
import { malformed } from './malformed.ts'

const CONNECTIONS = Number(process.env.TEST_STORM ?? 2000)
const STALLED = 300

test('a storm of malformed input leaves the same process alive and serving, without a single 500', async (t) => {
  const { server, token } = await build()
  const statuses = new Map<string, number>()
  await inTurns(
    Array.from({ length: CONNECTIONS }, (_, index) => index),
    async (index) => {
      const answer = await throwAt(server, malformed(index), index % 4 === 0)
      for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm))
        statuses.set(status!, (statuses.get(status!) ?? 0) + 1)
    },
    50,
  )
  assert.deepEqual(
    [...statuses.keys()].filter((status) => status >= '500' && status !== '501' && status !== '505'),
    [],
  )
  assert.ok(server.isRunning())
  assert.equal((await userinfo(server, token)).status, 200)
  assert.deepEqual(
    server.logged().filter(({ level }) => level === 'error' || level === 'fatal'),
    [],
  )
  const counts = [...statuses].sort().map(([status, count]) => `${count} × ${status}`)
  t.diagnostic(`${CONNECTIONS} connections: ${counts.join(', ')}`)
})

test('connections that stall half-way do not delay healthy ones, and are closed', async (t) => {
  const { server, token } = await build()
  const stalled = Array.from({ length: STALLED }, (_, index) => {
    const line = openRaw(server)
    t.after(() => line.socket.destroy())
    if (index % 3 > 0) line.socket.write('POST /oauth/token HTTP/1.1\r\nHost: here\r\n')
    // A connection that sends a byte now and then stalls as well.
    const drip = index % 3 > 1 ? setInterval(() => line.socket.write('X'), 500) : undefined
    return line.received.finally(() => clearInterval(drip))
  })
  let worst = 0
  const until = Date.now() + 2000
  while (Date.now() < until) {
    const begun = performance.now()
    assert.equal((await userinfo(server, token)).status, 200)
    worst = Math.max(worst, performance.now() - begun)
    await sleep(10)
  }
  assert.ok(worst < 1000, `${worst} ms`)
  const begun = performance.now()
  const answers = await Promise.all(stalled)
  assert.ok(
    answers.every((answer) => answer === '' || answer.startsWith('HTTP/1.1 408 ')),
    answers.join(),
  )
  const took = Math.round(2000 + performance.now() - begun)
  assert.ok(took < 20_000, `it took ${took} ms`)
  t.diagnostic(
    `healthy answers within ${Math.round(worst)} ms; the last of ${STALLED} stalled connections ended after ${took} ms`,
  )
})

async function build() {
  const databaseUrl = `sqlite:${join(makeFolder(), 'behalf.db')}`
  const seeded = await seed(databaseUrl)
  const [{ code }] = (await seeded.makeCodes(1)) as [SeededCode]
  const server = await startServer({ databaseUrl })
  const { access_token: token } = await read(exchange(server, seeded.app, code))
  return { server, token: token as string }
}

/** Sends the bytes and reads the response for a moment. Some connections close without reading, as a crashing client does. */
function throwAt(server: ServerProcess, bytes: Buffer, isRude: boolean): Promise<string> {
  const { socket, received } = openRaw(server)
  socket.once('connect', () => {
    socket.write(bytes)
    if (!isRude) socket.end()
    const timer = setTimeout(() => socket.resetAndDestroy(), isRude ? 5 : 150)
    socket.once('close', () => clearTimeout(timer))
  })
  return received
}

/** A connection without any library, and everything it receives until it ends. */
function openRaw({ port }: ServerProcess): { socket: Socket; received: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (piece) => {
    text += piece
  })
  socket.on('error', () => {})
  return { socket, received: new Promise((resolve) => socket.once('close', () => resolve(text))) }
}
