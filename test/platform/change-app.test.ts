import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ENGINES, testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { APPS, partner, REDIRECT_URI } from './partner.ts'

for (const engine of ENGINES) {
  describe(`changing an app on ${engine}`, async () => {
    const server = await testSite({ engine })
    const { store } = server.site
    const world = await makeWorld(server)
    const directory = partner(server, await world.makePlatformToken('directory'))
    const internal = partner(server, await world.makePlatformToken('internal'))
    const make = async (body: Record<string, unknown> = {}) => {
      const answer = await directory.register(body)
      assert.equal(answer.status, 201, JSON.stringify(answer.body))
      return answer.body.data
    }
    const eventsOf = async (appUid: string) =>
      (await store.events.list({ appUid, type: 'app.changed' }, 100)).map(({ actor, details, reference }) => ({
        actor,
        details: JSON.parse(details!),
        reference,
      }))

    test('an empty body changes nothing and succeeds', async () => {
      const app = await make()
      const before = await store.apps.findLive(app.app_id)
      for (const body of [undefined, '', {}, { name: 'My first app', trusted: 'false', unknown: 1 }]) {
        const answer = await directory.change(app.app_code_name, body)
        assert.equal(answer.status, 200)
        assert.deepEqual(Object.keys(answer.body), ['application', 'success'])
        assert.equal(answer.body.success, true)
        assert.equal(answer.body.application.trusted, 'false')
      }
      assert.deepEqual(await store.apps.findLive(app.app_id), before)
      assert.deepEqual(await eventsOf(app.app_id), [])
    })

    test('the members of the body are changed, the others stay, and the audit event lists the changes', async () => {
      const app = await make({ oauth_redirect_uris: ['https://app.example/second'], description: { text: 'Old' } })
      const before = await store.apps.findLive(app.app_id)
      const answer = await directory.change(app.app_code_name, {
        name: 'Renamed',
        redirect_uri: 'https://app.example/new',
        access_token_format: 'jwt',
        access_token_lifetime: 900,
        scopes: { 0: 'openid', 1: 'clients_read' },
        app_type: ['payments'],
      })
      assert.equal(answer.status, 200)
      const after = await store.apps.findLive(app.app_id)
      assert.deepEqual(after, {
        ...before,
        name: 'Renamed',
        redirectUri: 'https://app.example/new',
        redirectUris: ['https://app.example/new', 'https://app.example/second'],
        accessTokenFormat: 'jwt',
        accessTokenLifetime: 900,
        scopes: ['openid', 'clients_read'],
        listing: { description: { text: 'Old' }, app_type: ['payments'] },
      })
      assert.equal(answer.body.application.app_code_name, app.app_code_name)
      const [event, ...others] = await eventsOf(app.app_id)
      assert.deepEqual(others, [])
      assert.equal(event!.actor, `directory:${world.directory.uid}`)
      assert.match(event!.reference!, /^[a-z0-9]{12}$/)
      assert.deepEqual(event!.details.changed.sort(), [
        'accessTokenFormat',
        'accessTokenLifetime',
        'listing',
        'name',
        'redirectUri',
        'redirectUris',
        'scopes',
      ])
    })

    test('null removes an optional setting', async () => {
      const app = await make({
        client_auth_jwks_uri: 'https://app.example/jwks',
        access_token_lifetime: 900,
        api_uri: 'https://api.app.example/',
        oauth_redirect_uris: ['https://app.example/second'],
      })
      const change = { client_auth_jwks_uri: null, access_token_lifetime: '', api_uri: null, oauth_redirect_uris: [] }
      assert.equal((await directory.change(app.app_code_name, change)).status, 200)
      const after = await store.apps.findLive(app.app_id)
      assert.deepEqual([after!.jwksUri, after!.accessTokenLifetime, after!.listing], [null, null, {}])
      assert.deepEqual(after!.redirectUris, [REDIRECT_URI])
    })

    test('only the platform changes trusted; a directory that sends it changes the rest', async () => {
      const app = await make({ trusted: true })
      for (const trusted of [false, 'false', 'true']) {
        const { status, body } = await directory.change(app.app_code_name, { trusted, name: `Renamed ${trusted}` })
        assert.deepEqual([status, body.application.trusted], [200, 'true'])
        const { name, trusted: stored } = (await store.apps.findLive(app.app_id))!
        assert.deepEqual([name, stored], [`Renamed ${trusted}`, true])
      }
      // Events of one second have no order.
      server.clock.advance(1)
      const taken = await internal.change(app.app_code_name, { trusted: 'false' })
      assert.deepEqual([taken.status, taken.body.application.trusted], [200, 'false'])
      const [event] = await eventsOf(app.app_id)
      const { platformTokenUid, ...details } = event!.details
      assert.deepEqual(details, { changed: ['trusted'], trusted: false })
      assert.equal(event!.actor, `internal:${platformTokenUid}`)
      const registered = { name: 'Again', redirect_uri: REDIRECT_URI, trusted: 'true' }
      const repeated = await directory.change(app.app_code_name, registered)
      assert.deepEqual([repeated.status, repeated.body.application.trusted], [200, 'false'])
      const { name, trusted } = (await store.apps.findLive(app.app_id))!
      assert.deepEqual([name, trusted], ['Again', false])
    })

    test('the identifiers of an app cannot change: the current value is accepted, another is refused', async () => {
      const app = await make()
      const same = {
        app_code_name: app.app_code_name,
        app_id: app.app_id,
        client_id: app.client_id,
        client_secret: app.client_secret,
        directory_uid: world.directory.uid,
        public: false,
        token_endpoint_auth_method: 'client_secret_post',
      }
      assert.equal((await directory.change(app.app_code_name, same)).status, 200)
      const others: Record<string, unknown> = {
        app_code_name: 'another',
        app_id: 'another',
        client_id: 'f'.repeat(64),
        client_secret: 'f'.repeat(64),
        directory_uid: 'another',
        public: true,
      }
      for (const [field, value] of Object.entries(others)) {
        const { status, body } = await internal.change(app.app_code_name, { name: 'Sneaked in', [field]: value })
        assert.deepEqual([status, body.field], [422, field])
      }
      const method = await internal.change(app.app_code_name, { token_endpoint_auth_method: 'none' })
      assert.deepEqual([method.status, method.body.field], [422, 'public'])
      assert.equal((await store.apps.findLive(app.app_id))!.name, 'My first app')
    })

    test('sending an app back unchanged changes nothing', async () => {
      const app = await make({ oauth_redirect_uris: ['com.example.app:/cb'], menu_items: [{ title: 'Open' }] })
      const { application } = (await directory.show(app.app_code_name)).body.data
      const { status, body } = await directory.change(app.app_code_name, application)
      assert.equal(status, 200)
      assert.deepEqual(body.application, { ...application, trusted: 'false' })
      assert.deepEqual(await eventsOf(app.app_id), [])
    })

    test('an internal scope set by the platform stays, and a directory cannot add one', async () => {
      const app = await make()
      assert.equal((await directory.change(app.app_code_name, { scopes: ['staff_read'] })).status, 422)
      assert.equal((await internal.change(app.app_code_name, { scopes: ['openid', 'staff_read'] })).status, 200)
      assert.equal((await directory.change(app.app_code_name, { scopes: ['staff_read', 'email'] })).status, 200)
      assert.equal((await directory.change(app.app_code_name, { scopes: ['email'] })).status, 200)
      assert.equal((await directory.change(app.app_code_name, { scopes: ['staff_read'] })).status, 422)
    })

    test('a refused change changes nothing', async () => {
      const app = await make()
      const { status, body } = await directory.change(app.app_code_name, {
        name: 'Half',
        redirect_uri: 'http://evil.example',
      })
      assert.deepEqual([status, body.field], [422, 'redirect_uri'])
      assert.equal((await store.apps.findLive(app.app_id))!.name, 'My first app')
    })

    test('two concurrent changes do not undo each other', async () => {
      const app = await make({ trusted: true, oauth_redirect_uris: ['https://app.example/old'] })
      const path = app.app_code_name
      const answers = await Promise.all([
        internal.change(path, { trusted: false }),
        directory.change(path, { name: 'Renamed' }),
        directory.change(path, { oauth_redirect_uris: [] }),
        directory.change(path, { api_uri: 'https://api.app.example/' }),
        directory.change(path, { full_screen: true }),
      ])
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200, 200],
      )
      const after = await store.apps.findLive(app.app_id)
      assert.deepEqual([after!.trusted, after!.name, after!.redirectUris], [false, 'Renamed', [REDIRECT_URI]])
      assert.deepEqual(after!.listing, { api_uri: 'https://api.app.example/', full_screen: true })
      assert.equal((await eventsOf(app.app_id)).length, 5)
    })

    test('the path selects the app; a body that names another one does not change that other one', async () => {
      const [mine, victim] = [await make(), await make({ name: 'Victim' })]
      for (const body of [
        { app_code_name: victim.app_code_name, name: 'Hijacked' },
        { app_id: victim.app_id, name: 'Hijacked' },
        { client_id: victim.client_id, name: 'Hijacked' },
      ]) {
        const query = `?app_code_name=${victim.app_code_name}&code_name=${victim.app_code_name}`
        const answer = await directory.call('PUT', `${APPS}/${mine.app_code_name}${query}`, body)
        assert.equal(answer.status, 422)
      }
      assert.equal((await store.apps.findLive(victim.app_id))!.name, 'Victim')
    })
  })
}
