import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { serve } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { systemClock } from '../../src/kit/clock.ts'
import { newUid } from '../../src/kit/id.ts'
import { openServer } from '../../src/server.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { newPage, openBrowser } from '../parts/browser.ts'
import { tellStory } from '../parts/stories.ts'
import { PASSWORD, THEME } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'
import { mirroredMessages } from './mirrored-messages.ts'

const messages = await mirroredMessages()
const story = await tellStory({ own: { messages, clock: systemClock } })
const { world } = story
const app = await world.makeApp({
  scopes: ['openid', 'clients_read', 'payments_read'],
  name: 'Ledgerdemain Donaudampfschifffahrtsgesellschaftskapitän Ledgerdemain',
  protocol: { postLogoutRedirectUris: ['https://app.example/bye'] },
  listing: { policy_uri: 'https://app.example/privacy', tos_uri: 'https://app.example/terms' },
})
/** The dialog shows the host of an app that the platform does not vouch for, and a host can be one long word. */
const stranger = await world.makeApp({
  clientId: `${'longwinded'.repeat(6)}.example`,
  origin: 'document',
  public: true,
})
/** A brand with the widest logo that is shown and a long text beside it. */
const logo = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 60"/>')}`
const wide = {
  ...world.directory,
  uid: newUid(),
  host: '127.0.0.1',
  theme: { ...THEME, name: 'Sunnyside Practices' },
  logo,
}
await story.test.site.store.directories.add(wide, [wide.host], newEvent({ type: 'directory.created', at: 0 }))
const local = await world.makeApp({ redirectUri: 'http://localhost:1/back', public: true })
const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
const server = serve({ fetch: openServer(story.test.site).fetch, port: 0, hostname: '127.0.0.1' })
await once(server, 'listening')
after(() => server.close())
const port = (server.address() as AddressInfo).port
const browser = await openBrowser()
after(() => browser.close())

/** Visits every page and yields at each. */
async function walk(page: Page, origin: string, look: (name: string) => Promise<void>): Promise<void> {
  const click = (button: string) => Promise.all([page.waitForEvent('load'), page.click(button)])
  const fill = async (password: string) => {
    await page.fill('#email', 'omar@example.com')
    await page.fill('#password', password)
    await click('#sign-in')
  }
  await page.goto(origin + authorizationPath(app, { scope: 'openid clients_read payments_read' }))
  await look('sign in')
  await fill('wrong')
  await look('wrong password')
  await fill(PASSWORD)
  await look('choose a business')
  await page.check(`input[value="${story.bakery.uid}"]`)
  await click('#choose')
  await look('permission dialog')
  await page.goto(origin + authorizationPath(app, { prompt: 'select_account' }))
  await look('continue as')
  await page.goto(origin + authorizationPath(local, { business_uid: story.bakery.uid, ...challenge }))
  await look('local app')
  await page.goto(origin + authorizationPath(stranger, { business_uid: story.bakery.uid, ...challenge }))
  await look('app of a stranger')
  await page.goto(`${origin}/signed-in`)
  await look('signed in')
  await page.goto(`${origin}/logout`)
  await look('sign out')
  const parameters = { client_id: app.clientId, post_logout_redirect_uri: 'https://app.example/bye' }
  await page.goto(`${origin}/oauth/logout?${new URLSearchParams(parameters)}`)
  await look('sign out for an app')
  await page.goto(`${origin}/oauth/logout?post_logout_redirect_uri=x`)
  await look('sign-out page without a session')
  await page.click('#way-out')
  await click('#sign-out')
  await look('signed out')
  await page.goto(`${origin}/oauth/logout?${new URLSearchParams(parameters)}`)
  await look('signed out for an app')
  await page.goto(`${origin}/oauth/authorize?client_id=nobody`)
  await look('error')
}

/** Returns what is wrong with a page on a small screen, for a finger or for a screen reader. Runs inside the page. */
const FAULTS = `(() => {
  const faults = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) faults.push('wider than the screen by ' + (root.scrollWidth - root.clientWidth))
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1')
  if (document.querySelectorAll('main').length !== 1) faults.push('not one main')
  if (!document.title.includes(' – ')) faults.push('title ' + document.title)
  if (document.querySelector('[style], style, script:not([src]), [onclick]')) faults.push('inline style or script')
  const answers = [...document.querySelectorAll('.decision .button')].map((each) => each.getBoundingClientRect().height)
  if (new Set(answers).size > 1) faults.push('answers of different heights ' + answers)
  for (const each of document.querySelectorAll('a, button, input:not([type=hidden])')) {
    const { width, height } = (/radio|checkbox/.test(each.type) ? each.closest('label') : each).getBoundingClientRect()
    if (width < 24 || height < 24) faults.push('small target ' + each.outerHTML + ' ' + width + ' x ' + height)
    if (each.matches('input') && !each.labels.length) faults.push('no label ' + each.outerHTML)
  }
  return faults
})()`

