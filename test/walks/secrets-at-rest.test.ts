import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { authorizationPath, basic, exchange, exchangeForm, read, toForm, userinfo } from '../parts/app-calls.ts'
import { askDatabase } from '../parts/ask-database.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { askToken, CLIENT_CREDENTIALS, introspect, makeResource } from '../parts/resources.ts'
import { makeFolder } from '../parts/server-process.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

/** Uses every feature that handles a secret, with valid and invalid requests, and returns every secret that occurred. */
async function live(story: Story): Promise<Map<string, string>> {
  const { test: server, world } = story
  const secrets = new Map<string, string>([['password', PASSWORD]])
  for (const accessTokenFormat of ['opaque', 'jwt'] as const) {
    const app = await world.makeApp({ accessTokenFormat })
    const visitor = world.visitor()
    const login = await visitor.open(authorizationPath(app, { state: 'a-state-of-the-app', nonce: 'a-nonce' }))
    const ticket = new URL(login.url).searchParams.get('ticket')!
    const { csrf } = login.forms.find((form) => 'password' in form.fields)!.fields
    await visitor.signIn('dana@example.com', 'a-wrong-password-of-dana')
    await visitor.signIn(`${PASSWORD}-typed-as-email`, 'x')
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    const { code } = visitor.answer()
    await exchange(server, app, code!, { client_secret: 'a-wrong-secret-of-an-app' })
    await exchangeForm(server, toForm({ code, client_secret: app.secret, grant_type: 'x\0' }))
    const unquoted = `{"client_secret":${app.secret}}`
    const json = { 'content-type': 'application/json' }
    await server.fetch('/oauth/token', { method: 'POST', headers: json, body: unquoted })
    secrets.set(`the beginning of a secret (${accessTokenFormat})`, app.secret.slice(0, 8))
    await exchangeForm(server, toForm({ code }), { authorization: basic(app.clientId, app.secret) })
    await server.fetch(`/oauth/token?${toForm({ code, client_secret: app.secret })}`, { method: 'POST' })
    const { access_token: token, id_token: idToken } = await read(exchange(server, app, code!))
    await userinfo(server, token)
    await server.fetch(`/oauth/userinfo?access_token=${token}`)
    for (const path of [`/${token}`, `/oauth/${idToken}`, `/platform/v1/apps/${app.secret}`]) await server.fetch(path)
    await server.fetch('/oauth/userinfo', { headers: { authorization: `Token ${token}` } })
    await exchange(server, app, code!)
    await userinfo(server, token)
    const all = { ticket, csrf, code, token, idToken, secret: app.secret }
    for (const [name, value] of Object.entries(all)) secrets.set(`${name} (${accessTokenFormat})`, value!)
    for (const [name, value] of visitor.cookies) secrets.set(`${name} (${accessTokenFormat})`, value)
  }
  const alone = await world.makeApp(CLIENT_CREDENTIALS)
  const api = await makeResource(server, null, { identifier: 'https://api.example.com' })
  const { access_token: appToken } = await read(askToken(server, alone, { grant_type: 'client_credentials' }))
  for (const caller of [alone, api, { ...api, secret: alone.secret }]) await introspect(server, caller, appToken)
  await introspect(server, { ...api, secret: 'a-wrong-secret-of-a-resource' }, appToken)
  await server.fetch(`/oauth/introspect?token=${appToken}`, { method: 'POST' })
  const service = { service_id: alone.clientId, service_secret: alone.secret }
  const wrong = { ...service, service_secret: 'a-wrong-secret-of-an-app' }
  for (const body of [service, wrong, { service_secret: alone.secret }]) {
    const headers = { 'content-type': 'application/json' }
    const response = await server.fetch('/oauth/service/token', { method: 'POST', headers, body: JSON.stringify(body) })
    const { access_token: token } = await read(response)
    if (token) secrets.set('service token', token)
  }
  secrets.set('own token of an app', appToken)
  secrets.set('secret of the app with client_credentials', alone.secret)
  secrets.set('secret of a resource', api.secret)
  secrets.set('a wrong secret of a resource', 'a-wrong-secret-of-a-resource')
  secrets.set('a wrong password', 'a-wrong-password-of-dana')
  secrets.set('a wrong secret', 'a-wrong-secret-of-an-app')
  secrets.set('a password typed as email', `${PASSWORD}-typed-as-email`)
  await server.site.lastUsed.flush()
  for (let time = 0; time < 3; time++) await server.site.refusals.flush()
  return secrets
}

/** Checks that neither the secret nor most of it occurs. The first digits of a token are its creation time, which is no secret. */
function assertAbsent(secrets: Map<string, string>, text: string, where: string): void {
  assert.ok(text.length > 1000, `there is something in ${where}`)
  for (const [name, secret] of secrets) {
    const inBase64 = Buffer.from(secret).toString('base64').slice(0, 24)
    for (const trace of secret.length < 24 ? [secret] : [secret, secret.slice(-24), inBase64])
      assert.ok(!text.includes(trace), `${name} is in ${where}`)
  }
}

onBothEngines((engine) => {
  test('neither the database nor the log contains a secret, whole or in part', async () => {
    const folder = makeFolder()
    const databaseUrl = engine === 'sqlite' ? `sqlite:${join(folder, 'behalf.db')}` : await freshDatabase()
    const story = await tellStory({ databaseUrl })
    const secrets = await live(story)
    assert.ok(secrets.size > 15, [...secrets.keys()].join())

    if (engine === 'sqlite') {
      const files = readdirSync(folder)
      assert.ok(files.includes('behalf.db') && files.includes('behalf.db-wal'), files.join())
      for (const file of files) {
        const path = join(folder, file)
        assert.equal(statSync(path).mode & 0o777, 0o600, `${file} is readable only by its owner`)
        if (!file.endsWith('-shm') && statSync(path).size > 0) assertAbsent(secrets, readFileSync(path, 'latin1'), file)
      }
    } else {
      const tables = await askDatabase(databaseUrl, "select tablename from pg_tables where schemaname = 'public'")
      let dump = ''
      for (const { tablename } of tables)
        dump += JSON.stringify(await askDatabase(databaseUrl, `select * from ${tablename}`))
      assertAbsent(secrets, dump, 'the tables')
    }

    const log = story.test.logged.join('')
    assert.match(log, /presented again/, 'the log was on')
    assertAbsent(new Map([...secrets, ['state', 'a-state-of-the-app'], ['nonce', 'a-nonce']]), log, 'the log')
    assert.ok(!log.includes('dana@example.com'), 'the log names no person')
    for (const line of story.test.logged) assert.equal(line.indexOf('\n'), line.length - 1, 'one line per event')
  })

  test('no value in a request can start a new line in the log', async () => {
    const { test: server } = await tellStory({ engine })
    for (const path of ['/%0a{"level":"error"}', '/%1b[31m', '/oauth/authorize?client_id=%0a%0dx', '/x%E2%80%A8y'])
      await server.fetch(path)
    await server.fetch('/oauth/token', { method: 'POST', body: 'x', headers: { 'content-type': 'a/b; charset=\x7f' } })
    for (const line of server.logged) {
      assert.match(line, /^[\x20-\x7E…]+\n$/)
      JSON.parse(line)
    }
  })
})
