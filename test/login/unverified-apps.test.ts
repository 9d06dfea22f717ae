import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { App } from '../../src/store/nouns/apps.ts'
import { authorizationPath } from '../parts/app-calls.ts'
import { openDialog } from '../parts/permission-dialog.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const PKCE = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const STRANGER = { origin: 'registered', public: true, directoryUid: null } as const

onBothEngines(async (engine) => {
  const story = await tellStory({ engine, env: { BEHALF_NAME: 'Harbour' } })
  const { world } = story

  /** Returns the permission dialog of an app that introduced itself, and its warning. */
  async function dialogOf(details: Partial<App>) {
    const app = await world.makeApp({ ...STRANGER, ...details })
    const { place } = await openDialog(story, app, PKCE)
    const [, style, said] = /<div class="(note|problem)" id="caution">([\s\S]*?)<\/div>/.exec(place.html) ?? []
    return { html: place.html, style, said: said && text(said) }
  }

  test('before the dialog, an app that introduced itself has no logo and is called unverified', async () => {
    const listing = { description: { logo: LOGO } }
    const stranger = await world.makeApp({ ...STRANGER, listing })
    const known = await world.makeApp({ listing })
    const visitor = world.visitor()
    const pages = async (app: typeof known) => {
      const signIn = (await visitor.open(authorizationPath(app, { ...PKCE, prompt: 'login' }))).html
      const business = (await visitor.signIn('omar@example.com', PASSWORD)).html
      assert.match(business, /id="choose"/)
      return [signIn, business]
    }
    for (const html of await pages(stranger)) {
      assert.ok(!html.includes('app-logo'))
      assert.match(html, /id="unverified">Unverified app</)
    }
    for (const html of await pages(known)) {
      assert.match(html, /class="app-logo"/)
      assert.ok(!html.includes('Unverified'))
    }
  })

  test('the warning stands below the title and describes the Allow button', async () => {
    const { html, style, said } = await dialogOf({ name: 'Quill' })
    assert.match(html, /<\/h1>\s*<\/div>\s*<div class="note" id="caution">/)
    assert.match(html, /<button[^>]*id="allow"[^>]*aria-describedby="caution"/)
    assert.equal(style, 'note')
    assert.equal(
      said,
      'Northwind has not checked this app. Allow it only if you know app.example and just came from there.',
    )
    const known = await openDialog(story, await world.makeApp())
    assert.ok(!known.place.html.includes('caution'))
  })

  test('the warning is stronger where any program on the device can receive the code', async () => {
    for (const redirectUri of [
      'http://127.0.0.1:1/cb',
      'http://localhost/cb',
      'com.example.quill:/cb',
      'cursor://x/cb',
    ]) {
      const { style, said } = await dialogOf({ name: 'Quill', redirectUri, redirectUris: [redirectUri] })
      assert.equal(style, 'problem', redirectUri)
      assert.match(said!, /any program on this device can pretend to be it/)
    }
  })

  test('the dialog flags a name that contains or imitates that of the directory, the platform or another app', async () => {
    await world.makeApp({ name: 'Zenith Pro' })
    await world.makeApp({ name: 'Almanac', directoryUid: null })
    const elsewhere = await world.makeDirectory('Southwind')
    await world.makeApp({ name: 'Velocity', directoryUid: elsewhere.uid })
    const cases: [string, string | undefined][] = [
      ['Northwind', 'This app is not from Northwind.'],
      ['Nоrthwind Support', 'This app is not from Northwind.'],
      ['NORTHVVIND', 'This app is not from Northwind.'],
      ['northwindlogin', 'This app is not from Northwind.'],
      ['Harbour backup', 'This app is not from Harbour.'],
      ['Zenith  Pro', 'This app is not Zenith Pro.'],
      ['My ZenithPro', 'This app is not Zenith Pro.'],
      ['Zеnith-Рrо (official)', 'This app is not Zenith Pro.'],
      ['A1manac', 'This app is not Almanac.'],
      ['Velocity', undefined],
      ['Quill', undefined],
    ]
    for (const [name, warning] of cases) {
      const { html, style, said } = await dialogOf({ name, listing: { description: { logo: LOGO } } })
      assert.equal(style, warning ? 'problem' : 'note', name)
      assert.equal(
        said!.startsWith(`${warning} It only has a similar name. `),
        warning !== undefined,
        `${name}: ${said}`,
      )
      assert.equal(html.includes('app-logo'), !warning, name)
    }
    const own = await openDialog(story, await world.makeApp({ name: 'Northwind Payroll' }))
    assert.ok(!own.place.html.includes('caution'), 'the directory may use its own name')
  })
})
