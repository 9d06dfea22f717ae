import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { createDirectory } from '../../src/domain/businesses/directory.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'

const LOOK = {
  primary: '#803070',
  logo: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
}

onBothEngines((engine) => {
  test('every page has the name, colours, logo, support and privacy policy of its directory', async () => {
    const { test: server, world } = await tellStory({ engine })
    const { site } = server
    const links = { support: 'https://help.harbour.example/', privacy: 'https://harbour.example/privacy' }
    await createDirectory({ name: 'Harbour', hosts: ['harbour.example'], ...LOOK, ...links }, operatorActor, site)
    const app = await world.makeApp()
    for (const path of [
      '/login',
      '/signed-out',
      '/logout',
      '/nowhere',
      authorizationPath(app),
      '/oauth/authorize?client_id=unknown',
      '/oauth/logout?post_logout_redirect_uri=x',
      '/login?ticket=x',
      `/login?ticket=${'a'.repeat(64)}`,
      '/login/business',
      '/login/consent',
      '/oauth/resume',
    ]) {
      let response = await server.fetch(`http://harbour.example${path}`)
      for (let hops = 0; response.status === 303 && hops < 5; hops++) {
        const cookie = response.headers
          .getSetCookie()
          .map((line) => line.split(';')[0])
          .join('; ')
        response = await server.fetch(`http://harbour.example${response.headers.get('location')}`, {
          headers: { cookie },
        })
      }
      const html = await response.text()
      assert.match(html, /class="brand-name"><bdi translate="no">Harbour</, path)
      assert.match(html, /<img class="brand-logo" src="\/assets\/logo\/directory\//, path)
      assert.match(html, /href="\/assets\/brand\/\w+\.css/, path)
      const foot = /<footer[\s\S]*<\/footer>/.exec(html)![0]
      assert.equal(
        text(foot),
        'Help from Harbour (opens in a new tab) Privacy policy of Harbour (opens in a new tab)',
        path,
      )
      for (const url of Object.values(links)) assert.ok(foot.includes(`href="${url}" target="_blank"`), path)
    }
  })

  test('support is an https URL or an email address, and the privacy policy an https URL', async () => {
    const { test: server } = await tellStory({ engine })
    const { site } = server
    let count = 0
    const create = async (links: { support?: string; privacy?: string }) => {
      const draft = { name: 'Harbour', hosts: [`h${count++}.example`], ...links }
      return (await createDirectory(draft, operatorActor, site)).directory
    }
    const stored = await site.store.directories.find((await create({ support: 'help@harbour.example' })).uid)
    assert.deepEqual([stored!.supportUrl, stored!.privacyUrl], ['mailto:help@harbour.example', null])
    assert.equal(
      (await create({ support: 'a?b&c#d@harbour.example' })).supportUrl,
      'mailto:a%3Fb%26c%23d@harbour.example',
    )
    for (const support of [
      'http://x.example',
      'javascript:alert(1)',
      'mailto:a@b.example',
      'help',
      'https://a:b@x.example/',
      '',
    ])
      await assert.rejects(create({ support }), /support contact must be/, support)
    for (const privacy of [
      'http://x.example',
      'a@b.example',
      'javascript:alert(1)',
      `https://x.example/${'x'.repeat(1000)}`,
    ])
      await assert.rejects(create({ privacy }), /privacy policy must be/, privacy)
  })
})

test('an error page names the app, and whom to give the support code to', async () => {
  const { test: server, world } = await tellStory()
  await createDirectory(
    { name: 'Harbour', hosts: ['harbour.example'], support: 'help@harbour.example' },
    operatorActor,
    server.site,
  )
  const page = async (path: string) => (await server.fetch(`http://harbour.example${path}`)).text()
  const app = await world.makeApp({ name: 'Quill' })
  const wrong = (client: string) => page(`/oauth/authorize?client_id=${client}&redirect_uri=https://evil.example/`)
  const html = await wrong(app.clientId)
  assert.match(
    text(html),
    /Quill is not set up correctly\. Give its support this code\. .*Support code \w+ For developers: /,
  )
  assert.ok(!html.includes('id="unverified"') && !html.includes('id="support"'))
  const stranger = await world.makeApp({ name: 'Northwind', origin: 'registered', public: true })
  assert.match(await wrong(stranger.clientId), /id="unverified">Unverified app</)
  assert.match(text(await wrong('unknown')), /If an app sent you here, it is not set up correctly\./)
  assert.match(
    await page('/nowhere'),
    /id="reference"[^>]*>\w+<\/code> · <a id="support" href="mailto:help@harbour.example"/,
  )
})
