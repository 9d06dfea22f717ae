import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { behalf, tempFolder } from '../cli/behalf.ts'
import { read } from '../parts/app-calls.ts'
import { tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'
import { blocksUnder, readCurl, shellWords } from './curl.ts'

const SECTION = '## The page does everything'
const VERIFIER = 'a-verifier.of_43~characters-0123456789abcde'
const CHALLENGE = 'KOAR_HxLzoD3ZvX8VIewqjYG7cN8AF8yYQtfvw2CpMY'
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = textOf('docs/browser-apps.md')

test('the steps of docs/browser-apps.md register a page, redirect the browser and exchange the code', async () => {
  const { test: server, world } = await tellStory()
  const [, register, exchange] = blocksUnder(page, SECTION, 'sh') as [string, string, string]
  const [address] = /^http:\/\/localhost:7200\/oauth\/authorize\S+$/m.exec(page)!
  const names: Record<string, string> = {
    TOKEN: await world.makePlatformToken('directory'),
    STATE: 'xyz',
    CHALLENGE,
    VERIFIER,
  }
  const curl = (line: string) => {
    const { url, init } = readCurl(line, names)
    return server.fetch(url, init)
  }
  const registered = await curl(register)
  assert.equal(registered.status, 201)
  const { data } = await read(registered)
  assert.equal(data.client_secret, null)
  names.CLIENT_ID = data.client_id
  const visitor = world.visitor()
  await visitor.open(address.replaceAll(/\$(\w+)/g, (_, name: string) => names[name]!))
  await visitor.signIn('dana@example.com', PASSWORD)
  await visitor.allow()
  names.CODE = visitor.answer().code!
  const answer = await read(curl(exchange))
  assert.deepEqual([answer.expires_in, typeof answer.refresh_token], [3600, 'string'], JSON.stringify(answer))
})

test('the commands in the docs and the sample that register a page exist', async () => {
  const place = { cwd: tempFolder() }
  const made = await behalf(['directory', 'create', '--name', 'Harbour', '--host', 'localhost', '--json'], place)
  const { uid } = made.json()
  for (const text of [page, textOf('examples/single-page-app/README.md')]) {
    const [line] = /^npm run -s behalf -- app create .*$/m.exec(text)!
    const words = shellWords(line.replace('DIRECTORY_UID', uid)).slice(5)
    const { code, json, stderr } = await behalf([...words, '--json'], place)
    assert.equal(code, 0, stderr)
    assert.equal(json().public, true)
  }
})
