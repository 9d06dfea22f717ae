import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '../parts/server-process.ts'
import { text } from '../parts/visitor.ts'

test('the page while the server starts has its stylesheet, is in the language of the visitor, and offers to try again', async () => {
  const env = { BEHALF_ISSUER: 'http://127.0.0.1/auth' }
  const server = await startServer({ databaseUrl: 'postgres://127.0.0.1:1/none', until: 'live', env })
  for (const [language, chosen] of [
    ['en-GB', 'en'],
    ['xx', 'en'],
  ]) {
    const headers = { accept: 'text/html', 'accept-language': language! }
    const response = await fetch(`${server.origin}/auth/login`, { headers })
    const html = await response.text()
    assert.equal(response.status, 503)
    assert.match(html, new RegExp(`<html lang="${chosen}" dir="ltr">`))
    assert.match(text(html), /We will be right back .* Try again/)
    const [, sheet] = /<link rel="stylesheet" href="(\/auth[^"]+)"/.exec(html)!
    const style = await fetch(server.origin + sheet, { headers: { accept: 'text/css,*/*' } })
    assert.deepEqual([style.status, style.headers.get('content-type')], [200, 'text/css; charset=utf-8'])
    assert.match(await style.text(), /--fill/)
  }
})
