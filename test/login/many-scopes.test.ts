import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { systemClock } from '../../src/kit/clock.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { newPage, openBrowser } from '../parts/browser.ts'
import { openDialog } from '../parts/permission-dialog.ts'
import { serveStory } from '../parts/serve-story.ts'
import { tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const story = await tellStory({ own: { clock: systemClock } })
const { world } = story
const everything = story.test.site.scopes.names.filter((name) => name !== 'staff_read')
const app = await world.makeApp({ scopes: everything })

/** Returns the lists of a dialog: the headings, the areas and what each contains. */
function listsOf(html: string) {
  return [...html.matchAll(/<section class="scopes"[\s\S]*?<\/section>/g)].map(([section]) => ({
    heading: text(/<h2[\s\S]*?<\/h2>/.exec(section)![0]),
    areas: [...section.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, area]) => text(area!)),
    items: [...section.matchAll(/<li class="access-(\w+)">([\s\S]*?)<\/li>/g)].map(
      ([, access, item]) => `${access}: ${text(item!)}`,
    ),
  }))
}

test('many scopes are grouped by area, and what is covered or not for a business to give is left out', async () => {
  const { place } = await openDialog(story, app)
  const [list, ...more] = listsOf(place.html)
  assert.deepEqual(more, [])
  assert.equal(list!.heading, 'Ledger will be able to:')
  assert.deepEqual(list!.areas, ['About you', 'Access', 'Clients', 'Payments', 'Documents', 'Appointments'])
  assert.deepEqual(list!.items, [
    'see: See your name, your email address and your role in the business',
    'see: See your profile, such as your full name, picture, birthday and language',
    'see: See your phone number',
    'see: See your postal address',
    'other: Keep working when no one is signed in',
    'change: See and manage the clients of the business',
    'delete: Delete clients',
    'change: See and manage payments, invoices and estimates',
    'delete: Delete payments and invoices',
    'change: See and manage forms and documents',
    'see: See appointments and availability',
    'change: Book appointments',
    'change: Change appointments',
    'delete: Cancel appointments',
  ])
  const { items, areas } = listsOf(
    (await openDialog(story, app, { scope: 'clients_read clients_update' })).place.html,
  )[0]!
  assert.deepEqual(areas, [], 'one area needs no heading')
  assert.deepEqual(items, ['see: See the clients of the business', 'change: Change the details of clients'])
})

test('what is new and what was allowed before are two lists', async () => {
  const own = await world.makeApp({ scopes: everything })
  const visitor = await openDialog(story, own, { scope: 'openid clients_read' })
  await visitor.allow()
  await visitor.open(authorizationPath(own, { scope: 'openid clients_read clients_delete email' }))
  assert.deepEqual(listsOf(visitor.place.html), [
    { heading: 'Ledger will now also be able to:', areas: [], items: ['delete: Delete clients'] },
    {
      heading: 'You already allowed:',
      areas: ['About you', 'Clients'],
      items: [
        'see: See your name, your email address and your role in the business',
        'see: See the clients of the business',
      ],
    },
  ])
  await visitor.open(authorizationPath(own, { scope: 'openid clients_read', prompt: 'consent' }))
  assert.deepEqual(
    listsOf(visitor.place.html).map(({ heading }) => heading),
    ['Ledger will be able to:'],
    'without anything new there is one list',
  )
})

test('the buttons are in reach without scrolling, and never hide what has the focus', async () => {
  const origin = await serveStory(story)
  const browser = await openBrowser()
  after(() => browser.close())
  for (const [width, height] of [
    [1366, 650],
    [320, 568],
  ] as const) {
    const page = await newPage(browser, { width, height, javaScriptEnabled: false })
    await page.goto(origin + authorizationPath(app))
    await page.fill('#email', 'dana@example.com')
    await page.fill('#password', PASSWORD)
    await page.click('#sign-in')
    for (const button of ['#allow', '#deny']) {
      const box = (await page.locator(button).boundingBox())!
      assert.ok(box.y >= 0 && box.y + box.height <= height, `${button} at ${width} x ${height}: ${box.y}`)
    }
    const length = (await page.locator('main').boundingBox())!.height
    assert.ok(length > height, 'the dialog is longer than the screen')
    await page.focus('#switch')
    const [focused, bar] = [await page.locator('#switch').boundingBox(), await page.locator('.decision').boundingBox()]
    assert.ok(focused!.y + focused!.height <= bar!.y, `${focused!.y} is hidden behind ${bar!.y}`)
    await page.context().close()
  }
})
