import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { authorizationPath, exchange, read } from './app-calls.ts'
import { ENGINES, type Engine, type TestSite, type TestSiteOptions, testSite } from './test-site.ts'
import type { Visitor } from './visitor.ts'
import { makeWorld, PASSWORD, type TestApp, type World } from './world.ts'

/** Dana owns a bakery; Omar owns the bakery too and manages a garage. */
export interface Story {
  test: TestSite
  world: World
  bakery: { uid: string; name: string }
  garage: { uid: string; name: string }
  dana: { email: string; uid: string; staffUid: string }
  omar: { email: string; uid: string }
}

export async function tellStory(options: TestSiteOptions = {}): Promise<Story> {
  const test = await testSite(options)
  const world = await makeWorld(test)
  const bakery = await world.makeBusiness('Bread & Butter')
  const garage = await world.makeBusiness('Garage')
  const dana = await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
  const omar = await world.makePerson('omar@example.com', 'Omar Haddad', [bakery, 'admin'], [garage])
  return { test, world, bakery, garage, dana: { ...dana, staffUid: dana.staff[0]!.uid }, omar }
}

/** Runs the same tests on SQLite and on PostgreSQL. */
export function onBothEngines(tests: (engine: Engine) => void | Promise<void>): void {
  for (const engine of ENGINES) describe(`on ${engine}`, () => tests(engine))
}

/** Goes from the authorization URL to the code: signs in and allows, where asked. */
export async function connect(
  { world }: Story,
  app: TestApp,
  email = 'dana@example.com',
  parameters: Record<string, string> = {},
  visitor: Visitor = world.visitor(),
): Promise<{ code: string; answer: Record<string, string>; visitor: Visitor }> {
  let place = await visitor.open(authorizationPath(app, parameters))
  if (place.url.includes('/login?')) place = await visitor.signIn(email, PASSWORD)
  if (place.url.includes('/login/consent')) await visitor.allow()
  const answer = visitor.answer()
  assert.ok(answer.code, JSON.stringify(answer))
  return { code: answer.code, answer, visitor }
}

/** Goes all the way to an access token. */
export async function installs(story: Story, app: TestApp, email?: string): Promise<{ token: string; code: string }> {
  const { code } = await connect(story, app, email)
  const answer = await read(exchange(story.test, app, code))
  assert.ok(answer.access_token, JSON.stringify(answer))
  return { token: answer.access_token, code }
}
