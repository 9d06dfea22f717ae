import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { systemClock } from '../../src/kit/clock.ts'
import { mirroredMessages } from '../login/mirrored-messages.ts'
import { authorizationPath, exchange } from '../parts/app-calls.ts'
import { newPage, openBrowser } from '../parts/browser.ts'
import { serveStory } from '../parts/serve-story.ts'
import { tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

const story = await tellStory({ own: { clock: systemClock, messages: await mirroredMessages() } })
const origin = await serveStory(story)

/** The app: receives the posted form and redirects the browser to another host of its own. */
const received: URLSearchParams[] = []
const appServer = createServer(async (request, response) => {
  if (request.method === 'POST') {
    received.push(new URLSearchParams(await text(request)))
    response.writeHead(303, { location: `http://desk.example:${appPort}/done` }).end()
  } else response.writeHead(200, { 'content-type': 'text/html' }).end('<title>App</title><h1>Done</h1>')
})
await once(appServer.listen(0, '127.0.0.1'), 'listening')
after(() => appServer.close())
const appPort = (appServer.address() as AddressInfo).port
const redirectUri = `http://app.localhost:${appPort}/callback`
const app = await story.world.makeApp({ redirectUri, name: 'Ledger' })

const browser = await openBrowser()
after(() => browser.close())

const STATE = '"><b>state</b> & שלום'

/** Signs in and answers the permission dialog, up to the page that posts. */
async function answer(page: Page, button: 'allow' | 'deny', parameters = {}): Promise<void> {
  await page.goto(origin + authorizationPath(app, { response_mode: 'form_post', state: STATE, ...parameters }))
  await page.fill('#email', 'dana@example.com')
  await page.fill('#password', PASSWORD)
  await page.click('#sign-in')
  await page.click(`#${button}`)
}

test('with JavaScript the form is submitted automatically and once, and the app may redirect the browser', async () => {
  const page = await newPage(browser)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  await answer(page, 'allow')
  await page.waitForURL(`http://desk.example:${appPort}/done`)
  assert.equal(received.length, 1)
  const [form] = received.splice(0)
  assert.deepEqual([...form!.keys()], ['code', 'state', 'iss'])
  assert.equal(form!.get('state'), STATE)
  assert.equal((await exchange(story.test, app, form!.get('code')!)).status, 200)
  assert.deepEqual(
    complaints.filter((each) => !each.includes('favicon')),
    [],
  )
  await page.goBack()
  assert.equal(received.length, 0, 'going back does not post again')
  await page.context().close()
})

for (const [locale, dark] of [
  ['en-US', false],
  ['he', true],
] as const) {
  test(`without JavaScript the page has a button and fits a small screen (${locale})`, async () => {
    const page = await newPage(browser, { locale, dark, width: 320, height: 568, javaScriptEnabled: false })
    await answer(page, 'deny', { prompt: 'consent' })
    await page.waitForSelector('#send-on')
    assert.equal(await page.getAttribute('html', 'dir'), locale === 'he' ? 'rtl' : 'ltr')
    const { width, height } = (await page.locator('#send-on').boundingBox())!
    assert.ok(width >= 44 && height >= 24, `${width} x ${height}`)
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'))
    assert.match(await page.innerText('main'), new RegExp(`app\\.localhost:${appPort}`))
    await page.click('#send-on')
    await page.waitForURL(`http://desk.example:${appPort}/done`)
    const [form] = received.splice(0)
    assert.deepEqual(
      [form!.get('error'), form!.get('state'), form!.get('iss')],
      ['access_denied', STATE, story.test.origin],
    )
    await page.context().close()
  })
}
