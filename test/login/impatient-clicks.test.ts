import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { systemClock } from '../../src/kit/clock.ts'
import { authorizationPath, exchange } from '../parts/app-calls.ts'
import { newPage, openBrowser } from '../parts/browser.ts'
import { serveStory } from '../parts/serve-story.ts'
import { tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

const story = await tellStory({ own: { clock: systemClock } })
const origin = await serveStory(story)
const browser = await openBrowser()
after(() => browser.close())

/** An app that takes a second to answer. */
const slow = createServer(async (_, response) => {
  await sleep(1000)
  response.end('<h1>Welcome</h1>')
})
slow.listen(0, '127.0.0.1')
await once(slow, 'listening')
after(() => slow.close())
const redirectUri = `http://localhost:${(slow.address() as AddressInfo).port}/callback`
const app = await story.world.makeApp({ redirectUri })
const trusted = await story.world.makeApp({ redirectUri, trusted: true })

/** Clicks, and clicks again while the app is still answering. Returns the parameters that the app got in the end. */
async function clickTwice(page: Page, button: string): Promise<Record<string, string>> {
  const { x, y, width, height } = (await page.locator(button).boundingBox())!
  // With the mouse, because a click on an element waits for the way of the first one to end.
  for (const pause of [400, 0]) {
    await page.mouse.click(x + width / 2, y + height / 2)
    await sleep(pause)
  }
  await page.waitForSelector('text=Welcome')
  return Object.fromEntries(new URL(page.url()).searchParams)
}

async function signIn(page: Page, email: string, path: string): Promise<void> {
  await page.goto(origin + path)
  await page.fill('#email', email)
  await page.fill('#password', PASSWORD)
  await Promise.all([page.waitForEvent('load'), page.click('#sign-in')])
}

const isGood = async (code: string | undefined, of = app) =>
  assert.equal((await exchange(story.test, of, code!)).status, 200)

test('a second click while the app is slow still leads to the app, from each page', async () => {
  const page = await newPage(browser)
  await page.goto(origin + authorizationPath(trusted, { prompt: 'login' }))
  await page.fill('#email', 'dana@example.com')
  await page.fill('#password', PASSWORD)
  await isGood((await clickTwice(page, '#sign-in')).code, trusted)
  await page.goto(origin + authorizationPath(trusted, { prompt: 'select_account' }))
  await isGood((await clickTwice(page, '#continue')).code, trusted)
  await page.goto(origin + authorizationPath(app))
  await isGood((await clickTwice(page, '#allow')).code)
  await page.goto(origin + authorizationPath(app, { prompt: 'consent' }))
  await isGood((await clickTwice(page, '#allow')).code)
  for (const mode of ['consent', 'login']) {
    await page.goto(origin + authorizationPath(app, { prompt: mode }))
    const button = mode === 'consent' ? '#deny' : '#cancel'
    assert.equal((await clickTwice(page, button)).error, 'access_denied')
  }
  await page.context().close()

  const other = await newPage(browser)
  await signIn(other, 'omar@example.com', authorizationPath(trusted))
  await other.check('[name=business] >> nth=0')
  await isGood((await clickTwice(other, '#choose')).code, trusted)
  await other.context().close()
})

test('after an answer for a native app, a page says that the person is done and has a link that opens the app', async () => {
  const native = await story.world.makeApp({ redirectUri: 'com.example.ledger:/back', public: true })
  const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
  const page = await newPage(browser)
  await signIn(page, 'dana@example.com', authorizationPath(native, challenge))
  const opened: string[] = []
  const devtools = await page.context().newCDPSession(page)
  devtools.on('Page.frameRequestedNavigation', ({ url }: { url: string }) => void opened.push(url))
  await devtools.send('Page.enable')
  await page.click('#allow')
  await page.waitForSelector('#open-app')
  assert.equal(await page.textContent('h1'), 'You are done here')
  assert.equal(await page.textContent('#open-app'), 'Open Ledger')
  const href = (await page.getAttribute('#open-app', 'href'))!
  assert.match(href, /^com\.example\.ledger:\/back\?code=[0-9a-f]{64}&iss=/)
  await page.waitForTimeout(200)
  assert.deepEqual(opened.slice(1), [href], 'the browser opens the app by itself, once')

  await page.goto(origin + authorizationPath(native, challenge))
  await page.click('#deny')
  await page.waitForSelector('#open-app')
  assert.equal(await page.textContent('h1'), 'Ledger was not allowed')
  assert.match((await page.getAttribute('#open-app', 'href'))!, /^com\.example\.ledger:\/back\?error=access_denied&/)
  await page.context().close()
})
