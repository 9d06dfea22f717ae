import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import test from 'node:test'
import pg from 'pg'
import { freshDatabase, startPostgres } from './postgres.ts'

async function ask(url: string, statement: string, timeoutMs = 10_000): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

test('every fresh database is empty and separate from the others', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()])
  await ask(one, 'create table things (id text)')
  await assert.rejects(ask(two, 'select * from things'), { code: '42P01' })
})

test('a dedicated server is killed, comes back with its data, freezes, thaws, and leaves nothing behind', async () => {
  const server = await startPostgres({ durable: true })
  const [data] = await ask(server.url, 'show data_directory')
  assert.deepEqual(await ask(server.url, 'show fsync'), ['on'])
  await ask(server.url, 'create table things as select 7 as id')

  server.kill()
  await assert.rejects(ask(server.url, 'select 1'))
  await server.restart()
  assert.deepEqual(await ask(server.url, 'select id from things'), [7])

  server.pause()
  await assert.rejects(ask(server.url, 'select 1', 300), /timeout/)
  server.resume()
  assert.deepEqual(await ask(server.url, 'select id from things'), [7])

  await server.restart()
  assert.deepEqual(await ask(server.url, 'select id from things'), [7])

  server.kill()
  await server.stop()
  assert.ok(!existsSync(dirname(String(data))))
})
