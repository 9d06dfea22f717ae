import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { newSigner, tryCredentials } from '../parts/assertions.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { APPS, partner } from './partner.ts'

onBothEngines((engine) => {
  describe('secrets of an app', async () => {
    const { test: server, world } = await tellStory({ engine })
    const directory = partner(server, await world.makePlatformToken('directory'))
    const operator = partner(server, await world.makePlatformToken('internal'))
    const stranger = partner(server, await world.makePlatformToken('directory', await world.makeDirectory('Elsewhere')))

    const begin = async (body: Record<string, unknown> = {}) => {
      const { app_code_name, app_id, client_id, client_secret } = (await directory.register(body)).body.data
      const path = `${APPS}/${app_code_name}/secrets`
      return {
        path,
        uid: app_id as string,
        clientId: client_id as string,
        first: client_secret as string,
        add: (asked: unknown = { name: 'next' }) => directory.call('POST', path, asked),
        list: async () => (await directory.call('GET', path)).body.data.secrets,
        retire: (uid: string) => directory.call('DELETE', `${path}/${uid}`),
        isAccepted: async (secret: string, about = '') =>
          isOAuthError(await tryCredentials(server, { client_id, client_secret: secret }), 400, 'invalid_grant', about),
        isRefused: async (secret: string, about = '') =>
          isOAuthError(
            await tryCredentials(server, { client_id, client_secret: secret }),
            401,
            'invalid_client',
            about,
          ),
      }
    }

    test('one replaces another without a pause', async () => {
      const app = await begin()
      const { status, body } = await app.add({ name: '2027' })
      assert.equal(status, 201)
      const { uid, client_id, client_secret: next, name, created_at, expires_at } = body.data
      assert.deepEqual([body.status, client_id, name, expires_at], ['OK', app.clientId, '2027', null])
      assert.equal(created_at, server.clock.now())
      assert.match(next, /^[0-9a-f]{64}$/)
      await app.isAccepted(app.first)
      await app.isAccepted(next)
      const old = (await app.list()).find((each: { name: string }) => each.name === 'first')
      assert.deepEqual((await app.retire(old.uid)).body, {
        status: 'OK',
        data: { uid: old.uid, ended_at: server.clock.now() },
      })
      await app.isRefused(app.first)
      await app.isAccepted(next)
      assert.deepEqual(
        (await app.list()).map((each: { uid: string }) => each.uid),
        [uid],
      )
      assert.equal((await app.retire(old.uid)).status, 404)
    })

    test('a secret is shown once, and in no later answer, log or audit event', async () => {
      const app = await begin()
      const { body } = await app.add()
      const texts = [
        JSON.stringify((await directory.call('GET', app.path)).body),
        JSON.stringify(await server.site.store.appSecrets.listLive(app.uid, server.clock.now())),
        server.logged.join(''),
      ]
      for (const text of texts) {
        assert.ok(!text.includes(body.data.client_secret.slice(0, 16)))
        assert.ok(!text.includes(app.first.slice(0, 16)))
      }
    })

    test('a secret with an expiry ends at it', async () => {
      const app = await begin()
      const { body } = await app.add({ name: 'trial', expires_in: '3600' })
      assert.equal(body.data.expires_at, server.clock.now() + 3600)
      server.clock.advance(3599)
      await app.isAccepted(body.data.client_secret)
      server.clock.advance(1)
      await app.isRefused(body.data.client_secret)
      await app.isAccepted(app.first)
      assert.equal((await app.list()).length, 1)
      assert.equal((await app.retire(body.data.uid)).status, 404)
    })

    test('the last use of a secret is recorded, but not at every use', async () => {
      const app = await begin()
      const lastUsed = async () => {
        await server.site.lastUsed.flush()
        return (await app.list())[0].last_used_at
      }
      assert.equal(await lastUsed(), null)
      await app.isRefused('f'.repeat(64))
      assert.equal(await lastUsed(), null)
      const start = server.clock.now()
      await app.isAccepted(app.first)
      assert.equal(await lastUsed(), start)
      server.clock.advance(3599)
      await app.isAccepted(app.first)
      assert.equal(await lastUsed(), start, 'recorded to the hour')
      server.clock.advance(1)
      await app.isAccepted(app.first)
      assert.equal(await lastUsed(), start + 3600)
    })

    test('an app has at most ten at a time, even if more are requested at once', async () => {
      const app = await begin()
      const answers = await Promise.all(Array.from({ length: 15 }, (_, index) => app.add({ name: `number ${index}` })))
      assert.equal(answers.filter(({ status }) => status === 201).length, 9)
      const refused = answers.find(({ status }) => status !== 201)!
      assert.equal(refused.status, 422)
      assert.match(refused.body.error, /at most 10 secrets/)
      assert.equal((await app.list()).length, 10)
      await app.retire((await app.list())[3].uid)
      assert.equal((await app.add()).status, 201)
    })

    test('an invalid request for a secret is refused with the name of the field', async () => {
      const app = await begin()
      const bad: [unknown, number, string?][] = [
        [{}, 422, 'name'],
        [{ name: '' }, 422, 'name'],
        [{ name: null }, 422, 'name'],
        [{ name: 7 }, 422, 'name'],
        [{ name: ['x'] }, 422, 'name'],
        [{ name: 'x'.repeat(101) }, 422, 'name'],
        [{ name: 'a\nb' }, 422, 'name'],
        [{ name: 'x', expires_in: 0 }, 422, 'expires_in'],
        [{ name: 'x', expires_in: 59 }, 422, 'expires_in'],
        [{ name: 'x', expires_in: -1 }, 422, 'expires_in'],
        [{ name: 'x', expires_in: 60.5 }, 422, 'expires_in'],
        [{ name: 'x', expires_in: 'soon' }, 422, 'expires_in'],
        [{ name: 'x', expires_in: 631_152_001 }, 422, 'expires_in'],
        [{ name: 'x', expires_in: {} }, 422, 'expires_in'],
        [[], 400],
        ['null', 400],
        ['{', 400],
      ]
      for (const [asked, status, field] of bad) {
        const answer = await app.add(asked)
        assert.deepEqual([answer.status, answer.body.field], [status, field], JSON.stringify([asked, answer.body]))
      }
      assert.equal((await app.list()).length, 1)
      for (const uid of ['x', '%00', '__proto__', "' or 1=1 --", 'x'.repeat(3000)]) {
        const { status } = await app.retire(encodeURIComponent(uid))
        assert.ok(status === 404 || status === 400, `${uid.slice(0, 10)}: ${status}`)
      }
    })

    test('an app whose method needs no secret gets none', async () => {
      const jwks = { keys: [newSigner('ES256').jwk] }
      for (const body of [{ public: true }, { token_endpoint_auth_method: 'private_key_jwt', jwks }]) {
        const app = await begin(body)
        assert.equal(app.first, null)
        assert.deepEqual(await app.list(), [])
        const { status, body: answer } = await app.add()
        assert.equal(status, 422)
        assert.match(answer.error, /cannot have a secret/)
      }
    })

    test('a directory manages only the secrets of its own apps, and a request without a token is refused', async () => {
      const app = await begin()
      const [{ uid }] = await app.list()
      const nobody = partner(server)
      for (const [who, status] of [
        [stranger, 404],
        [nobody, 401],
      ] as const) {
        assert.equal((await who.call('GET', app.path)).status, status)
        assert.equal((await who.call('POST', app.path, { name: 'mine' })).status, status)
        assert.equal((await who.call('DELETE', `${app.path}/${uid}`)).status, status)
      }
      const other = await begin()
      assert.equal((await other.retire(uid)).status, 404, 'with the path of another app')
      await app.isAccepted(app.first)
      assert.equal((await operator.call('GET', app.path)).body.data.secrets.length, 1)
      assert.equal((await operator.call('DELETE', `${app.path}/${uid}`)).status, 200)
      await app.isRefused(app.first)
    })

    test('creating and ending a secret are audit events with the actor', async () => {
      const app = await begin()
      const { body } = await app.add({ name: 'of the audit' })
      await app.retire(body.data.uid)
      for (const type of ['app-secret.created', 'app-secret.ended']) {
        const [event, ...others] = await server.site.store.events.list({ appUid: app.uid, type }, 10)
        assert.equal(others.length, 0)
        assert.equal(event!.subject, body.data.uid)
        assert.match(event!.actor, /^directory:/)
        assert.equal(JSON.parse(event!.details!).name, 'of the audit')
        assert.ok(!event!.details!.includes(body.data.client_secret.slice(0, 16)))
      }
    })

    test('other methods get 405 with Allow', async () => {
      const app = await begin()
      const put = await directory.call('PUT', app.path, {})
      assert.equal(put.status, 405)
      assert.match(put.headers.get('allow')!, /GET.*POST|POST.*GET/)
    })
  })
})
