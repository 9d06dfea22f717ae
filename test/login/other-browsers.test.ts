import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as requestOf } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { createStaff } from '../../src/domain/businesses/staff.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { newPage, openBrowser } from '../parts/browser.ts'
import { serveStory } from '../parts/serve-story.ts'
import { tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'
import { mirroredMessages } from './mirrored-messages.ts'

const story = await tellStory({ own: { clock: systemClock, messages: await mirroredMessages() } })
const app = await story.world.makeApp()
const origin = await serveStory(story)
const browser = await openBrowser()
after(() => browser.close())

async function signIn(page: Page, email: string, path: string): Promise<void> {
  await page.goto(origin + path)
  await page.fill('#email', email)
  await page.fill('#password', PASSWORD)
  await Promise.all([page.waitForEvent('load'), page.click('#sign-in')])
}

/** Returns the style and width of the outline of a chosen business and of another one, in their order on the page. */
function outlines(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('.choice')].map((row) => {
    const shown = [row, row.querySelector('input')].map((each) => getComputedStyle(each))
    return shown.filter((each) => each.outlineStyle !== 'none').map((each) => each.outlineWidth).join()
  })`) as Promise<string[]>
}

test('every email address that can be stored can be typed in a browser, in Unicode or in punycode', async () => {
  const draft = { businessUid: story.bakery.uid, name: 'Jean', role: 'admin', password: PASSWORD }
  for (const email of ['жан@example.com', 'zoë@bücher.example', 'a..b@x.example'])
    await createStaff({ ...draft, email }, operatorActor, story.test.site)
  for (const typed of ['жан@example.com', 'zoë@bücher.example', 'ZOË@xn--bcher-kva.example ', 'a..b@x.example']) {
    const page = await newPage(browser)
    await signIn(page, typed, '/login')
    assert.equal(new URL(page.url()).pathname, '/signed-in', typed)
    await page.context().close()
  }
})

test('the focus is visible in browsers that do not know :has()', async () => {
  const page = await newPage(browser)
  await page.route('**/*.css', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replaceAll(':has(', ':unknown(') })
  })
  await signIn(page, 'omar@example.com', authorizationPath(app))
  await page.keyboard.press('Tab')
  await page.waitForSelector('[name=business]:focus-visible')
  assert.deepEqual(await outlines(page), ['3px', ''])
  await page.hover('.choice')
  assert.notEqual(
    await page.evaluate(`getComputedStyle(document.querySelector('.choice')).backgroundColor`),
    'rgba(0, 0, 0, 0)',
  )
  await page.context().close()
})

test('in forced colours only the business with the focus is outlined', async () => {
  const page = await newPage(browser, { forcedColors: 'active' })
  await signIn(page, 'omar@example.com', authorizationPath(app))
  await page.check('[name=business] >> nth=0')
  await page.focus('#choose')
  assert.deepEqual(await outlines(page), ['', ''], 'chosen, without the focus')
  await page.keyboard.press('Shift+Tab')
  assert.deepEqual(await outlines(page), ['3px', ''], 'chosen, with the focus')
  await page.context().close()
})

/** Returns the origin of a proxy without cookies: behind it, every browser is one that blocks them. */
async function withoutCookies(): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    const { cookie: _, ...headers } = incoming.headers
    const ask = requestOf(origin + incoming.url, { method: incoming.method, headers }, (answer) => {
      const { 'set-cookie': _, ...kept } = answer.headers
      answer.pipe(outgoing.writeHead(answer.statusCode!, kept))
    })
    incoming.pipe(ask)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  after(() => proxy.close())
  return `http://localhost:${(proxy.address() as AddressInfo).port}`
}

test('the page for a browser that blocks cookies says so, at each step', async () => {
  const blocked = await withoutCookies()
  const page = await newPage(browser)
  const said = async () => {
    assert.equal(await page.textContent('h1'), 'Your browser blocks cookies')
    assert.match(text(await page.content()), /Allow cookies for localhost .* Then go back to the app and start again/)
  }
  assert.equal((await page.goto(blocked + authorizationPath(app)))!.status(), 403)
  await said()
  await page.goto(`${blocked}/login`)
  await page.fill('#email', 'omar@example.com')
  await page.fill('#password', PASSWORD)
  await Promise.all([page.waitForEvent('load'), page.click('#sign-in')])
  await said()
  await page.context().close()
})

