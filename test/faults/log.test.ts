import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, type ServerProcess, startServer } from '../parts/server-process.ts'

/** Ways to start a program whose standard output and standard error cannot be written. */
const OUTPUTS: Record<string, string> = {
  'a full disk': 'exec "$@" >/dev/full 2>&1',
  'a closed pipe': 'exec "$@" > >(exec true) 2>&1',
  'no output at all': 'exec "$@" >&- 2>&-',
}

/** Checks that the server answers although each of these requests is logged. */
async function answers(server: ServerProcess): Promise<void> {
  for (let n = 0; n < 200; n++) {
    const refused = await server.fetch('/oauth/token', { method: 'POST', headers: { 'content-type': 'text/plain' } })
    assert.equal(refused.status, 400)
  }
  for (const path of ['/health/live', '/health/ready']) assert.equal((await server.fetch(path)).status, 200, path)
}

for (const [what, script] of Object.entries(OUTPUTS)) {
  test(`a log that cannot be written (${what}) stops neither the answers nor the end of the server`, async () => {
    const server = await startServer({
      databaseUrl: `sqlite:${join(makeFolder(), 'behalf.db')}`,
      wrapped: ['bash', '-c', script, 'bash'],
    })
    await answers(server)
    assert.ok(server.isRunning())
    server.signal('SIGTERM')
    assert.equal(await server.ended, 0)
  })
}

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
  test(`${signal} stops a server as a process of its own, and it says so`, async () => {
    const server = await startServer({ databaseUrl: 'sqlite::memory:' })
    server.signal(signal)
    assert.equal(await server.ended, 0)
    assert.deepEqual(
      server
        .logged()
        .map(({ msg }) => msg)
        .slice(-2),
      ['stopping', 'stopped'],
    )
  })
}

test('after the disk has room again, the log goes on and says how many lines were lost', async () => {
  const folder = makeFolder()
  const file = join(folder, 'log')
  // The size of a file that the process may write is limited, as on a disk that is full, and then not any more.
  const server = await startServer({
    databaseUrl: 'sqlite::memory:',
    wrapped: ['bash', '-c', `ulimit -S -f 8; exec "$@" >>${file} 2>&1`, 'bash'],
  })
  await answers(server)
  assert.ok(readFileSync(file).length <= 8192)
  const { execFileSync } = await import('node:child_process')
  execFileSync('prlimit', ['--pid', String(server.pid), '--fsize=unlimited'])
  await answers(server)
  server.signal('SIGTERM')
  assert.equal(await server.ended, 0)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  assert.match(lines.at(-1)!, /"stopped"/)
  assert.ok(lines.some((line) => /"lines":\d+,"msg":"log lines were lost"/.test(line)))
})
