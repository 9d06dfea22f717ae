import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newUid } from '../../src/kit/id.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { changeApp } from '../parts/permission-dialog.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { newEvent } from '../store/things.ts'
import { PKCE } from './registering.ts'

onBothEngines((engine) => {
  test('a permission for one resource does not cover another (RFC 8707)', async () => {
    const story = await tellStory({ engine })
    const { world, test: server } = story
    const { store, clock } = server.site
    const resource = async (name: string) => {
      const identifier = `https://${name}.example/api`
      const row = { uid: newUid(), identifier, name, directoryUid: null, scopes: null, tokenFormat: null }
      const rest = {
        tokenLifetime: null,
        tokenClaims: null,
        tokenTyp: null,
        secretDigest: null,
        createdAt: clock.now(),
        endedAt: null,
      }
      await store.resources.add({ ...row, ...rest }, false, newEvent({ type: 'app.created', at: clock.now() }))
      return identifier
    }
    const [ledger, payroll] = [await resource('ledger'), await resource('payroll')]
    const app = await world.makeApp({ scopes: ['openid', 'clients_read'] })
    const { visitor } = await connect(story, app, undefined, { scope: 'clients_read', resource: ledger })
    const isRemembered = async (parameters: Record<string, string>) =>
      (await visitor.open(authorizationPath(app, parameters))).away !== undefined
    assert.ok(await isRemembered({ scope: 'clients_read', resource: ledger }))
    assert.ok(!(await isRemembered({ scope: 'clients_read', resource: payroll })))
    assert.match(text(visitor.place.html), /For use with payroll/)
    assert.ok(!(await isRemembered({ scope: 'openid', resource: ledger })))
    assert.ok(!(await isRemembered({ scope: 'clients_read' })), 'nor for the platform itself')
    await visitor.allow()
    assert.ok(await isRemembered({ scope: 'clients_read' }))
    assert.ok(!(await isRemembered({ scope: 'clients_read', resource: payroll })))
    const install = await store.installs.findLive(app.uid, story.bakery.uid)
    assert.deepEqual(install!.scopes, ['clients_read'])
  })

  test('a new name, new redirect URIs or a new authentication method need a new permission', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const { visitor } = await connect(story, app)
    const isRemembered = async () => {
      const isAway = (await visitor.open(authorizationPath(app))).away !== undefined
      if (!isAway) await visitor.allow()
      return isAway
    }
    assert.ok(await isRemembered())
    await changeApp(story, app, { name: 'Another name' })
    assert.ok(!(await isRemembered()))
    assert.ok(await isRemembered())
    await changeApp(story, app, { redirectUris: [app.redirectUri, 'https://elsewhere.example/cb'] })
    assert.ok(!(await isRemembered()))
    await changeApp(story, app, { redirectUris: [app.redirectUri] })
    assert.ok(await isRemembered(), 'fewer redirect URIs need no new permission')
    await changeApp(story, app, { jwksUri: 'https://app.example/keys' })
    assert.ok(!(await isRemembered()))
  })

  test('an app that registered itself needs a new permission each time unless its redirect URI is claimed, with or without a secret (RFC 8252 §8.6)', async () => {
    const story = await tellStory({ engine })
    for (const [details, expected] of [
      [{ origin: 'registered' }, true],
      [{ origin: 'registered', redirectUri: 'http://127.0.0.1/cb' }, false],
      [{ origin: 'document', redirectUri: 'com.example.app:/cb' }, false],
      [{ origin: 'document', redirectUri: 'https://localhost/cb' }, false],
      [{ origin: 'platform', redirectUri: 'http://127.0.0.1/cb' }, true],
      [{ origin: 'platform', redirectUri: 'http://127.0.0.1/cb', public: true }, false],
    ] as const) {
      const app = await story.world.makeApp({ ...details, clientId: `client-${newUid()}` })
      const { visitor } = await connect(story, app, undefined, PKCE)
      const isRemembered = (await visitor.open(authorizationPath(app, PKCE))).away !== undefined
      assert.equal(isRemembered, expected, JSON.stringify(details))
    }
  })
})
