import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changePerson } from '../../src/domain/people/change-person.ts'
import { read } from '../parts/app-calls.ts'
import { testSite } from '../parts/test-site.ts'
import { text } from '../parts/visitor.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'
import { blocksUnder, readCurl, shellWords } from './curl.ts'

const page = readFileSync(new URL('../../docs/openid-connect.md', import.meta.url), 'utf8')
const members = (json: string): string[] => [...json.matchAll(/"(\w+)":/g)].map(([, name]) => name!).sort()

test('the example of the page about OpenID Connect works', async () => {
  const server = await testSite()
  const world = await makeWorld(server)
  const business = await world.makeBusiness('Noor Dental')
  const { uid } = await world.makePerson('noor@example.com', 'Noor Haddad', [business])
  const app = await world.makeApp({ redirectUri: 'http://localhost:9000/callback' })
  const profile = { given_name: 'Noor', family_name: 'Haddad', locale: 'ar', phone_number: '+33142685300' }
  await changePerson(
    (await server.site.store.people.find(uid))!,
    { emailVerified: true, profile },
    operatorActor,
    server.site,
  )

  const [print, exchange, ask] = blocksUnder(page, '## An example', 'sh') as [string, string, string]
  const [answer] = blocksUnder(page, '## An example', 'json')
  const names: Record<string, string> = { CLIENT_ID: app.clientId, CLIENT_SECRET: app.secret }
  const visitor = world.visitor()
  await visitor.open(shellWords(print, names)[1]!)
  const dialog = await visitor.signIn('noor@example.com', PASSWORD)
  assert.match(text(dialog.html), /See your phone number/)
  await visitor.allow()
  names.CODE = visitor.answer().code!
  const call = async (line: string) => {
    const { url, init } = readCurl(line, names)
    return read(server.fetch(url, init))
  }
  names.ACCESS_TOKEN = (await call(exchange)).access_token
  const returned = await call(ask)
  assert.deepEqual(members(JSON.stringify({ ...returned, brand_theme: {} })), members(answer!))
  const examples = ['email', 'email_verified', 'name', 'given_name', 'locale', 'phone_number', 'scope'] as const
  for (const claim of examples) assert.equal(returned[claim], JSON.parse(answer!)[claim])
})