for (const locale of ['en-US', 'he']) {
  test(`every page fits a screen of 320 pixels, works without scripts and is valid (${locale})`, async () => {
    const page = await newPage(browser, { locale, width: 320, height: 568, javaScriptEnabled: false })
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).origin))
    page.on('console', (message) => {
      if (!message.text().startsWith('Failed to load resource')) assert.fail(message.text())
    })
    const origin = `http://localhost:${port}`
    await walk(page, origin, async (name) => {
      assert.deepEqual(await page.evaluate(FAULTS), [], name)
      assert.equal(await page.getAttribute('html', 'dir'), locale === 'he' ? 'rtl' : 'ltr', name)
    })
    assert.deepEqual([...new Set(asked)], [origin], 'nothing is loaded from elsewhere')
    await page.context().close()
  })
}

test('with text of twice the size nothing is cut off on a phone', async () => {
  const page = await newPage(browser, { width: 390, height: 700, bypassCSP: true })
  await walk(page, `http://localhost:${port}`, async (name) => {
    await page.addStyleTag({ content: 'html { font-size: 200% !important }' })
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, name)
    const texts = `[...document.querySelectorAll('.account-text, .app > p')].map((each) => each.getBoundingClientRect().width)`
    for (const width of (await page.evaluate(texts)) as number[]) assert.ok(width > 150, `${name}: ${width}`)
  })
  await page.goto(`http://127.0.0.1:${port}/login`)
  await page.addStyleTag({ content: 'html { font-size: 200% !important }' })
  const beside = (await page.locator('.brand-name').boundingBox())!
  assert.ok(beside.width > 250 && beside.height < 150, `${beside.width} x ${beside.height}`)
  await page.context().close()
})

test('text in another language than the page has a lang attribute', async () => {
  const page = await newPage(browser, { locale: 'he' })
  await walk(page, `http://localhost:${port}`, async (name) => {
    if (name === 'sign in') assert.equal(await page.getAttribute('#email', 'dir'), 'ltr')
    if (name === 'permission dialog') assert.equal(await page.getAttribute('.scopes li bdi', 'lang'), 'en')
  })
  await page.context().close()
})

test('every step works with the keyboard, and the focus starts in the first field', async () => {
  const page = await newPage(browser)
  await page.goto(`http://localhost:${port}/login`)
  // The focus is set with the first frame, which may be a moment after the load.
  await page.waitForSelector('#email:focus')
  await page.keyboard.type('omar@example.com')
  await page.keyboard.press('Tab')
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#problem')
  await page.waitForSelector('#password:focus')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/signed-in')
  await page.keyboard.press('Tab')
  await page.waitForSelector('#sign-out:focus')
  await page.context().close()
})

test('the pages follow the colour scheme of the browser', async () => {
  const ground = `getComputedStyle(document.querySelector('main')).backgroundColor`
  for (const dark of [false, true]) {
    const page = await newPage(browser, { dark })
    await page.goto(`http://localhost:${port}/login`)
    assert.equal(await page.evaluate(ground), dark ? 'rgb(28, 31, 36)' : 'rgb(255, 255, 255)')
    await page.context().close()
  }
})

test('forms work under plain http on any host, where browsers send less about their origin', async () => {
  const page = await newPage(browser)
  await page.goto(`http://accounts.example:${port}/login`)
  await page.fill('#email', 'dana@example.com')
  await page.fill('#password', PASSWORD)
  await page.click('#sign-in')
  await page.waitForURL('**/signed-in')
  await page.context().close()
})

test('an app that opened the pages in a pop-up can see when it is closed', async () => {
  const opener = await newPage(browser)
  await opener.goto(`http://app.example:${port}/signed-out`)
  const [popUp] = await Promise.all([
    opener.waitForEvent('popup'),
    opener.evaluate(`void (globalThis.win = open('http://localhost:${port}/login'))`),
  ])
  await popUp.waitForSelector('#sign-in')
  assert.equal(await opener.evaluate('win.closed'), false)
  await popUp.close()
  await opener.waitForFunction('win.closed')
  await opener.context().close()
})

test('with scripts, a checkbox shows the password until the form is sent; without them there is none', async () => {
  const plain = await newPage(browser, { javaScriptEnabled: false })
  await plain.goto(`http://localhost:${port}/login`)
  assert.equal(await plain.locator('#show-password').count(), 0)
  await plain.context().close()
  const page = await newPage(browser, { width: 320, height: 568 })
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`http://localhost:${port}/login`)
  const typeOf = () => page.getAttribute('#password', 'type')
  await page.fill('#email', 'dana@example.com')
  await page.fill('#password', PASSWORD)
  await page.getByLabel('Show password').check()
  assert.equal(await typeOf(), 'text')
  await page.getByLabel('Show password').uncheck()
  assert.equal(await typeOf(), 'password')
  await page.getByLabel('Show password').check()
  assert.deepEqual(await page.evaluate(FAULTS), [])
  const [sent] = await Promise.all([page.waitForRequest((each) => each.method() === 'POST'), page.click('#sign-in')])
  assert.ok(!sent.postData()!.includes('show'))
  await page.waitForURL('**/signed-in')
  assert.deepEqual(complaints, [])
  await page.context().close()
})
