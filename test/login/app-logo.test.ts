import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { CALLBACK, PKCE, register } from '../oauth/registering.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { documentServer } from '../parts/document-server.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'

/** A picture of one pixel, and the same picture with another size in its header. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080010001001011100ffd9', 'hex')
function sized(width: number, height = width): Buffer {
  const bytes = Buffer.from(PNG)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

type Answer = (response: ServerResponse) => unknown
const picture =
  (bytes: Buffer, type = 'image/png'): Answer =>
  (response) =>
    response.writeHead(200, { 'content-type': type }).end(bytes)

const open = { BEHALF_REGISTRATION: 'open', BEHALF_OUTBOUND_PRIVATE: 'on' }

onBothEngines(async (engine) => {
  const shared = await tellStory({ engine, env: open })

  async function begin({ test: server, world } = shared) {
    const place = await documentServer('')
    const answer = (how: Answer) => {
      place.answer = (_: unknown, response: ServerResponse) => how(response)
    }
    const makeApp = async (logo_uri = place.url) => {
      const { body } = await register(server, { logo_uri })
      return { ...(await server.site.store.apps.findLiveByClientId(body.client_id))!, secret: '' } as TestApp
    }
    /** Returns the URL of the logo in the permission dialog, or undefined. */
    const logoOnPage = async (app: TestApp) => {
      const visitor = world.visitor()
      const signIn = await visitor.open(authorizationPath(app, PKCE))
      assert.ok(signIn.html.includes('id="password"') && !signIn.html.includes('app-logo'))
      const { html } = await visitor.signIn('dana@example.com', PASSWORD)
      assert.ok(html.includes('id="allow"') && !html.includes(`127.0.0.1:${place.port}`))
      return /<img class="app-logo" src="([^"]+)"/.exec(html)?.[1]
    }
    return { server, place, answer, makeApp, logoOnPage }
  }

  test('the server fetches the logo of an app that registered itself, and browsers load it from the server (OpenID Connect Registration §2)', async () => {
    const { server, place, answer, makeApp, logoOnPage } = await begin()
    for (const [bytes, type] of [
      [PNG, 'image/png'],
      [GIF, 'image/gif'],
      [JPEG, 'image/jpeg'],
    ] as const) {
      answer(picture(bytes, `${type.toUpperCase()}; q=1`))
      const address = await logoOnPage(await makeApp(`${place.url}?${type}`))
      assert.match(address!, /^\/assets\/logo\/app\/[a-z0-9]{16}\?v=/, type)
      const response = await server.fetch(address!)
      assert.equal(response.headers.get('content-type'), type)
      assert.match(response.headers.get('content-security-policy')!, /sandbox/)
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes)
    }
  })

  test('a logo, or its absence, is cached for an hour', async () => {
    const { server, place, answer, makeApp, logoOnPage } = await begin()
    answer(picture(PNG))
    const app = await makeApp()
    await Promise.all([logoOnPage(app), logoOnPage(app), logoOnPage(app)])
    server.clock.advance(3599)
    assert.ok(await logoOnPage(app))
    assert.equal(place.asked.length, 1)
    answer((response) => response.writeHead(404).end())
    server.clock.advance(1)
    await logoOnPage(app)
    while (place.asked.length < 2) await new Promise(setImmediate)
    server.clock.advance(3599)
    await logoOnPage(app)
    assert.equal(place.asked.length, 2, 'a host without a logo gets no request for as long')
  })

  test('a file that is no image of an acceptable size is not shown; the page shows the first letter of the name instead', async () => {
    const { server, place, answer, makeApp, logoOnPage } = await begin()
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const answers: Record<string, Answer> = {
      'a drawing': picture(script, 'image/svg+xml'),
      'a drawing that says it is a picture': picture(script),
      'a page': picture(Buffer.from('<h1>'), 'text/html'),
      'another picture than it says': picture(GIF, 'image/png'),
      'too many points': picture(sized(60_000)),
      'too many in one direction': picture(sized(1, 2049)),
      'no points': picture(sized(0)),
      'only a header': picture(PNG.subarray(0, 12)),
      'a JPEG without a frame': picture(Buffer.from('ffd8ffe000044a46ffd9', 'hex'), 'image/jpeg'),
      'too many bytes': picture(Buffer.concat([PNG, Buffer.alloc(65_536)])),
      'a redirect': (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    }
    for (const [what, how] of Object.entries(answers)) {
      answer(how)
      const app = await makeApp(`${place.url}?${encodeURIComponent(what)}`)
      assert.equal(await logoOnPage(app), undefined, what)
      assert.equal((await server.fetch(`/assets/logo/app/${app.uid}`)).status, 404, what)
    }
    answer(picture(sized(2048)))
    assert.ok(await logoOnPage(await makeApp(`${place.url}?large`)))
  })

  test('no page waits for a host that does not answer, and private addresses are never fetched', async () => {
    const slow = await begin()
    slow.answer(() => undefined)
    const app = await slow.makeApp()
    const began = performance.now()
    assert.equal(await slow.logoOnPage(app), undefined)
    assert.ok(performance.now() - began < 3000)
    const strict = await begin(await tellStory({ engine, env: { BEHALF_REGISTRATION: 'open' } }))
    const { body } = await register(strict.server, {
      redirect_uris: [CALLBACK],
      logo_uri: `https://127.0.0.1:${strict.place.port}/`,
    })
    const inside = {
      ...(await strict.server.site.store.apps.findLiveByClientId(body.client_id))!,
      secret: '',
    } as TestApp
    assert.equal(await strict.logoOnPage(inside), undefined)
    assert.equal(strict.place.asked.length, 0)
  })

  test('requests for logos are limited per host, however many apps there are', async () => {
    const { server, place, answer, makeApp } = await begin(
      await tellStory({ engine, env: { ...open, BEHALF_ADDRESS_REGISTRATIONS: '1000' } }),
    )
    answer(picture(PNG))
    const statuses: number[] = []
    for (let n = 0; n < 70; n++) {
      const { uid } = await makeApp(`${place.url}?${n}`)
      statuses.push((await server.fetch(`/assets/logo/app/${uid}`)).status)
    }
    assert.equal(place.asked.length, 60)
    assert.deepEqual([statuses[59], statuses[60]], [200, 404])
  })
})
