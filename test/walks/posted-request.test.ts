import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { openBrowser } from '../parts/browser.ts'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { onBothEngines } from '../parts/stories.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

/** The server of the app: another site for browsers, with a form that posts its authorization request. */
let form = ''
const appServer = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>The app</h1>${form}`)
}).listen(0, '127.0.0.1')
await once(appServer, 'listening')
after(() => appServer.close())
const APP = `http://localhost:${(appServer.address() as AddressInfo).port}`

const browser = await openBrowser()
after(() => browser.close())

onBothEngines(async (engine) => {
  const server = await listeningSite(await databaseOf(engine))
  const world = await makeWorld(server)
  await world.makePerson('dana@example.com', 'Dana Levi', [await world.makeBusiness('Bread & Butter')])
  const app = await world.makeApp({ redirectUri: `${APP}/callback` })

  test('a request posted from the app’s own site finds the person signed in, and leaves pending requests alone', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const [page, waiting] = [await context.newPage(), await context.newPage()]
    await page.goto(server.origin + authorizationPath(app))
    await page.fill('#email', 'dana@example.com')
    await page.fill('#password', PASSWORD)
    await page.click('#sign-in')
    await page.click('#allow')
    await page.waitForURL(`${APP}/callback?*`)
    await waiting.goto(server.origin + authorizationPath(app, { prompt: 'consent', state: 'waiting' }))

    const fields = { client_id: app.clientId, redirect_uri: app.redirectUri, state: 'ü & "posted"', prompt: 'none' }
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value.replaceAll('"', '&quot;')}">`,
    )
    form = `<form method="post" action="${server.origin}/oauth/authorize">${inputs.join('')}<button>Connect</button></form>`
    await page.goto(`${APP}/`)
    await page.click('button')
    await page.waitForURL(`${APP}/callback?*`)
    const answer = new URL(page.url()).searchParams
    assert.deepEqual([answer.get('error'), answer.get('state')], [null, fields.state])
    assert.ok(answer.get('code'))

    await waiting.click('#allow')
    await waiting.waitForURL(`${APP}/callback?*`)
    assert.equal(new URL(waiting.url()).searchParams.get('state'), 'waiting')
  })
})
