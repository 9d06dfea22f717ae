import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { authorizationPath } from '../parts/app-calls.ts'
import { changeDatabase } from '../parts/ask-database.ts'
import { newSigner } from '../parts/assertions.ts'
import { answerDialog, changeApp, hasCode, openDialog } from '../parts/permission-dialog.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import type { TestApp } from '../parts/world.ts'
import { freshUrl } from '../store/engines.ts'
import { ask, CALLBACK, PKCE, register } from './registering.ts'

const keys = { keys: [newSigner('ES256').jwk] }

/** Runs statements in another process's transaction. Returns the function that commits it. */
async function beginChange(url: string, ...statements: string[]): Promise<() => Promise<void>> {
  if (url.startsWith('sqlite:')) {
    const db = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5000 })
    for (const statement of ['begin immediate', ...statements]) db.exec(statement)
    return async () => {
      db.exec('commit')
      db.close()
    }
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of ['begin', ...statements]) await client.query(statement)
  return async () => {
    await client.query('commit')
    await client.end()
  }
}

onBothEngines((engine) => {
  const begin = async () => {
    const databaseUrl = await freshUrl(engine)
    const env = { BEHALF_NAME: 'Northwind', BEHALF_REGISTRATION: 'open' }
    const story = await tellStory({ engine, env, databaseUrl })
    const node = await testSite({ engine, env, databaseUrl, clock: story.test.clock })
    return { ...story, databaseUrl, node }
  }
  const isConnected = async ({ test: server, bakery }: Story, app: TestApp) =>
    (await server.site.store.installs.findLive(app.uid, bakery.uid)) !== undefined

  test('what the dialog showed of an app and then changed is not approved', async () => {
    const story = await begin()
    const { test: server, world, databaseUrl } = story
    const inStore = (change: Partial<TestApp>) => (app: TestApp) => changeApp(story, app, change)
    const inDatabase = (statement: (app: TestApp) => string) => (app: TestApp) =>
      changeDatabase(databaseUrl, statement(app))
    const changes: Record<string, (app: TestApp) => Promise<void>> = {
      name: inStore({ name: 'Another name' }),
      'a further redirect URI': inStore({ redirectUris: [CALLBACK, 'https://evil.example/'] }),
      'the URL of its keys': inStore({ jwksUri: 'https://evil.example/keys' }),
      'its keys': inStore({ protocol: { jwks: keys } }),
      'how it authenticates': inStore({ protocol: { authMethod: 'client_secret_post' } }),
      'that it is public': inStore({ public: true, protocol: {} }),
      owner: inDatabase(({ uid }) => `update apps set directory_uid = null where uid = '${uid}'`),
      publisher: inDatabase((app) => `update directories set name = 'Southwind' where uid = '${app.directoryUid}'`),
    }
    for (const [what, change] of Object.entries(changes)) {
      const app = await world.makeApp({ scopes: ['openid'], redirectUri: CALLBACK })
      const visitor = await openDialog(story, app, PKCE)
      const shown = visitor.place
      await change(app)
      // All reads of one turn of the event loop see the database at one moment.
      await sleep(5)
      assert.ok(!hasCode(await answerDialog(story, shown, visitor.cookies)), what)
      assert.equal(await isConnected(story, app), false, what)
      await visitor.open(shown.url)
      await visitor.allow()
      assert.ok(visitor.answer().code, `the changed dialog can be allowed: ${what}`)
    }
    const same = await world.makeApp({ scopes: ['openid', 'clients_read'], redirectUri: CALLBACK })
    const visitor = await openDialog(story, same, { scope: 'openid' })
    await changeApp(story, same, { accessTokenLifetime: 60, listing: { app_type: 'x' }, scopes: ['openid'] })
    assert.ok(hasCode(await answerDialog(story, visitor.place, visitor.cookies)), 'other changes do not matter')
    assert.ok(await server.site.store.apps.findLive(same.uid))
  })

  test('an app that is being renamed by another server while a person allows it is not approved', async () => {
    const story = await begin()
    const { test: server, world, databaseUrl } = story
    const loopback = 'http://127.0.0.1:4567/cb'
    for (const [origin, redirectUri] of [
      ['platform', CALLBACK],
      ['registered', CALLBACK],
      ['registered', loopback],
    ] as const) {
      const about = `${origin} ${redirectUri}`
      const app = await world.makeApp({ scopes: ['openid'], origin, redirectUri, directoryUid: null })
      if (redirectUri === CALLBACK)
        await connect(story, app, 'omar@example.com', { ...PKCE, business_uid: story.bakery.uid })
      const visitor = await openDialog(story, app, PKCE)
      const commit = await beginChange(
        databaseUrl,
        `update apps set name = 'Renamed' where uid = '${app.uid}'`,
        `delete from consents where app_uid = '${app.uid}'`,
      )
      const answering = answerDialog(story, visitor.place, visitor.cookies)
      await sleep(300)
      await commit()
      const answer = await answering
      assert.ok(!hasCode(answer), about)
      const [event] = await server.site.store.events.list({ appUid: app.uid, type: 'consent.given' }, 9)
      assert.equal(event?.actor.includes(story.dana.uid) ?? false, false, about)
      const next = await visitor.open(answer.headers.get('location')!)
      assert.match(next.html, /Renamed/, 'the dialog is shown again, as the app is now')
      await visitor.allow()
      assert.ok(visitor.answer().code, about)
    }
  })

  test('of a change of an app and an approval at the same moment, either the change comes first or people are asked again', async () => {
    const story = await begin()
    const { test: server, node } = story
    for (let round = 0; round < 6; round++) {
      const { body } = await register(server)
      const found = (await server.site.store.apps.findLiveByClientId(body.client_id))!
      const app: TestApp = { ...found, secret: body.client_secret }
      const visitor = await openDialog(story, app, PKCE)
      const rename = () =>
        ask(node, 'PUT', body.registration_client_uri, {
          token: body.registration_access_token,
          body: { client_id: body.client_id, redirect_uris: [CALLBACK], client_name: `Renamed ${round}` },
        })
      const acts = [() => answerDialog(story, visitor.place, visitor.cookies), rename]
      const answers = await Promise.all((round % 2 === 0 ? acts : acts.reverse()).map((act) => act()))
      for (const { status } of answers) assert.ok(status < 500, String(status))
      const place = await visitor.open(authorizationPath(app, PKCE))
      assert.ok(place.url.includes('/login/consent'), `round ${round}: the renamed app is asked about`)
    }
  })

  test('an app that authenticates in another way is asked about again, also when its old keys stay registered', async () => {
    const story = await begin()
    const { test: server } = story
    const ways = [
      { token_endpoint_auth_method: 'private_key_jwt' },
      { token_endpoint_auth_method: 'client_secret_basic' },
      { token_endpoint_auth_method: 'private_key_jwt' },
      { token_endpoint_auth_method: 'client_secret_post' },
    ]
    const { body } = await register(server, { ...ways[0], jwks: keys })
    const found = (await server.site.store.apps.findLiveByClientId(body.client_id))!
    const app: TestApp = { ...found, secret: '' }
    const { visitor } = await connect(story, app, undefined, PKCE)
    const isAsked = async () => (await visitor.open(authorizationPath(app, PKCE))).url.includes('/login/consent')
    let token = body.registration_access_token
    const put = async (way: object) => {
      const answer = await ask(server, 'PUT', body.registration_client_uri, {
        token,
        body: {
          client_id: body.client_id,
          client_name: body.client_name,
          redirect_uris: [CALLBACK],
          jwks: keys,
          ...way,
        },
      })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      assert.deepEqual(answer.body.jwks, keys)
      token = answer.body.registration_access_token
    }
    await put(ways[0]!)
    assert.equal(await isAsked(), false, 'nothing changed')
    for (const way of ways.slice(1)) {
      await put(way)
      assert.ok(await isAsked(), way.token_endpoint_auth_method)
      await visitor.allow()
      assert.ok(visitor.answer().code)
      assert.equal(await isAsked(), false, 'once')
    }
  })
})
