import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../src/kit/refusal.ts'
import { Conflict } from '../../src/store/engine/db.ts'
import { newestSchema } from '../../src/store/engine/migrate.ts'
import { freshFile, freshUrl, open, openBelow } from './engines.ts'
import { issue, makePlace, NOW, newAccessToken, newApp, newApproval, newEvent, newPerson, newSecret } from './things.ts'

describe('another process that writes to the same SQLite file', () => {
  /** A second handle that has the write lock until it is let go. */
  const takeLock = (file: string) => {
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    return () => {
      other.exec('commit')
      other.close()
    }
  }

  it('is waited for, while reads and everything else go on', async () => {
    const file = freshFile()
    const store = await open(`sqlite:${file}`)
    const { app } = await makePlace(store)
    const letGo = takeLock(file)
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    let isWritten = false
    const writing = [1, 2, 3].map((index) => store.attempts.count('key', NOW, 60 + index))
    const written = Promise.all(writing).finally(() => {
      isWritten = true
    })
    for (const until = Date.now() + 1500; Date.now() < until; await sleep(20)) {
      assert.ok(await store.apps.findLive(app.uid))
      assert.equal(isWritten, false)
    }
    delay.disable()
    letGo()
    const counts = (await written).map(({ count }) => count)
    assert.deepEqual(counts, [1, 2, 3])
    assert.ok(delay.max / 1e6 < 1000, `the loop stood still for ${delay.max / 1e6} ms`)
  })

  it('for longer than the time-out makes writes unavailable, and nothing of them is done later', async () => {
    const file = freshFile()
    const store = await open(`sqlite:${file}`, { timeout: 1 })
    await store.attempts.count('key', NOW, 60)
    const letGo = takeLock(file)
    await assert.rejects(store.attempts.count('key', NOW, 60), (error) => {
      return error instanceof Refusal && error.status === 503 && error.headers?.['retry-after'] !== undefined
    })
    assert.equal((await store.examine()).schema, await newestSchema())
    letGo()
    assert.equal((await store.attempts.count('key', NOW, 60)).count, 2)
  })

  it('and has it wholly to itself is waited for when the file is opened, for a while', async () => {
    const file = freshFile()
    await (await open(`sqlite:${file}`)).close()
    const other = new DatabaseSync(file)
    other.exec('pragma locking_mode = exclusive; begin immediate; create table other (x integer); commit')
    await assert.rejects(open(`sqlite:${file}`, { timeout: 1 }), (error) => {
      return (
        error instanceof Refusal &&
        error.status === 503 &&
        error.message.includes(file) &&
        /locked/.test(String(error.cause))
      )
    })
    setTimeout(() => other.close(), 200)
    assert.equal((await (await open(`sqlite:${file}`)).examine()).schema, await newestSchema())
  })
})

it('an SQLite file and its companions are for the eyes of their owner', async () => {
  const file = join(freshFile(), 'deeper', 'behalf.db')
  await makePlace(await open(`sqlite:${file}`))
  for (const each of [file, `${file}-wal`, `${file}-shm`]) assert.equal(statSync(each).mode & 0o777, 0o600, each)
  assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700)
})

it('the error for a file that is no SQLite database names the file', async () => {
  const file = freshFile()
  copyFileSync(join(import.meta.dirname, 'things.ts'), file)
  await assert.rejects(open(`sqlite:${file}`), (error) => {
    return (
      error instanceof Refusal &&
      error.status === 503 &&
      error.message.includes(file) &&
      /not a database/.test(String(error.cause))
    )
  })
})

it('writes that share a commit do not affect each other', async () => {
  const store = await open(await freshUrl('sqlite'))
  const place = await makePlace(store)
  const { token, code } = await issue(store, place)
  const elsewhere = await makePlace(store)
  const stale = newApproval({ ...elsewhere, staff: { ...elsewhere.staff, uid: 'nobody' } })
  const twin = newApp(null)
  const lost = () => newEvent({ type: 'lost' })
  // All in one turn of the event loop, so that they share a transaction. Some fail at their first step, some at a later one.
  const [first, spent, conflict, dead, nowhere, ended, last] = await Promise.allSettled([
    store.attempts.count('first', NOW, 60),
    store.codes.redeem(code, NOW, { access: newAccessToken('x') }, lost()),
    store.apps.add(twin, { ...newSecret(twin.uid), uid: place.secret.uid }, lost()),
    store.codes.begin({ ...stale, event: lost() }),
    store.staff.add({ ...place.staff, uid: 'x', businessUid: 'nowhere' }, newPerson({ uid: 'x' }), lost()),
    store.accessTokens.end(token, NOW, newEvent()),
    store.attempts.count('last', NOW, 60),
  ])
  assert.partialDeepStrictEqual([first, last], [{ value: { count: 1 } }, { value: { count: 1 } }])
  assert.partialDeepStrictEqual([spent, dead, ended], [{ value: false }, { value: undefined }, { value: true }])
  assert.ok(conflict.status === 'rejected' && conflict.reason instanceof Conflict)
  assert.ok(nowhere.status === 'rejected' && !(nowhere.reason instanceof Refusal))
  assert.equal(await store.apps.findLive(twin.uid), undefined)
  assert.equal(await store.installs.findLive(elsewhere.app.uid, elsewhere.business.uid), undefined)
  assert.equal(await store.people.find('x'), undefined)
  assert.deepEqual(await store.events.list({ type: 'lost' }, 5), [])
  assert.equal((await store.attempts.count('last', NOW, 60)).count, 2)
})

describe('processes on one SQLite file', () => {
  const start = (url: string, count: number) => {
    const script = join(import.meta.dirname, 'writer.ts')
    const child = spawn(process.execPath, [script, url, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] })
    const said = Promise.all([child.stdout.toArray(), child.stderr.toArray()])
    const ended = (async () => {
      const [[code]] = await Promise.all([once(child, 'close'), said])
      const [out, errors] = (await said).map((chunks) => Buffer.concat(chunks).toString())
      return { code, tokens: out!.split('\n').slice(0, -1), errors: errors! }
    })()
    return { child, ended }
  }

  it('may start at once, and every acknowledged write is stored', async () => {
    const url = await freshUrl('sqlite')
    const writers = await Promise.all(Array.from({ length: 3 }, () => start(url, 60).ended))
    const store = await open(url)
    for (const { code, tokens, errors } of writers) {
      assert.equal(code, 0, errors)
      assert.equal(tokens.length, 60)
      for (const token of tokens) assert.ok(await store.accessTokens.findLive(token, NOW))
    }
  })

  it('may be killed at any moment: acknowledged writes are stored, and no write is stored in part', async () => {
    const url = await freshUrl('sqlite')
    let answered = 0
    for (let round = 0; round < 5; round++) {
      const { child, ended } = start(url, Number.MAX_SAFE_INTEGER)
      await once(child.stdout, 'readable')
      await sleep(20 + Math.random() * 100)
      child.kill('SIGKILL')
      const { tokens } = await ended
      const store = await open(url)
      for (const token of tokens) assert.ok(await store.accessTokens.findLive(token, NOW), `${token} of round ${round}`)
      answered += tokens.length
      await store.close()
    }
    assert.ok(answered > 0)
    const db = await openBelow(url)
    const one = async (sql: string) => (await db.one(sql, []))!.result
    assert.equal(await one('select integrity_check as result from pragma_integrity_check'), 'ok')
    const spent = await one('select count(*) as result from codes where redeemed_at is not null')
    assert.equal(await one('select count(*) as result from access_tokens'), spent)
    assert.equal(await one('select count(*) as result from codes'), await one('select count(*) as result from chains'))
  })
})
