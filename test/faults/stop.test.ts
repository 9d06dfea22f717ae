import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { openLine } from '../parts/line.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { type Seeded, type SeededCode, seed } from '../parts/seeded.ts'
import { makeFolder, type ServerProcess, startServer } from '../parts/server-process.ts'
import { checkBooks, checkRemembered } from './exchange-load.ts'
import { lock } from './lock.ts'

const databases = { sqlite: async () => `sqlite:${join(makeFolder(), 'behalf.db')}`, postgres: freshDatabase }

for (const [engine, makeDatabase] of Object.entries(databases)) {
  test(`a server on ${engine} that is stopped under load finishes every answer, closes every connection properly, and exits with 0`, async (t) => {
    const databaseUrl = await makeDatabase()
    const seeded = await seed(databaseUrl)
    const codes = await seeded.makeCodes(400)
    const server = await startServer({ databaseUrl })
    const clients = Array.from({ length: 24 }, (_, index) =>
      beginClient(server, seeded, codes, index % 3 === 0 ? 5 : 0),
    )
    while (clients.some(({ client }) => client.answers < 5 && !client.broken)) await sleep(10)
    const stoppedAt = performance.now()
    server.signal('SIGTERM')
    await Promise.all(clients.map(({ done }) => done))
    assert.equal(await server.ended, 0)
    const took = Math.round(performance.now() - stoppedAt)
    const results = clients.map(({ client }) => client)
    assert.deepEqual(results.map(({ broken }) => broken).filter(Boolean), [])
    // A slow client may have found its idle connection closed, and the port closed as well.
    const unannounced = results.filter(({ isAnnounced }) => !isAnnounced).length
    assert.ok(unannounced <= 2, `${unannounced} clients got no announcement of the end of their connection`)
    assert.ok(took < 5000, `it took ${took} ms`)
    const tokens = results.flatMap((each) => each.tokens)
    t.diagnostic(
      `${results.reduce((sum, { answers }) => sum + answers, 0)} answers, none broken; stopped after ${took} ms`,
    )
    const next = await startServer({ databaseUrl })
    await checkRemembered(next, tokens)
    await checkBooks(databaseUrl)
  })
}

test('a server that is stopped is not ready first, finishes running requests, and does not wait for silent connections', async (t) => {
  const { file, server, seeded } = await build()
  const [{ code }] = (await seeded.makeCodes(1)) as [SeededCode]
  const watcher = openLine(server.origin, 1)
  t.after(() => watcher.hangUp())
  assert.equal((await watcher.ask('/health/ready')).status, 200)
  const silent = await openSocket(server)
  const silentEnd = once(silent, 'close')
  const release = lock(file)
  const waiting = exchange(server, seeded.app, code)
  const slow = await openSocket(server)
  const body = 'grant_type=authorization_code&code=x&client_id=y'
  slow.write(`${head(server, body.length)}${body.slice(0, 10)}`)
  await sleep(300)

  server.signal('SIGTERM')
  let ready = await watcher.ask('/health/ready')
  while (ready.ok) ready = await watcher.ask('/health/ready')
  assert.deepEqual([ready.status, ready.headers.get('connection')], [503, 'close'])
  await assert.rejects(
    async () => {
      for (;;) (await openSocket(server)).destroy()
    },
    // Refused by the closed port, or closed while the port was closing.
    ({ code }: NodeJS.ErrnoException) => code === 'ECONNREFUSED' || code === 'ECONNRESET',
  )
  await sleep(700)
  await silentEnd
  assert.ok(server.isRunning())
  release()
  assert.equal((await waiting).status, 200)
  slow.write(body.slice(10))
  const answer = await readAll(slow)
  assert.match(answer, /^HTTP\/1\.1 401 /)
  assert.match(answer, /\r\nconnection: close\r\n/i)
  const done = performance.now()
  assert.equal(await server.ended, 0)
  assert.ok(performance.now() - done < 2000)
})

