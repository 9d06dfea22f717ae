import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isOAuthError } from '../parts/answers.ts'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { askDatabase } from '../parts/ask-database.ts'
import { type Seeded, type SeededCode, seed } from '../parts/seeded.ts'
import { makeFolder, type ServerProcess, startServer } from '../parts/server-process.ts'
import { beginLoad, checkBooks, checkRemembered, retryOpen } from './exchange-load.ts'
import { lock } from './lock.ts'

test('a write waits while another process holds the lock, and reads do not', async () => {
  const { file, server, seeded } = await build({ BEHALF_DATABASE_TIMEOUT: '30' })
  const [first, ...codes] = await seeded.makeCodes(9)
  const { access_token: token } = await read(exchange(server, seeded.app, first!.code))
  const release = lock(file)
  let isWaiting = true
  const exchanges = Promise.all(codes.map(({ code }) => exchange(server, seeded.app, code))).finally(() => {
    isWaiting = false
  })
  for (let asked = 0; asked < 50; asked++) {
    assert.equal((await userinfo(server, token)).status, 200)
    await sleep(10)
  }
  assert.ok(isWaiting)
  release()
  for (const { status } of await exchanges) assert.equal(status, 200)
  checkCalm(server)
})

test('a server starts while another process holds the lock', async () => {
  const { file, server } = await build()
  server.signal('SIGTERM')
  await server.ended
  const release = lock(file)
  const again = await startServer({ databaseUrl: `sqlite:${file}` })
  release()
  checkCalm(again)
})

test('a lock that is held too long causes a 503 that changes nothing, and the server recovers', async () => {
  const { file, server, seeded } = await build({ BEHALF_DATABASE_TIMEOUT: '1' })
  const codes = await seeded.makeCodes(8)
  const release = lock(file)
  const begun = performance.now()
  const answers = await Promise.all(codes.map(({ code }) => exchange(server, seeded.app, code)))
  assert.ok(performance.now() - begun < 3000)
  for (const answer of answers) {
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    await isOAuthError(answer, 503, 'temporarily_unavailable')
  }
  release()
  assert.equal((await retryOpen(server, seeded, codes)).length, codes.length)
  await checkBooks(`sqlite:${file}`)
  checkCalm(server)
})

test('another process that keeps writing causes no failed request', async () => {
  const { file, server, seeded } = await build()
  const load = beginLoad(server, seeded, await seeded.makeCodes(400))
  const other = new DatabaseSync(file, { timeout: 5000 })
  let isOver = false
  const writing = (async () => {
    while (!isOver) {
      other.exec("begin immediate; insert into attempts values ('other', 1, 1) on conflict do nothing")
      await sleep(3)
      other.exec("delete from attempts where key = 'other'; commit")
      await sleep(1)
    }
    other.close()
  })()
  await load.done
  isOver = true
  await writing
  assert.deepEqual([...load.ledger.statuses], [[200, 400]])
  await checkRemembered(server, load.ledger.acknowledged)
})

test('when the file may not grow, writes get a 503, reads work, and writes work again when there is room', async (t) => {
  if (spawnSync('prlimit', ['--version']).status !== 0) return t.skip('There is no prlimit here.')
  const { file, seeded, codes } = await seedFile()
  const wrapped = ['prlimit', `--fsize=${statSync(file).size + ROOM}:unlimited`]
  const server = await startServer({ databaseUrl: `sqlite:${file}`, wrapped })
  const held = await fillUp(server, seeded, codes)
  spawnSync('prlimit', ['--pid', String(server.pid), '--fsize=unlimited:unlimited'])
  const good = await goOn(server, seeded, held)
  await server.kill()
  await checkFile(file, good)
})

