import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mirroredMessages } from '../login/mirrored-messages.ts'
import { authorizationPath, read } from '../parts/app-calls.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

const HEBREW = /<html lang="he" dir="rtl"/
const ENGLISH = /<html lang="en" dir="ltr"/

onBothEngines(async (engine) => {
  const { test: server, world } = await tellStory({ engine, own: { messages: await mirroredMessages() } })
  const app = await world.makeApp()

  test('ui_locales selects the language of every page, the first one that is supported (OpenID Connect Core §3.1.2.1)', async () => {
    const visitor = world.visitor()
    const parameters = { ui_locales: 'fr-CA he-IL en', response_mode: 'form_post' }
    assert.match((await visitor.open(authorizationPath(app, parameters))).html, HEBREW)
    assert.match((await visitor.signIn('dana@example.com', 'not it')).html, HEBREW)
    assert.match((await visitor.signIn('dana@example.com', PASSWORD)).html, HEBREW)
    assert.match((await visitor.allow()).html, HEBREW)
    const { ui_locales_supported: supported } = await read(server.fetch('/.well-known/openid-configuration'))
    assert.deepEqual(supported.toSorted(), ['en', 'he'])
  })

  test('ui_locales takes precedence over Accept-Language, which applies if no requested language is supported', async () => {
    const cases: [Record<string, string>, string, RegExp][] = [
      [{ ui_locales: 'he' }, 'en', HEBREW],
      [{ ui_locales: 'en' }, 'he', ENGLISH],
      [{ ui_locales: 'fr' }, 'he', HEBREW],
      [{ ui_locales: 'he_IL' }, 'en', HEBREW],
      [{ lang: 'he' }, 'en', HEBREW],
      [{ claims_locales: 'he' }, 'en', ENGLISH],
      [{}, 'he', HEBREW],
    ]
    for (const [parameters, browser, expected] of cases) {
      const visitor = world.visitor()
      const { url } = await visitor.open(authorizationPath(app, parameters))
      const { html } = await visitor.open(url, { headers: { 'accept-language': browser } })
      assert.match(html, expected, JSON.stringify([parameters, browser]))
    }
  })
})
