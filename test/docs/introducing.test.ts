import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { createPlatformToken } from '../../src/domain/tokens/platform-token.ts'
import { read } from '../parts/app-calls.ts'
import { testSite } from '../parts/test-site.ts'
import { blocksUnder, readCurl } from './curl.ts'

const page = readFileSync(new URL('../../docs/dynamic-registration.md', import.meta.url), 'utf8')

test('the commands of docs/dynamic-registration.md register an app, read it, change it and delete it', async () => {
  const server = await testSite({ env: { BEHALF_REGISTRATION: 'token' } })
  const { token } = await createPlatformToken(
    { kind: 'registration', directoryUid: null, name: 'documentation' },
    operatorActor,
    server.site,
  )
  const names: Record<string, string> = { TOKEN: token }
  const curl = (line: string) => {
    const { url, init } = readCurl(line, names)
    return server.fetch(url, init)
  }
  const [register] = blocksUnder(page, '## Register: `POST /oauth/register`', 'sh') as [string]
  const [documented] = blocksUnder(page, '## Register: `POST /oauth/register`', 'json') as [string]
  const [show, change, end] = blocksUnder(page, '## Read, change and end: `/oauth/register/{client_id}`', 'sh') as [
    string,
    string,
    string,
  ]
  const registered = await curl(register)
  assert.equal(registered.status, 201)
  const body = await read(registered)
  assert.deepEqual(Object.keys(body).sort(), Object.keys(JSON.parse(documented)).sort())
  names.CLIENT_ID = body.client_id
  names.REGISTRATION_TOKEN = body.registration_access_token
  assert.equal((await curl(show)).status, 200)
  const changed = await read(curl(change))
  assert.deepEqual(changed.redirect_uris, ['https://assistant.example/oauth/callback'])
  names.REGISTRATION_TOKEN = changed.registration_access_token
  assert.equal((await curl(end)).status, 204)
  assert.equal((await curl(show)).status, 401)
  const [wrong] = blocksUnder(page, '## Errors', 'json') as [string]
  const refused = await server.fetch('/oauth/register', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['http://assistant.example/'] }),
  })
  assert.deepEqual({ ...(await read(refused)), reference: '' }, { ...JSON.parse(wrong), reference: '' })
})
