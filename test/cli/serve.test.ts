import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { behalf, serve, start, tempFolder, until } from './behalf.ts'

const SECRET = 'f3a1c05d9be8472660aa17c4d95e3b82'

/** A connection of our own, with all that came over it. */
async function dial(port: number): Promise<{ socket: Socket; heard: () => string; closed: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  socket.on('error', () => {})
  return { socket, heard: () => heard, closed: once(socket, 'close') }
}

const BODY = '{"grant_type":"authorization_code"}'
const HEAD = `POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`

describe('a running server', () => {
  test('says where it is, is ready, and a port in use is named to the next one', async () => {
    const cwd = tempFolder()
    const { url, port, child, said, ended } = await serve({ cwd })
    assert.equal((await fetch(`${url}/health/ready`)).status, 200)
    const issuer = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as { issuer: string }
    assert.equal(issuer.issuer, `http://localhost:${port}`)
    const second = await behalf(['serve'], { cwd, env: { BEHALF_PORT: String(port) } })
    assert.equal(second.code, 1)
    assert.match(second.stderr, new RegExp(`Port ${port} is in use`))
    child.kill('SIGTERM')
    assert.equal((await ended).code, 0)
    assert.equal(said.stdout.trim().split('\n').length, 1)
    for (const line of said.stderr.trim().split('\n')) JSON.parse(line)
    assert.match(said.stderr, /"msg":"stopped"/)
  })

  test('what is no HTTP, or too much of it, is refused and the connection ends', async () => {
    const { port, child, ended } = await serve({ cwd: tempFolder() })
    for (const [sent, status] of [
      ['NONSENSE\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      ['GET / HTTP/1.1\r\n\r\n', 400],
      [
        'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        400,
      ],
    ] as const) {
      const { socket, heard, closed } = await dial(port)
      socket.write(sent)
      await closed
      assert.match(heard(), new RegExp(`^HTTP/1.1 ${status} `))
      assert.match(heard(), /connection: close/i)
    }
    child.kill('SIGINT')
    assert.equal((await ended).code, 0)
  })
})

describe('stopping', () => {
  test('a request under way finishes, with the word that the connection ends; nothing new is accepted', async () => {
    const { port, child, ended } = await serve({ cwd: tempFolder() })
    const [silent, idle, busy] = [await dial(port), await dial(port), await dial(port)]
    idle.socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await until('the first answer', () => idle.heard().includes('200 OK'))
    busy.socket.write(HEAD + BODY.slice(0, 10))
    await pause(100)

    child.kill('SIGTERM')
    await Promise.all([silent.closed, idle.closed])
    await assert.rejects(fetch(`http://127.0.0.1:${port}/health/live`))
    assert.equal(child.exitCode, null)

    busy.socket.write(BODY.slice(10))
    await busy.closed
    assert.match(busy.heard(), /^HTTP\/1.1 400 /)
    assert.match(busy.heard(), /connection: close/i)
    assert.match(busy.heard(), /"error":"invalid_request"/)
    assert.equal((await ended).code, 0)
  })

  test('under load no request fails but those that come too late to be accepted', async () => {
    const { port, child, ended } = await serve({ cwd: tempFolder() })
    const agent = new Agent({ keepAlive: true })
    const failures: string[] = []
    let answered = 0
    const tryCredentials = async () => {
      let isTurnedAway = false
      for (;;) {
        const code = await new Promise<string>((resolve) => {
          const asked = request({ port, host: '127.0.0.1', path: '/health/live', agent }, (answer) =>
            answer.resume().on('end', () => resolve(String(answer.statusCode))),
          )
          asked
            .on('error', (error: NodeJS.ErrnoException) => {
              resolve(`${error.code ?? error.message}${asked.reusedSocket ? ' on a connection that was kept' : ''}`)
            })
            .end()
        })
        if (code === 'ECONNREFUSED') return
        // Whoever still stood at the door when it closed is turned away unheard by the system; then it is closed for good.
        if (isTurnedAway) failures.push(`${code} after the door had closed`)
        if (code === '200') answered++
        else if (code === 'ECONNRESET') isTurnedAway = true
        else failures.push(code)
      }
    }
    const visitors = Array.from({ length: 8 }, tryCredentials)
    await until('there is load', () => answered > 200)
    child.kill('SIGTERM')
    await Promise.all(visitors)
    agent.destroy()
    assert.deepEqual(failures, [])
    assert.equal((await ended).code, 0)
  })

  test('with a delay it says that it is not ready while it still serves, so that a load balancer notices', async () => {
    const { url, child, ended } = await serve({ cwd: tempFolder(), env: { BEHALF_STOP_DELAY: '2' } })
    child.kill('SIGTERM')
    await until('not ready', async () => (await fetch(`${url}/health/ready`)).status === 503)
    assert.equal((await fetch(`${url}/oauth/jwks`)).status, 200)
    assert.equal((await ended).code, 0)
  })

  test('a request that never ends is cut off when the time is up', async () => {
    const { port, child, said, ended } = await serve({ cwd: tempFolder(), env: { BEHALF_STOP_TIMEOUT: '1' } })
    const { socket, closed } = await dial(port)
    socket.write(HEAD)
    await pause(100)
    child.kill('SIGTERM')
    await closed
    assert.equal((await ended).code, 0)
    assert.match(said.stderr, /requests were cut off/)
  })

  test('a second signal ends it at once', async () => {
    const { port, child, ended } = await serve({ cwd: tempFolder(), env: { BEHALF_STOP_TIMEOUT: '60' } })
    const { socket } = await dial(port)
    socket.write(HEAD)
    await pause(100)
    child.kill('SIGTERM')
    await pause(700)
    assert.equal(child.exitCode, null)
    child.kill('SIGTERM')
    assert.equal((await ended).code, 1)
  })
})

describe('trouble', () => {
  test('without its database it lives, is not ready, and stops when told', async () => {
    const port = 20_000 + Math.floor(Math.random() * 30_000)
    const env = {
      BEHALF_PORT: String(port),
      BEHALF_SECRET: SECRET,
      BEHALF_DATABASE_URL: 'postgres://127.0.0.1:1/none',
    }
    const { child, said, ended } = start(['serve'], { cwd: tempFolder(), env })
    await until('it lives', () =>
      fetch(`http://127.0.0.1:${port}/health/live`).then(
        (answer) => answer.ok,
        () => false,
      ),
    )
    const [ready, token] = await Promise.all([
      fetch(`http://127.0.0.1:${port}/health/ready`),
      fetch(`http://127.0.0.1:${port}/oauth/token`, { method: 'POST' }),
    ])
    assert.deepEqual([ready.status, token.status], [503, 503])
    assert.ok(Number(token.headers.get('retry-after')) > 0)
    assert.equal(((await token.json()) as { error: string }).error, 'temporarily_unavailable')
    await until('it says why', () => /database/i.test(said.stdout))
    child.kill('SIGTERM')
    assert.equal((await ended).code, 0)
  })

  test('an error that nobody foresaw is logged and ends the process', async () => {
    const escaping = "data:text/javascript,setTimeout(()=>{Promise.reject(new Error('escaped'))},300)"
    const { code, stdout } = await behalf(['serve'], {
      cwd: tempFolder(),
      env: { BEHALF_PORT: '0' },
      node: ['--import', escaping],
    })
    assert.equal(code, 1)
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!)
    assert.deepEqual([last.level, last.origin, last.err.message], ['fatal', 'unhandledRejection', 'escaped'])
  })
})