test('a link that is opened in another browser says so, also if that browser had no cookies', async () => {
  const [first, second] = [await newPage(browser), await newPage(browser)]
  await first.goto(origin + authorizationPath(app))
  const response = await second.goto(first.url())
  assert.equal(response!.status(), 403)
  assert.match(text(await second.content()), /You started it in another browser/)
  assert.equal((await first.reload())!.status(), 200, 'the first browser can still continue')
  await first.context().close()
  await second.context().close()
})

test('browsers do not translate names, addresses and codes', async () => {
  const page = await newPage(browser)
  /** The names on the page that a browser would translate. */
  const translated = () =>
    page.evaluate(`(() => {
      const names = /Northwind|Ledger|Omar Haddad|Bread & Butter|Garage|example\\.com|app\\.example/
      const found = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode
        if (parentElement.translate && names.test(data)) found.push(data)
      }
      return found
    })()`)
  const look = async (about: string) => assert.deepEqual(await translated(), [], about)
  await page.goto(origin + authorizationPath(app))
  await look('sign in')
  await signIn(page, 'omar@example.com', authorizationPath(app))
  await look('choose a business')
  await page.check('[name=business] >> nth=0')
  await Promise.all([page.waitForEvent('load'), page.click('#choose')])
  assert.equal(await page.textContent('h1'), 'Allow Ledger to work with Bread & Butter?')
  await look('permission dialog')
  await page.goto(origin + authorizationPath(app, { prompt: 'select_account' }))
  await look('continue as')
  for (const path of ['/signed-in', '/logout', '/oauth/authorize?client_id=nobody']) {
    await page.goto(origin + path)
    await look(path)
  }
  assert.equal(await page.evaluate(`document.querySelector('#reference').translate`), false)
  await page.context().close()
})

test('without styles every business has a line of its own', async () => {
  const page = await newPage(browser)
  await page.route('**/*.css', (route) => route.abort())
  await signIn(page, 'omar@example.com', authorizationPath(app))
  const tops = (await page.evaluate(
    `[...document.querySelectorAll('[name=business]')].map((each) => each.getBoundingClientRect().top)`,
  )) as number[]
  assert.equal(new Set(tops).size, 2)
  await page.context().close()
})

test('a list of businesses that scrolls ends in the middle of a row', async () => {
  const places: [Awaited<ReturnType<typeof story.world.makeBusiness>>][] = []
  for (let n = 1; n <= 30; n++) places.push([await story.world.makeBusiness(`Salon ${n}`)])
  await story.world.makePerson('salons@example.com', 'Sam', ...places)
  for (const [width, height] of [
    [320, 568],
    [390, 844],
    [1280, 720],
    [1366, 650],
  ] as const) {
    const page = await newPage(browser, { width, height })
    await signIn(page, 'salons@example.com', authorizationPath(app))
    const shown = (await page.evaluate(`(() => {
      const list = document.querySelector('.choices')
      const end = list.getBoundingClientRect().bottom
      const rows = [...list.querySelectorAll('.choice')].map((row) => row.getBoundingClientRect())
      const last = rows.find(({ bottom }) => bottom > end)
      return (end - last.top) / last.height
    })()`)) as number
    assert.ok(shown > 0.25 && shown < 0.75, `${width} x ${height} shows ${shown} of the last row`)
    await page.context().close()
  }
})

test('an address that is typed begins where the lines of the page begin, from right to left too', async () => {
  for (const [locale, side] of [
    ['en-US', 'left'],
    ['he', 'right'],
  ] as const) {
    const page = await newPage(browser, { locale })
    await page.goto(`${origin}/login`)
    assert.equal(await page.evaluate(`getComputedStyle(document.querySelector('#email')).textAlign`), side)
    await page.context().close()
  }
})