test('requests that reach a busy server before it is stopped are answered', async (t) => {
  const { server } = await build()
  const kept = await Promise.all(Array.from({ length: 10 }, () => openSocket(server)))
  for (const socket of kept) await answerOn(socket, () => socket.write(get(server, '/health/live')))
  // The process is suspended, like one on an overloaded machine, while connections and requests queue up.
  server.signal('SIGSTOP')
  const fresh = await Promise.all(Array.from({ length: 20 }, () => openSocket(server)))
  t.after(() => [...kept, ...fresh].forEach((socket) => void socket.destroy()))
  const answers = [...kept, ...fresh].map((socket) => {
    socket.write(get(server, '/oauth/userinfo'))
    return readAll(socket)
  })
  server.signal('SIGTERM')
  await sleep(50)
  server.signal('SIGCONT')
  for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 401 /)
  assert.equal(await server.ended, 0)
})

test('a connection that sends nothing more is cut off after the grace period', async () => {
  const { server } = await build({ BEHALF_STOP_TIMEOUT: '1' })
  const stuck = await openSocket(server)
  stuck.write(`${head(server, 100)}grant_type=`)
  await sleep(100)
  const stoppedAt = performance.now()
  server.signal('SIGTERM')
  assert.equal(await server.ended, 0)
  const took = performance.now() - stoppedAt
  assert.ok(took > 900 && took < 4000, `it took ${took} ms`)
  assert.ok(server.logged().some(({ level, msg }) => level === 'warn' && msg === 'requests were cut off'))
})

test('a second signal ends the server immediately, with exit code 1', async () => {
  const { server } = await build()
  const stuck = await openSocket(server)
  stuck.write(`${head(server, 100)}grant_type=`)
  await sleep(100)
  server.signal('SIGTERM')
  await sleep(1200)
  assert.ok(server.isRunning(), 'it waits for the request')
  const stoppedAt = performance.now()
  server.signal('SIGINT')
  assert.equal(await server.ended, 1)
  assert.ok(performance.now() - stoppedAt < 1000)
})

async function build(env: Record<string, string> = {}) {
  const file = join(makeFolder(), 'behalf.db')
  const seeded = await seed(`sqlite:${file}`)
  const server = await startServer({ databaseUrl: `sqlite:${file}`, env })
  return { file, server, seeded }
}

async function openSocket({ port }: ServerProcess): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket.on('error', () => {})
}

function head({ port }: ServerProcess, length: number): string {
  return [
    'POST /oauth/token HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${length}`,
    '\r\n',
  ].join('\r\n')
}

function get({ port }: ServerProcess, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
}

async function answerOn(socket: Socket, ask: () => void): Promise<void> {
  const answered = once(socket, 'data')
  ask()
  await answered
}

async function readAll(socket: Socket): Promise<string> {
  let text = ''
  for await (const piece of socket.setEncoding('utf8')) text += piece
  return text
}

interface Client {
  answers: number
  tokens: (SeededCode & { token: string })[]
  broken: unknown
  isAnnounced: boolean
}

/** One kept connection, used until a response announces its end: a code, and some requests with its token. */
function beginClient(server: ServerProcess, { app }: Seeded, codes: SeededCode[], rest: number) {
  const line = openLine(server.origin, 1)
  const client: Client = { answers: 0, tokens: [], broken: undefined, isAnnounced: false }
  const note = async (answer: Response) => {
    assert.equal(answer.status, 200)
    client.answers++
    client.isAnnounced = answer.headers.get('connection') === 'close'
    await sleep(rest)
  }
  const work = async () => {
    try {
      while (!client.isAnnounced) {
        const code = codes.pop()
        if (code) {
          const answer = await exchange({ fetch: line.ask }, app, code.code)
          client.tokens.push({ ...code, token: (await read(answer.clone())).access_token })
          await note(answer)
        }
        const { token } = client.tokens.at(-1)!
        for (let asked = 0; asked < 4 && !client.isAnnounced; asked++)
          await note(await userinfo({ fetch: line.ask }, token))
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') client.broken = error
    } finally {
      line.hangUp()
    }
  }
  return { client, done: work() }
}
