import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changeDirectory, createDirectory } from '../../src/domain/businesses/directory.ts'
import type { LookDraft } from '../../src/domain/businesses/directory-look.ts'
import { authorizationPath, read, userinfo } from '../parts/app-calls.ts'
import { installs, onBothEngines, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { freshUrl } from '../store/engines.ts'
import { newEvent } from '../store/things.ts'

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
const LOGO = Buffer.from(PICTURE)

onBothEngines((engine) => {
  const begin = async () => {
    const databaseUrl = await freshUrl(engine)
    const story = await tellStory({ engine, databaseUrl })
    const { site } = story.test
    const { uid } = story.world.directory
    const change = (draft: LookDraft, by = operatorActor) => changeDirectory(uid, draft, by, site)
    const find = async () => (await site.store.directories.find(uid))!
    return { ...story, databaseUrl, site, uid, change, find }
  }

  test('every part of what people see of a directory can be changed, and reset to its default', async () => {
    const { site, uid, change, find } = await begin()
    const before = await find()
    await change({
      ...{ name: 'Harbour', primary: '#123', text: '#EEEEEE', locale: 'EN-gb' },
      ...{ support: 'help@harbour.example', privacy: 'https://harbour.example/privacy', logo: LOGO },
    })
    const changed = await find()
    assert.deepEqual([changed.name, changed.theme.name, changed.host], ['Harbour', 'Harbour', before.host])
    const { primary, secondary } = before.theme.colors
    assert.notEqual(primary, secondary)
    assert.deepEqual(changed.theme.colors, { primary: '#112233', secondary, text: '#eeeeee' })
    assert.equal(changed.theme.locale, 'en-GB')
    assert.equal(changed.supportUrl, 'mailto:help@harbour.example')
    assert.match(changed.theme.logo!, new RegExp(`^/assets/logo/directory/${uid}\\?v=\\w{12}$`))
    const [event] = await site.store.events.list({ type: 'directory.changed' }, 9)
    assert.deepEqual([event!.directoryUid, event!.actor], [uid, 'operator'])
    assert.deepEqual(JSON.parse(event!.details!).changed, [
      'name',
      'colors',
      'locale',
      'logo',
      'supportUrl',
      'privacyUrl',
    ])

    await change({ primary: null, secondary: null, logo: null, support: null, locale: null })
    const reset = await find()
    assert.equal(reset.theme.colors.primary, reset.theme.colors.secondary)
    assert.deepEqual([reset.logo, reset.theme.logo, reset.supportUrl, reset.theme.locale], [null, null, null, 'en'])
    assert.equal(reset.privacyUrl, 'https://harbour.example/privacy', 'what is left out stays')
    await change({ primary: '#445566' })
    assert.equal((await find()).theme.colors.secondary, '#445566', 'the second color follows until it is set')
    await change({})
    await change({ name: 'Harbour' })
    assert.equal((await site.store.events.list({ type: 'directory.changed' }, 9)).length, 3, 'no change, no event')
  })

  test('a wrong value, a partner or an ended directory changes nothing', async () => {
    const { site, uid, change, find } = await begin()
    const before = await find()
    const wrong: [LookDraft, string][] = [
      [{ name: ' ' }, 'name'],
      [{ primary: 'red' }, 'primary'],
      [{ locale: 'not a tag' }, 'locale'],
      [{ support: 'javascript:x' }, 'support'],
      [{ privacy: 'http://a.example' }, 'privacy'],
      [{ name: 'Other', logo: Buffer.from('<html>') }, 'logo'],
    ]
    for (const [draft, field] of wrong) await assert.rejects(change(draft), { field, status: 422 }, field)
    const partner = { ...operatorActor, directoryUid: uid }
    assert.equal(await change({ name: 'Mine' }, partner), undefined)
    assert.deepEqual(await find(), before)
    await site.store.directories.end(uid, 1, newEvent({ type: 'directory.ended', at: 1 }))
    assert.equal(await change({ name: 'Late' }), undefined)
  })

  test('changes of two servers at the same moment are both kept', async () => {
    const { databaseUrl, test: server, uid, site, find } = await begin()
    const { site: other } = await testSite({ engine, databaseUrl, clock: server.clock })
    for (let round = 0; round < 5; round++) {
      const [name, locale] = [`Name ${round}`, `en-${'ABCDE'[round]}X`]
      await Promise.all([
        changeDirectory(uid, { name }, operatorActor, site),
        changeDirectory(uid, { locale }, operatorActor, other),
      ])
      const found = await find()
      assert.deepEqual([found.name, found.theme.locale], [name, locale])
    }
  })

  test('userinfo has the logo as a URL that serves it, and no name of another company', async () => {
    const story = await begin()
    const { test: server, change, uid } = story
    const { token } = await installs(story, await story.world.makeApp())
    const theme = async () => (await read(userinfo(server, token))).brand_theme
    assert.equal((await theme()).logo, null)
    await change({ logo: LOGO, primary: '#123456' })
    const { logo, colors, powered_by } = await theme()
    assert.ok(logo.startsWith(`${server.site.config.issuer}/assets/logo/directory/${uid}?v=`), logo)
    assert.equal(colors.primary, '#123456')
    assert.deepEqual(Object.keys(powered_by), ['parent_goto_url', 'parent_logo_bright', 'parent_logo_dark'])
    const served = await server.fetch(logo)
    assert.deepEqual([served.status, await served.text()], [200, PICTURE])
    const made = await createDirectory({ name: 'New', hosts: ['new.example'], logo: LOGO }, operatorActor, server.site)
    assert.equal((await server.fetch(made.directory.theme.logo!)).status, 200)
    assert.doesNotMatch(JSON.stringify(made.directory.theme), /intandem/i)
  })

  test('the locale of a directory decides the region of its pages', async () => {
    const { test: server, world, change } = await begin()
    const app = await world.makeApp()
    const languageOf = async (accepted: string) => {
      const visitor = world.visitor()
      const headers = { 'accept-language': accepted }
      const { html } = await visitor.open(authorizationPath(app), { headers })
      return /<html lang="([^"]*)"/.exec(html)?.[1]
    }
    assert.equal(await languageOf('en-US'), 'en')
    await change({ locale: 'en-GB' })
    for (const accepted of ['en-US', 'fr', '']) assert.equal(await languageOf(accepted), 'en-GB', accepted)
    await change({ locale: 'pt-BR' })
    assert.equal(await languageOf('pt-BR'), 'en', 'the texts are English, so the page is')
    assert.ok(server)
  })
})
