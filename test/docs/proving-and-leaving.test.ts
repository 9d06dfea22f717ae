import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { assertionOf, newSigner } from '../parts/assertions.ts'
import { documentServer } from '../parts/document-server.ts'
import { connect, tellStory } from '../parts/stories.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { blocksUnder, readCurl } from './curl.ts'

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')
const CALLBACK = 'http://localhost:9000/callback'

/** The curl commands of a page or a part of it, in order. Some are in lists. */
function commandsOf(text: string): string[] {
  const lines = text.replaceAll(/^ {3}(?=curl)/gm, '')
  return [...lines.matchAll(/^curl (?:'[^']*'|"[^"]*"|\\\n|[^'"\n])*$/gm)].map(([line]) => line)
}

async function begin(env: Record<string, string> = {}) {
  const story = await tellStory({ env })
  const app = await story.world.makeApp({ codeName: 'myfirstapp', redirectUri: CALLBACK, trusted: true })
  const names: Record<string, string> = {
    TOKEN: await story.world.makePlatformToken('directory'),
    CLIENT_ID: app.clientId,
    CLIENT_SECRET: app.secret,
  }
  const curl = async (line: string) => {
    const { url, init } = readCurl(line.replaceAll(/ -u /g, ' --user '), names)
    const response = await story.test.fetch(url, init)
    return { status: response.status, body: await read(response) }
  }
  return { ...story, app, names, curl }
}

test('the documented commands replace a secret, and exchange a code with a secret and with an assertion', async () => {
  const story = await begin()
  const { names, curl, app, test: server } = story
  const text = page('client-authentication')
  const [bySecret, make, list, retire, register, bySigning, ...more] = commandsOf(text)
  assert.deepEqual(more, [])
  const { code, visitor } = await connect(story, app)
  names.CODE = code
  assert.equal((await curl(bySecret!)).status, 200)

  const made = await curl(make!)
  const [shownMade] = blocksUnder(text, '### Replace a secret without a pause', 'json')
  assert.deepEqual([made.status, Object.keys(made.body.data)], [201, Object.keys(JSON.parse(shownMade!).data)])
  const listed = await curl(list!)
  const [, shownList] = /^ {3}(\{"status":"OK","data":\{"secrets".*)$/m.exec(text)!
  const old = listed.body.data.secrets.find(({ name }: { name: string }) => name !== '2027')
  assert.deepEqual(Object.keys(old), Object.keys(JSON.parse(shownList!).data.secrets[0]))
  names.SECRET_UID = old.uid
  assert.equal((await curl(retire!)).status, 200)
  await visitor.open(authorizationPath(app))
  names.CODE = visitor.answer().code!
  assert.equal((await curl(bySecret!)).body.error, 'invalid_client')
  names.CLIENT_SECRET = made.body.data.client_secret
  assert.equal((await curl(bySecret!)).status, 200)

  const registered = await curl(register!)
  assert.deepEqual([registered.status, registered.body.data.client_secret], [201, null])
  const signer = newSigner('ES256')
  const signing = await story.world.makeApp({
    redirectUri: CALLBACK,
    trusted: true,
    protocol: { authMethod: 'private_key_jwt', jwks: { keys: [signer.jwk] } },
  })
  await visitor.open(authorizationPath(signing))
  Object.assign(names, { CODE: visitor.answer().code, JWT: assertionOf(signing, server, signer) })
  assert.equal((await curl(bySigning!)).status, 200)
})

test('the documented command registers the logout settings, and the documented URL signs out', async () => {
  const story = await begin()
  const { curl, app, test: server } = story
  const text = page('logout')
  const [register, ...more] = commandsOf(text)
  assert.deepEqual(more, [])
  assert.equal((await curl(register!)).status, 200)
  const { code, visitor } = await connect(story, app)
  const { id_token: idToken } = await read(exchange(server, app, code))
  const [address] = /^http:\/\/localhost:7200\/oauth\/logout\?\S+$/m.exec(text)!
  await visitor.open(address.replace('eyJ…', idToken))
  assert.equal(visitor.place.away?.href, 'https://books.example/bye?state=7f3a')
})

test('the document, the URL and the exchange of docs/client-id-metadata-documents.md connect an app', async () => {
  const story = await begin({ BEHALF_OUTBOUND_PRIVATE: 'on' })
  const { curl, names, world } = story
  const text = page('client-id-metadata-documents')
  const place = await documentServer('')
  const sample = 'https://assistant.example/oauth/client.json'
  const url = `http://127.0.0.1:${place.port}/client.json`
  const here = (documented: string) =>
    documented.replaceAll(sample, url).replaceAll(encodeURIComponent(sample), encodeURIComponent(url))
  place.answer = JSON.parse(here(blocksUnder(text, '## The document', 'json')[0]!))
  const [, address] = /^echo "\$ISSUER(\S+)"$/m.exec(text)!
  const visitor = world.visitor()
  await visitor.open(here(address!))
  await visitor.signIn('dana@example.com', PASSWORD)
  await visitor.allow()
  names.CODE = visitor.answer().code!
  const [line] = commandsOf(text)
  const answer = await curl(here(line!))
  assert.deepEqual([answer.status, answer.body.scope], [200, 'openid clients_read'], JSON.stringify(answer.body))
  const app = (await story.test.site.store.apps.findLiveByClientId(url)) as TestApp
  assert.equal(app.origin, 'document')
})
