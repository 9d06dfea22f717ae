import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Theme } from '../../src/store/nouns/directories.ts'
import { type TestSite, testSite } from '../parts/test-site.ts'
import { makeWorld, THEME } from '../parts/world.ts'

const SVG = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')}`

async function addDirectory({ site }: TestSite, host: string, changes: { logo?: string; theme?: Partial<Theme> }) {
  const uid = host.replaceAll(/\W/g, '').padEnd(16, '0')
  const theme: Theme = { ...THEME, ...changes.theme }
  const row = {
    uid,
    name: 'Northwind',
    host,
    theme,
    logo: changes.logo ?? null,
    createdAt: 1,
    supportUrl: null,
    privacyUrl: null,
    endedAt: null,
  }
  await site.store.directories.add(row, [host], { uid: host, type: 'x', at: 1, actor: 'operator', result: 'done' })
  return row
}

async function pageOf(test: TestSite, host: string): Promise<string> {
  return (await test.fetch('/login', { headers: { host } })).text()
}

const addressIn = (html: string, pattern: RegExp) => pattern.exec(html)?.[1]?.replaceAll('&amp;', '&')

test('the stylesheet is cached for a year under its current name, and not cached under another', async () => {
  const server = await testSite()
  const url = addressIn(await pageOf(server, 'nobody.example'), /href="(\/assets\/style-[\w-]+\.css)"/)!
  const response = await server.fetch(url)
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'text/css; charset=utf-8')
  assert.match(response.headers.get('cache-control')!, /immutable/)
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  const other = await server.fetch('/assets/style-of-yesterday.css')
  assert.equal(other.status, 200)
  assert.equal(other.headers.get('cache-control'), 'no-store')
  assert.equal(await other.text(), await response.text())
})

test('a page shows the brand of the directory that owns the host', async () => {
  const server = await testSite()
  await addDirectory(server, 'north.example', { logo: SVG })
  const html = await pageOf(server, 'north.example:8443')
  assert.match(html, /<title>Sign in – Northwind<\/title>/)
  const style = await server.fetch(addressIn(html, /href="(\/assets\/brand\/[^"]+)"/)!)
  assert.equal(style.headers.get('content-type'), 'text/css; charset=utf-8')
  assert.match(style.headers.get('cache-control')!, /immutable/)
  assert.match(await style.text(), /--fill: #0b6e4f;/)
  const logo = await server.fetch(addressIn(html, /<img class="brand-logo" src="([^"]+)"/)!)
  assert.equal(logo.headers.get('content-type'), 'image/svg+xml; charset=utf-8')
  assert.match(logo.headers.get('content-security-policy')!, /default-src 'none'.*sandbox/)
  assert.equal(logo.headers.get('x-content-type-options'), 'nosniff')

  const neutral = await pageOf(server, 'nobody.example')
  assert.match(neutral, /<title>Sign in – Behalf<\/title>/)
  assert.ok(!neutral.includes('/assets/brand/') && !neutral.includes('/assets/logo/'))
})

test('an asset with an old version in its URL is served, but not cached', async () => {
  const server = await testSite()
  const { uid } = await addDirectory(server, 'north.example', { logo: SVG })
  for (const path of [
    `/assets/brand/${uid}.css`,
    `/assets/brand/${uid}.css?v=old`,
    `/assets/logo/directory/${uid}?v=old`,
  ]) {
    const response = await server.fetch(path)
    assert.equal(response.status, 200, path)
    assert.equal(response.headers.get('cache-control'), 'no-store', path)
  }
})

test('a person’s browser never loads a logo from elsewhere, and a broken theme does not break the page', async () => {
  const server = await testSite()
  const theme = {
    colors: { primary: 'red;} body{display:none', secondary: '', text: '' },
    logo: 'https://cdn.example/logo.png',
    name: '\u202e\u200b',
    powered_by: { parent_goto_url: 'javascript:alert(1)' } as Theme['powered_by'],
  }
  const { uid } = await addDirectory(server, 'odd.example', { logo: 'https://cdn.example/logo.png', theme })
  const html = await pageOf(server, 'odd.example')
  assert.match(html, /<title>Sign in – Northwind<\/title>/)
  for (const never of ['cdn.example', 'javascript:', 'display:none', '/assets/brand/'])
    assert.ok(!html.includes(never), never)
  assert.equal((await server.fetch(`/assets/brand/${uid}.css`)).status, 404)
  assert.equal((await server.fetch(`/assets/logo/directory/${uid}`)).status, 404)
  assert.equal((await server.fetch('/assets/brand/nobody.css')).status, 404)
  assert.equal((await server.fetch('/assets/logo/app/nobody')).status, 404)
})

test('a page names the platform if the directory wants it', async () => {
  const server = await testSite({ env: { BEHALF_NAME: 'Harbour' } })
  const powered_by = { parent_goto_url: 'https://harbour.example/about' } as Theme['powered_by']
  await addDirectory(server, 'north.example', { theme: { powered_by } })
  assert.match(
    await pageOf(server, 'north.example'),
    /<a href="https:\/\/harbour\.example\/about"[^>]*>Powered by <bdi translate="no">Harbour<\/bdi> <span class="unseen">/,
  )
})

test('the server serves the logo of an app if it stores the file', async () => {
  const server = await testSite()
  const world = await makeWorld(server)
  const app = await world.makeApp({ listing: { description: { logo: SVG } } })
  assert.equal((await server.fetch(`/assets/logo/app/${app.uid}`)).status, 200)
  for (const description of [{ logo: 'https://cdn.example/x.png' }, { logo: 5 }, 'logo', null, [SVG]]) {
    const other = await world.makeApp({ listing: { description } })
    assert.equal((await server.fetch(`/assets/logo/app/${other.uid}`)).status, 404)
  }
})
