/**
 * Starts a server, warms it, floods it with malformed requests, and prints its memory (RSS) before, at the peak and 30 seconds after.
 * `npm run flood -- 200000` sets how many. On Linux only.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { malformed } from '../test/faults/malformed.ts'

const REQUESTS = Number(process.argv[2] ?? 200_000)
const PARALLEL = 64
const WARM_REQUESTS = 4000
const PAGE_BYTES = 4096
const PORT = Number(process.env.FLOOD_PORT ?? 17_271)
const origin = `http://127.0.0.1:${PORT}`

const folder = mkdtempSync(join(tmpdir(), 'behalf-flood-'))
const server = spawn(process.execPath, [resolve('bin/behalf.js'), 'serve'], {
  env: {
    ...process.env,
    // The launcher chooses the options of Node, unless there are some.
    NODE_OPTIONS: '',
    BEHALF_HOST: '127.0.0.1',
    BEHALF_PORT: String(PORT),
    BEHALF_ISSUER: origin,
    BEHALF_REGISTRATION: 'open',
    BEHALF_DATABASE_URL: process.env.BEHALF_DATABASE_URL ?? `sqlite:${join(folder, 'behalf.db')}`,
    BEHALF_SECRET: 'a-secret-for-a-flood-of-forty-characters-0',
  },
  stdio: ['ignore', 'ignore', 'inherit'],
})

/** The memory of the server, in MB. */
const memory = () => (Number(readFileSync(`/proc/${server.pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / 1e6
const MB = (value: number) => `${Math.round(value)} MB`

/** Runs the work so many times, a few at a time. */
async function many(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++).catch(() => {})
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
}

/** What programs and browsers send, some of it wrong. */
async function ordinary(n: number): Promise<void> {
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const asks = [
    () => fetch(`${origin}/login`),
    () => fetch(`${origin}/.well-known/openid-configuration`),
    () => fetch(`${origin}/oauth/authorize?client_id=x&redirect_uri=https://app.example/`),
    () => fetch(`${origin}/oauth/token`, { ...form, body: 'grant_type=authorization_code&code=x&client_id=x' }),
    () => fetch(`${origin}/oauth/userinfo`, { headers: { authorization: `Bearer ${n}` } }),
    () =>
      fetch(`${origin}/oauth/register`, { ...form, headers: { 'content-type': 'application/json' }, body: '{"a":' }),
  ]
  await (await asks[n % asks.length]!()).arrayBuffer()
}

/** Sends one malformed request on a connection of its own. Every tenth connection is aborted before the answer. */
function attack(n: number): Promise<void> {
  return new Promise((done) => {
    const socket = connect(PORT, '127.0.0.1')
    const end = () => {
      socket.destroy()
      done()
    }
    socket.on('error', end).on('close', end).on('data', end).setTimeout(1000, end)
    socket.write(malformed(n), () => {
      if (n % 10 === 0) end()
    })
  })
}

try {
  for (let tries = 0; ; tries++) {
    if (
      await fetch(`${origin}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break
    if (tries > 600) throw new Error('The server does not start.')
    await pause(100)
  }
  await many(WARM_REQUESTS, ordinary)
  await pause(5000)
  const before = memory()
  let peak = before
  const sampler = setInterval(() => {
    peak = Math.max(peak, memory())
  }, 250)
  const began = performance.now()
  await many(REQUESTS, attack)
  const seconds = (performance.now() - began) / 1000
  clearInterval(sampler)
  const atEnd = memory()
  await pause(30_000)
  const after = memory()
  console.log(`${REQUESTS} malformed requests in ${Math.round(seconds)} s`)
  console.log(`warm ${MB(before)}, peak ${MB(peak)}, at the end ${MB(atEnd)}, 30 s later ${MB(after)}`)
  console.log(`grew by ${MB(peak - before)} at most, and by ${MB(after - before)} in the end`)
} finally {
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}
