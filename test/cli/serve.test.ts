import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { behalf, serve, start, tempFolder, until } from './behalf.ts'

const SECRET = 'f3a1c05d9be8472660aa17c4d95e3b82'

/** Opens a TCP connection. `heard` returns everything that was received. */
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
  test('prints its URL and is ready; a second server says that the port is in use', async () => {
    const cwd = tempFolder()
    const { url, port, child, output, ended } = await serve({ cwd })
    assert.equal((await fetch(`${url}/health/ready`)).status, 200)
    const issuer = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as { issuer: string }
    assert.equal(issuer.issuer, `http://localhost:${port}`)
    const second = await behalf(['serve'], { cwd, env: { BEHALF_PORT: String(port) } })
    assert.equal(second.code, 1)
    assert.match(second.stderr, new RegExp(`Port ${port} is in use`))
    child.kill('SIGTERM')
    assert.equal((await ended).code, 0)
    assert.equal(output.stdout.trim().split('\n').length, 1)
    for (const line of output.stderr.trim().split('\n')) JSON.parse(line)
    assert.match(output.stderr, /"msg":"stopped"/)
  })

  test('invalid HTTP and oversized headers are refused, and the connection is closed', async () => {
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
  test('a request in progress finishes with `Connection: close`; new connections are refused', async () => {
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

  test('under load no request fails, except those that arrive after the port is closed', async () => {
    const { port, child, ended } = await serve({ cwd: tempFolder() })
    const agent = new Agent({ keepAlive: true })
    const failures: string[] = []
    let answered = 0
    const sendRequests = async () => {
      let isReset = false
      for (;;) {
        const code = await new Promise<string>((resolve) => {
          const asked = request({ port, host: '127.0.0.1', path: '/health/live', agent }, (answer) =>
            answer.resume().on('end', () => resolve(String(answer.statusCode))),
          )
          asked
            .on('error', (error: NodeJS.ErrnoException) => {
              resolve(`${error.code ?? error.message}${asked.reusedSocket ? ' on a reused connection' : ''}`)
            })
            .end()
        })
        if (code === 'ECONNREFUSED') return
        // The system resets connections that were still waiting when the port closed. After that, every connection is refused.
        if (isReset) failures.push(`${code} after the port was closed`)
        if (code === '200') answered++
        else if (code === 'ECONNRESET') isReset = true
        else failures.push(code)
      }
    }
    const clients = Array.from({ length: 8 }, sendRequests)
    await until('there is load', () => answered > 200)
    child.kill('SIGTERM')
    await Promise.all(clients)
    agent.destroy()
    assert.deepEqual(failures, [])
    assert.equal((await ended).code, 0)
  })

  test('with BEHALF_STOP_DELAY the server is not ready but still serves, so that a load balancer notices', async () => {
    const { url, child, ended } = await serve({ cwd: tempFolder(), env: { BEHALF_STOP_DELAY: '2' } })
    child.kill('SIGTERM')
    await until('not ready', async () => (await fetch(`${url}/health/ready`)).status === 503)
    assert.equal((await fetch(`${url}/oauth/jwks`)).status, 200)
    assert.equal((await ended).code, 0)
  })

  test('a request that does not finish is cut off after BEHALF_STOP_TIMEOUT', async () => {
    const { port, child, output, ended } = await serve({ cwd: tempFolder(), env: { BEHALF_STOP_TIMEOUT: '1' } })
    const { socket, closed } = await dial(port)
    socket.write(HEAD)
    await pause(100)
    child.kill('SIGTERM')
    await closed
    assert.equal((await ended).code, 0)
    assert.match(output.stderr, /requests were cut off/)
  })

  test('a second signal ends the process at once', async () => {
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

describe('failures', () => {
  test('without a database the server is alive but not ready, and stops on a signal', async () => {
    const port = 20_000 + Math.floor(Math.random() * 30_000)
    const env = {
      BEHALF_PORT: String(port),
      BEHALF_SECRET: SECRET,
      BEHALF_DATABASE_URL: 'postgres://127.0.0.1:1/none',
    }
    const { child, output, ended } = start(['serve'], { cwd: tempFolder(), env })
    await until('the server is alive', () =>
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
    await until('it logs why', () => /database/i.test(output.stdout))
    child.kill('SIGTERM')
    assert.equal((await ended).code, 0)
  })

  test('an unexpected error is logged and ends the process', async () => {
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
