import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incoming } from '../../src/http/incoming.ts'
import { messageOf } from '../../src/http/message.ts'
import { refusal } from '../../src/http/refusals.ts'
import { asResponse } from '../../src/http/reply.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { platformErrors } from '../../src/platform/platform-errors.ts'
import { read } from '../parts/app-calls.ts'
import { testSite } from '../parts/test-site.ts'

test('every refusal uses the platform’s envelope, with its status and its headers', async () => {
  const { site } = await testSite()
  const row = { status: 422 }
  const say = async (refused: Refusal) => {
    const request = new Request('http://localhost/platform/v1/apps')
    const incoming = new Incoming(messageOf(request), { addressOf: () => '', bodyLimit: 1024, path: {} })
    const response = asResponse(await platformErrors(refused, incoming, site))
    const body = await read(response)
    assert.equal(body.reference, incoming.reference)
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    return { status: response.status, headers: response.headers, body }
  }
  const malformed = await say(refusal('json.invalid'))
  assert.deepEqual([malformed.status, malformed.body.status], [400, 'Error'])
  assert.deepEqual(Object.keys(malformed.body), ['status', 'error', 'reference'])
  const problem = await say(
    new Refusal('test', { ...row, says: 'No.', parameter: 'redirect_uri' }, {}, { cause: new Error('inside') }),
  )
  assert.deepEqual([problem.status, problem.body.error, problem.body.field], [422, 'No.', 'redirect_uri'])
  assert.ok(!JSON.stringify(problem.body).includes('inside'))
  const unavailable = await say(
    new Refusal('test', { status: 503, says: 'The database cannot be read.', retryAfter: 2 }),
  )
  assert.deepEqual([unavailable.status, unavailable.headers.get('retry-after')], [503, '2'])
  const tooMany = await say(new Refusal('test', { status: 429, says: 'Wait a little.' }, {}, { retryAfter: 12.2 }))
  assert.deepEqual([tooMany.status, tooMany.headers.get('retry-after')], [429, '13'])
  assert.equal((await say(refusal('server.fault'))).status, 500)
  const quoted = await say(
    new Refusal('test', { ...row, says: '{text}' }, { text: `a\u0000b\u0085c\u202Ed\u2028e ${'x'.repeat(10_000)}` }),
  )
  assert.equal(quoted.body.error, `a?b?c?d?e ${'x'.repeat(590)}`)
})
