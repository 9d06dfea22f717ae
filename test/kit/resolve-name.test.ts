import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { openResolver } from '../../src/kit/resolve-name.ts'

const [A, AAAA, NXDOMAIN] = [1, 28, 3]
/** The records of the name server below. A missing name does not exist; `silent.example` gets no answer. */
const RECORDS: Record<string, { type: number; data: number[] }[]> = {
  'both.example': [
    { type: A, data: [203, 0, 113, 7] },
    { type: AAAA, data: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7] },
  ],
  'old.example': [{ type: A, data: [203, 0, 113, 8] }],
  'many.example': [
    { type: A, data: [203, 0, 113, 1] },
    { type: A, data: [10, 0, 0, 1] },
  ],
}

const asked: string[] = []
const server = createSocket('udp4')
after(() => server.close())
server.on('message', (query, from) => answer(server, query, from))
server.bind(0, '127.0.0.1')
await once(server, 'listening')
const resolve = openResolver([`127.0.0.1:${server.address().port}`])
const soon = (milliseconds = 10_000) => AbortSignal.timeout(milliseconds)

/** Answers one query as a name server does (RFC 1035 §4.1). */
function answer(socket: Socket, query: Buffer, { port, address }: { port: number; address: string }): void {
  const labels: string[] = []
  let at = 12
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const name = labels.join('.').toLowerCase()
  const type = query.readUInt16BE(at + 1)
  asked.push(name)
  if (name === 'silent.example') return
  const known = RECORDS[name]
  const found = (known ?? []).filter((each) => each.type === type)
  const head = Buffer.from(query.subarray(0, 12))
  head.writeUInt16BE(0x8180 | (known ? 0 : NXDOMAIN), 2)
  head.writeUInt16BE(found.length, 6)
  head.writeUInt16BE(0, 8)
  head.writeUInt16BE(0, 10)
  const records = found.map(({ data }) => {
    const record = Buffer.alloc(12)
    record.writeUInt16BE(0xc00c, 0)
    record.writeUInt16BE(type, 2)
    record.writeUInt16BE(1, 4)
    record.writeUInt32BE(60, 6)
    record.writeUInt16BE(data.length, 10)
    return Buffer.concat([record, Buffer.from(data)])
  })
  socket.send(Buffer.concat([head, query.subarray(12, at + 5), ...records]), port, address)
}

test('the resolver returns every IPv4 and IPv6 address of a name', async () => {
  assert.deepEqual(await resolve('both.example', soon()), ['203.0.113.7', '2001:db8::7'])
  assert.deepEqual((await resolve('many.example', soon())).toSorted(), ['10.0.0.1', '203.0.113.1'])
})

test('a name with only one kind of address is resolved', async () => {
  assert.deepEqual(await resolve('old.example', soon()), ['203.0.113.8'])
})

test('a name that does not exist is an error', async () => {
  await assert.rejects(resolve('nowhere.example', soon()), { code: 'ENOTFOUND' })
})

test('localhost and names below it are never sent to a name server (RFC 6761 §6.3)', async () => {
  for (const name of ['localhost', 'app.localhost', 'LOCALHOST'])
    assert.deepEqual(await resolve(name, soon()), ['127.0.0.1', '::1'])
  assert.ok(!asked.some((name) => name.includes('localhost')), asked.join(' '))
})

test('the deadline ends the wait for a name server that does not answer', async () => {
  await assert.rejects(resolve('silent.example', soon(50)), { code: 'ECANCELLED' })
})
