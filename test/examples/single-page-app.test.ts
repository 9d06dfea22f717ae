import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSinglePageApp } from '../../examples/single-page-app/single-page-app.ts'
import { newPage, openBrowser } from '../parts/browser.ts'
import { listeningSite } from '../parts/listening-site.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

const server = await listeningSite()
const world = await makeWorld(server)
const bakery = await world.makeBusiness('Bread & Butter')
await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
const browser = await openBrowser()
after(() => browser.close())

test('a single-page app connects, refreshes and disconnects, all from the page', async () => {
  const app = await world.makeApp({ public: true, redirectUri: 'http://127.0.0.1/', name: 'Sample page' })
  const example = await startSinglePageApp({
    port: 0,
    host: '127.0.0.1',
    authorizationServer: server.origin,
    clientId: app.clientId,
  })
  after(() => example.stop())
  const page = await newPage(browser)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  const bodies: string[] = []
  page.on('response', async (response) => {
    if (response.url().endsWith('/oauth/token')) bodies.push(await response.text().catch(() => ''))
  })
  const said = (sentence: string) => page.locator('#said', { hasText: sentence }).waitFor()

  await page.goto(`http://127.0.0.1:${example.port}/`)
  await page.click('#connect')
  await page.fill('[name=email]', 'dana@example.com')
  await page.fill('[name=password]', PASSWORD)
  await page.click('#sign-in')
  await page.click('#allow')
  await said('Connected to Bread & Butter as Dana Levi.')
  assert.equal(new URL(page.url()).search, '', 'the code does not stay in the URL')

  await page.click('#refresh')
  await said('The token is a new one.')
  assert.equal(bodies.length, 2)
  const [first, second] = bodies.map((body) => JSON.parse(body))
  assert.equal(first.expires_in, 3600)
  assert.notEqual(first.refresh_token, second.refresh_token)
  const userinfo = () =>
    server.fetch('/oauth/userinfo', { headers: { authorization: `Bearer ${second.access_token}` } })
  assert.equal((await userinfo()).status, 200)

  await page.click('#disconnect')
  await said('Not connected.')
  assert.equal((await userinfo()).status, 401)

  await page.click('#connect')
  await page.click('#deny')
  await said('Not connected:')
  assert.deepEqual(faults, [])
})
