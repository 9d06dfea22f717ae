import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from 'hono/html'
import { neutralBrand } from '../../src/domain/businesses/brand.ts'
import { readParams } from '../../src/http/params.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import { deadEndPage } from '../../src/ui/dead-end.ts'
import { errorPage } from '../../src/ui/error-page.ts'
import { openMessages } from '../../src/ui/messages/messages.ts'
import { page } from '../../src/ui/page.ts'
import type { PageContext } from '../../src/ui/page-context.ts'
import { pageErrors } from '../../src/ui/page-errors.ts'
import { testSite } from '../parts/test-site.ts'
import { text } from '../parts/visitor.ts'

const messages = await openMessages()
const context: PageContext = { brand: neutralBrand('Northwind'), ...messages.choose(['en']) }
const refused = (status: number, says: string, retryAfter?: number) =>
  new Refusal('test', { status, says }, {}, retryAfter === undefined ? {} : { retryAfter })

const incomingOf = (method = 'GET', query = '') =>
  ({ reference: 'abc123', header: () => undefined, host: 'localhost', method, query: readParams(query) }) as never

test('a page has every security header', async () => {
  const { headers } = page(context, { title: 'Hello' }, html`<h1>Hello</h1>`)
  assert.match(
    headers['content-security-policy'] as string,
    /default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'none'/,
  )
  assert.match(headers['content-security-policy'] as string, /base-uri 'none'; frame-ancestors 'none'$/)
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['cross-origin-opener-policy'], 'unsafe-none')
  assert.match(headers['permissions-policy'] as string, /camera=\(\)/)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['content-type'], 'text/html; charset=utf-8')
  assert.equal(headers['strict-transport-security'], undefined)
  assert.equal(headers['x-powered-by'], undefined)
})

test('under https, pages send Strict-Transport-Security', () => {
  const { headers } = page({ ...context, secure: true }, { title: 'Hello' }, html`<h1>Hello</h1>`)
  assert.match(headers['strict-transport-security'] as string, /^max-age=\d{8,}/)
})

test('values on a page are escaped, in text and in attributes', async () => {
  const evil = '"><script>alert(1)</script>\'&'
  const brand = {
    name: evil,
    logoUrl: `/x${evil}`,
    styleUrl: `/y${evil}`,
    poweredBy: { name: evil, url: `https://e/${evil}` },
    locale: 'en',
    supportUrl: `mailto:${evil}`,
    privacyUrl: `https://e/${evil}`,
  }
  const trouble = {
    status: 400,
    heading: evil,
    message: evil,
    reference: evil,
    detail: evil,
    wayOut: { href: evil, label: evil },
  }
  const body = errorPage({ ...context, brand }, trouble).body as string
  assert.ok(!body.includes('<script') && !body.includes("'&'"), body)
})

test('a refusal is shown as a page, with its status, its headers and the reference', async () => {
  const test = await testSite()
  const cases: [Refusal, RegExp, RegExp | undefined][] = [
    [refused(400, 'The parameter state was sent 2 times.'), /does not work/, /state was sent 2 times/],
    [refused(403, 'No.'), /did not work/, undefined],
    [refused(404, 'No.'), /Page not found/, undefined],
    [refused(409, 'It was answered already.'), /does not work/, /answered already/],
    [refused(410, 'No.'), /has expired/, undefined],
    [refused(429, 'Too many.', 41.2), /Wait a moment/, /again in about 42 seconds/],
    [refused(503, 'The database does not answer.', 2), /right back/, undefined],
    [refused(500, 'Boom.'), /wrong on our side/, undefined],
    [refused(418, 'Teapot.'), /does not work/, /Teapot/],
  ]
  for (const [refusal, heading, detail] of cases) {
    const incoming = incomingOf()
    const response = await pageErrors(refusal, incoming, test.site)
    const body = response.body as string
    assert.equal(response.status, refusal.status)
    assert.match(/<h1>(.*)<\/h1>/.exec(body)![1]!, heading)
    assert.match(body, /<code id="reference" dir="ltr" translate="no">abc123<\/code>/)
    if (detail) assert.match(text(body), detail)
    else assert.ok(!text(body).includes(refusal.message), refusal.message)
    assert.equal(response.headers['retry-after'], refusal.headers?.['retry-after'])
  }
})

test('the error page does not read the brand from a database that does not answer', async () => {
  const { site } = await testSite()
  const fail = () => Promise.reject(refused(503, 'down'))
  const down = { ...site, store: { ...site.store, directories: { ...site.store.directories, findLiveByHost: fail } } }
  const incoming = incomingOf()
  for (const status of [503, 500, 404]) {
    const response = await pageErrors(refused(status, 'No.'), incoming, down)
    assert.equal(response.status, status)
    assert.match(response.body as string, /– Behalf<\/title>/)
  }
})

test('a dead end explains why, and how to continue', async () => {
  const app = { name: 'Quill' } as App
  const startAgain = '/oauth/authorize?client_id=1&scope=a'
  const known = deadEndPage(context, 'over', { reference: 'abc', host: 'localhost' }, { app, startAgain })
  assert.match(
    text(known.body as string),
    /You already answered, or the request timed out\. You can start again with Quill\./,
  )
  const pushed = deadEndPage(context, 'over', { reference: 'abc', host: 'localhost' }, { app })
  assert.match(text(pushed.body as string), /Go back to Quill and start again/)
  assert.equal(known.status, 410)
  assert.match(
    known.body as string,
    /<a class="button primary" id="way-out" href="\/oauth\/authorize\?client_id=1&amp;scope=a">Start again</,
  )
  const unknown = deadEndPage(context, 'unknown', { reference: 'abc', host: 'localhost' })
  assert.equal(unknown.status, 404)
  assert.ok(!(unknown.body as string).includes('way-out'))
})

test('an error page offers to try again only where it can help, and only for a page that was opened', async () => {
  const { site } = await testSite()
  const offered = async (status: number, method?: string) =>
    ((await pageErrors(refused(status, 'No.'), incomingOf(method), site)).body as string).includes(
      '<a class="button primary" id="way-out" href="">Try again</a>',
    )
  for (const status of [429, 500, 503])
    assert.deepEqual([await offered(status), await offered(status, 'POST')], [true, false])
  for (const status of [400, 403, 404, 409, 410]) assert.equal(await offered(status), false, String(status))
})
