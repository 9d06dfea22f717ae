import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { after } from 'node:test'
import { newPage, openBrowser } from './browser.ts'

const PAGE = `<!doctype html><html lang="en"><title>Form</title><meta name="viewport" content="width=device-width">
<style>body { font: 20px sans-serif; margin: 2rem; color: #222; background: #fff } p { font-weight: bold }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #111 } }</style>
<h1>Sign in, s'il vous plaît — Ελληνικά, Русский, עברית</h1>
<form method="get"><label>E-mail <input name="email"></label> <button>Go on</button></form>
<p>Nothing was sent.</p><script>document.querySelector('p').textContent += ' Scripts run.'</script>`

const server = createServer((request, response) => {
  const email = new URL(request.url ?? '/', 'http://any').searchParams.get('email')
  const body = email ? PAGE.replace('Nothing was sent.', `Sent: ${encodeURIComponent(email)}.`) : PAGE
  response.setHeader('content-type', 'text/html; charset=utf-8').end(body)
}).listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const port = (server.address() as AddressInfo).port
const browser = await openBrowser()
after(() => browser.close())

test('a form is filled in and sent, on any host', async () => {
  const page = await newPage(browser)
  await page.goto(`http://accounts.example.com:${port}/`)
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByRole('button', { name: 'Go on' }).click()
  assert.equal(await page.locator('p').textContent(), 'Sent: ada%40example.com. Scripts run.')
  assert.equal(new URL(page.url()).host, `accounts.example.com:${port}`)
  const screenshot = await page.screenshot()
  assert.equal(screenshot.toString('latin1', 1, 4), 'PNG')
})

test('text is drawn with the fonts of the package', async () => {
  const page = await newPage(browser)
  await page.goto(`http://localhost:${port}/`)
  const session = await page.context().newCDPSession(page)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument')
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'h1' })
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId })
  assert.deepEqual([...new Set(fonts.map(({ familyName }) => familyName))], ['Open Sans'])
})

test('a page can be shown dark, small and without scripts', async () => {
  const page = await newPage(browser, { dark: true, width: 320, height: 568, javaScriptEnabled: false })
  await page.goto(`http://localhost:${port}/`)
  assert.equal(await page.locator('p').textContent(), 'Nothing was sent.')
  assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(17, 17, 17)')
  assert.deepEqual(page.viewportSize(), { width: 320, height: 568 })
})

test('no other machine is ever contacted', async () => {
  const page = await newPage(browser)
  await assert.rejects(page.goto('http://example.com/'), /ERR_CONNECTION_REFUSED/)
  await assert.rejects(page.goto('http://192.0.2.1/'), /ERR_CONNECTION_REFUSED/)
})