test('when the disk is full, writes get a 503, reads work, and writes work again when there is room', async (t) => {
  const { file, seeded, codes } = await seedFile()
  const disk = join(makeFolder(), 'disk')
  mkdirSync(disk)
  const size = statSync(file).size + BALLAST + ROOM
  // The file system belongs to this server, and is removed with it.
  const script = `mount -t tmpfs -o size=${size} tmpfs ${disk} && cp ${file} ${disk} && head -c ${BALLAST} /dev/zero > ${disk}/ballast && exec "$@"`
  const apart = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]
  const wrapped = [...apart, 'sh', '-c', script, 'sh']
  const [command, ...rest] = [...wrapped, 'true']
  if (spawnSync(command!, rest).status !== 0) return t.skip('A disk of its own cannot be mounted here.')
  const server = await startServer({ databaseUrl: `sqlite:${join(disk, 'behalf.db')}`, wrapped })
  const inside = `/proc/${server.pid}/root${disk}`
  const held = await fillUp(server, seeded, codes)
  rmSync(join(inside, 'ballast'))
  const good = await goOn(server, seeded, held)
  server.signal('SIGSTOP')
  const copy = makeFolder()
  cpSync(inside, copy, { recursive: true })
  await server.kill()
  await checkFile(join(copy, 'behalf.db'), good)
})

/** Bytes to write until the disk is full, and to free afterwards. */
const ROOM = 400_000
const BALLAST = 4_000_000

type Token = SeededCode & { token: string }

interface Held {
  good: Token[]
  refused: SeededCode[]
}

/** Exchanges codes until the disk is full. From then on every exchange gets a 503, and reads are unchanged. */
async function fillUp(server: ServerProcess, seeded: Seeded, codes: readonly SeededCode[]): Promise<Held> {
  const load = beginLoad(server, seeded, codes.slice(20), 8)
  const { acknowledged, open, statuses } = load.ledger
  let isDone = false
  load.done.then(() => {
    isDone = true
  })
  while (!statuses.has(503) && !isDone) await sleep(1)
  load.stop()
  await load.done
  assert.deepEqual([...statuses.keys()].sort(), [200, 503])
  const refused = [...open]
  for (const code of codes.slice(0, 20)) {
    const answer = await exchange(server, seeded.app, code.code)
    if (answer.status === 200) {
      // A small write may still fit where a larger one did not.
      acknowledged.push({ ...code, token: (await read(answer)).access_token })
      continue
    }
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    await isOAuthError(answer, 503, 'temporarily_unavailable')
    refused.push(code)
  }
  await checkRemembered(server, acknowledged)
  assert.equal((await server.fetch('/health/live')).status, 200)
  return { good: acknowledged, refused }
}

/** Checks that everything works again in the same process, and that refused requests changed nothing. */
async function goOn(server: ServerProcess, seeded: Seeded, { good, refused }: Held): Promise<Token[]> {
  const usable = await retryOpen(server, seeded, refused)
  assert.equal(usable.length, refused.length)
  const all = [...good, ...usable]
  await checkRemembered(server, all)
  assert.equal((await server.fetch('/health/ready')).status, 200)
  checkCalm(server)
  return all
}

/** Checks that every acknowledged write is complete, and that the next server finds it. */
async function checkFile(file: string, good: readonly Token[]): Promise<void> {
  const databaseUrl = `sqlite:${file}`
  const server = await startServer({ databaseUrl })
  await checkRemembered(server, good)
  await checkBooks(databaseUrl)
  assert.deepEqual(
    (await askDatabase(databaseUrl, 'pragma integrity_check')).map((row) => row.integrity_check),
    ['ok'],
  )
}

async function build(env: Record<string, string> = {}) {
  const file = join(makeFolder(), 'behalf.db')
  const seeded = await seed(`sqlite:${file}`)
  const server = await startServer({ databaseUrl: `sqlite:${file}`, env })
  return { file, server, seeded }
}

async function seedFile() {
  const file = join(makeFolder(), 'behalf.db')
  const seeded = await seed(`sqlite:${file}`)
  return { file, seeded, codes: await seeded.makeCodes(1500) }
}

function checkCalm(server: ServerProcess): void {
  assert.deepEqual(
    server.logged().filter(({ level }) => level === 'error' || level === 'fatal'),
    [],
  )
}
