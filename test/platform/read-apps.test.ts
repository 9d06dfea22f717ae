import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ENGINES, testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'
import { APPS, partner, REDIRECT_URI } from './partner.ts'

for (const engine of ENGINES) {
  describe(`reading apps on ${engine}`, async () => {
    const server = await testSite({ engine })
    const world = await makeWorld(server)
    const other = await world.makeDirectory('Other')
    const directory = partner(server, await world.makePlatformToken('directory'))
    const stranger = partner(server, await world.makePlatformToken('directory', other))
    const internal = partner(server, await world.makePlatformToken('internal'))
    for (let index = 0; index < 30; index++) {
      server.clock.advance(1)
      await directory.register({ name: `App ${index}` })
    }
    server.clock.advance(1)
    await stranger.register({ name: 'Foreign' })
    server.clock.advance(1)
    await internal.register({ name: 'Ours' })
    const names = async (query = '', who = directory): Promise<string[]> => {
      const { status, body } = await who.call('GET', APPS + query)
      assert.equal(status, 200)
      assert.deepEqual(Object.keys(body), ['status', 'apps'])
      assert.equal(body.status, 'OK')
      return body.apps.map((app: { name: string }) => app.name)
    }
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `App ${from + index}`)

    test('the list contains the directory’s own apps, the oldest first, 25 per page', async () => {
      assert.deepEqual(await names(), numbered(0, 25))
      assert.deepEqual(await names('?page=2'), numbered(25, 30))
      assert.deepEqual(await names('?page=3'), [])
      assert.deepEqual(await names('?page=3&per_page=7'), numbered(14, 21))
      assert.deepEqual(await names('?per_page=100&filter[app_type]=x&sort=name'), numbered(0, 30))
      assert.deepEqual(await names('', stranger), ['Foreign'])
      assert.deepEqual(await names('?per_page=100', internal), [...numbered(0, 30), 'Foreign', 'Ours'])
    })

    test('an invalid page number is refused', async () => {
      for (const bad of ['0', '-1', '1.5', '1e3', "1'--", '%00', '9'.repeat(30), ' 1', 'NaN', '0x10', '१']) {
        for (const name of ['page', 'per_page']) {
          const { status, body } = await directory.call('GET', `${APPS}?${name}=${bad}`)
          assert.ok(status === 422 || status === 400, `${name}=${bad}: ${status}`)
          assert.equal(body.status, 'Error')
        }
      }
      assert.equal((await directory.call('GET', `${APPS}?per_page=101`)).status, 422)
      assert.equal((await directory.call('GET', `${APPS}?page=1&page=2`)).status, 400)
      assert.deepEqual(await names('?page=1000000&per_page=100'), [])
    })

    test('one app is returned in the double wrapper, without its secret', async () => {
      const { status, body } = await directory.show('app0')
      assert.equal(status, 200)
      const { application } = body.data
      assert.deepEqual([body.success, body.data.success], [true, true])
      const { app_id, client_id, created_at, ...rest } = application
      assert.match(client_id, /^[0-9a-f]{64}$/)
      assert.deepEqual(rest, {
        app_code_name: 'app0',
        directory_uid: world.directory.uid,
        name: 'App 0',
        redirect_uri: REDIRECT_URI,
        oauth_redirect_uris: [],
        trusted: false,
        public: false,
        scopes: ['openid', 'profile', 'email', 'clients_read'],
        openid: true,
        access_token_format: 'opaque',
        access_token_lifetime: null,
        client_auth_jwks_uri: null,
      })
      assert.ok(app_id && created_at)
    })

    test('an app of another directory gets the same answer as one that does not exist', async () => {
      const absent = await directory.show('nothing')
      assert.deepEqual([absent.status, absent.body.status], [404, 'Error'])
      const odd = [
        'Foreign',
        'ours',
        '__proto__',
        'constructor',
        'a%00b',
        "' or 1=1--",
        'é',
        'APP0',
        'x'.repeat(5000),
        '%',
        '\ud800',
      ]
      for (const codeName of ['foreign', ...odd]) {
        const path = codeName.isWellFormed() ? codeName : '%ed%a0%80'
        for (const answer of [await directory.show(path), await directory.change(path, { name: 'Mine now' })]) {
          assert.deepEqual({ ...answer.body, reference: '' }, { ...absent.body, reference: '' }, codeName)
          assert.equal(answer.status, 404)
        }
      }
      assert.equal((await directory.call('GET', `${APPS}/%ff%00`)).status, 404)
      assert.equal((await directory.show('\0')).status, 400)
      assert.equal((await internal.show('foreign')).body.data.application.name, 'Foreign')
    })

    test('an ended app is not shown any more, and its code name stays taken', async () => {
      const { body } = await directory.register({ name: 'Ending' })
      const event = newEvent({ type: 'app.ended', at: server.clock.now() })
      await server.site.store.apps.end(body.data.app_id, server.clock.now(), event)
      assert.equal((await directory.show('ending')).status, 404)
      assert.equal((await directory.change('ending', {})).status, 404)
      assert.ok(!(await names('?page=2')).includes('Ending'))
      assert.equal((await directory.register({ app_code_name: 'ending' })).status, 422)
      assert.equal((await directory.register({ name: 'Ending' })).body.data.app_code_name, 'ending_2')
    })
  })
}
