import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { type Story, tellStory } from '../parts/stories.ts'
import { text, type Visitor } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const namesOn = ({ place }: Visitor) =>
  [...place.html.matchAll(/choice-name"><bdi[^>]*>(.*?)<\/bdi>/g)].map(([, name]) => name)
const rolesOn = ({ place }: Visitor) => [...place.html.matchAll(/choice-role">(.*?)<\/span>/g)].map(([, role]) => role)

/** Returns a visitor at the choice of a business, as a person with a role in each of these businesses. */
async function choosing({ world }: Story, places: readonly (readonly [name: string, role: string])[]) {
  const made = []
  for (const [name, role] of places) made.push([await world.makeBusiness(name), role] as [never, string])
  const { email } = await world.makePerson(`${crypto.randomUUID()}@example.com`, 'Kim', ...made)
  const visitor = world.visitor()
  await visitor.open(authorizationPath(await world.makeApp(), { state: 'xyz' }))
  await visitor.signIn(email, PASSWORD)
  return visitor
}

test('businesses are in the order in which people count', async () => {
  const story = await tellStory()
  const names = ['Salon 10', 'salon 2', 'Élan', 'Zebra', 'Salon 1', 'emma']
  const visitor = await choosing(
    story,
    names.map((name) => [name, 'owner'] as const),
  )
  const sorted = ['Élan', 'emma', 'Salon 1', 'salon 2', 'Salon 10', 'Zebra']
  assert.deepEqual(namesOn(visitor), sorted)
  await visitor.open('/signed-in')
  assert.deepEqual(namesOn(visitor), sorted)
})

test('a role is shown in words, also one that only the platform knows', async () => {
  const roles = ['owner', 'front_desk', 'seniorStylist', 'location-manager', 'Buchhaltung', 'CEO']
  const visitor = await choosing(
    await tellStory(),
    roles.map((role, index) => [`Salon ${index}`, role] as const),
  )
  assert.deepEqual(rolesOn(visitor), [
    'Owner',
    'Front desk',
    'Senior stylist',
    'Location manager',
    'Buchhaltung',
    'CEO',
  ])
})

test('many businesses can be searched without JavaScript, and the request is kept', async () => {
  const story = await tellStory()
  const few = await choosing(story, [
    ['One', 'owner'],
    ['Two', 'owner'],
  ])
  assert.ok(!few.place.html.includes('id="search"'))
  const places = Array.from({ length: 30 }, (_, n) => [`Salon ${n + 1}`, 'owner'] as const)
  const visitor = await choosing(story, [...places, ['Café Zürich', 'owner']])
  const search = /<form method="get" action="\/login\/business"[\s\S]*?<\/form>/.exec(visitor.place.html)![0]
  const ticket = /name="ticket" value="([^"]+)"/.exec(search)![1]!
  const find = (words: string) => visitor.open(`/login/business?${new URLSearchParams({ ticket, search: words })}`)

  await find('cafe zurich')
  assert.deepEqual(namesOn(visitor), ['Café Zürich'])
  assert.match(visitor.place.html, /id="search"[^>]* value="cafe zurich"/)
  await find('salon 3')
  assert.deepEqual(namesOn(visitor), ['Salon 3', 'Salon 30'])
  await find('  ')
  assert.equal(namesOn(visitor).length, 31)
  await find('<nothing>')
  assert.deepEqual(namesOn(visitor), [])
  assert.match(visitor.place.html, /No business matches <bdi translate="no">&lt;nothing&gt;<\/bdi>\./)
  assert.match(text(visitor.place.html), /Show all businesses/)
  assert.ok(!visitor.place.html.includes('id="choose"'), 'nothing can be chosen')

  await find('salon 30')
  const [, uid] = /name="business" value="([^"]+)"/.exec(visitor.place.html)!
  await visitor.chooseBusiness(uid!)
  await visitor.allow()
  assert.equal(visitor.answer().state, 'xyz')
})
