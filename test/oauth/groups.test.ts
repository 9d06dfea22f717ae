import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { decodeJwt } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changePerson } from '../../src/domain/people/change-person.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import { exchange, exchangeForm, read, userinfo } from '../parts/app-calls.ts'
import { makeResource } from '../parts/resources.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'
import { partner } from '../platform/partner.ts'
import { freshUrl } from '../store/engines.ts'

/** Returns the roles and groups that an app gets in the ID token and at userinfo. */
async function groupsOf(story: Story, details: Partial<App>, email: string, parameters: Record<string, string>) {
  const app = await story.world.makeApp(details)
  const { code } = await connect(story, app, email, parameters)
  const answer = await read(exchange(story.test, app, code))
  const [idToken, info] = [decodeJwt(answer.id_token), await read(userinfo(story.test, answer.access_token))]
  assert.deepEqual([idToken.roles, idToken.groups], [info.roles, info.groups])
  return { roles: info.roles, groups: info.groups }
}

onBothEngines((engine) => {
  test('a group names the business and the role, so that an admin of one business is none of another', async () => {
    const story = await tellStory({ engine })
    const { bakery, garage } = story
    const scope = 'openid profile email groups'
    assert.deepEqual(await groupsOf(story, {}, 'dana@example.com', { scope }), {
      roles: ['owner'],
      groups: [`${bakery.uid}:owner`],
    })
    for (const [business, role] of [
      [bakery, 'admin'],
      [garage, 'owner'],
    ] as const) {
      const found = await groupsOf(story, {}, 'omar@example.com', { scope, business_uid: business.uid })
      assert.deepEqual(found, { roles: [role], groups: [`${business.uid}:${role}`] })
    }
    assert.equal((await groupsOf(story, {}, 'dana@example.com', { scope: 'openid' })).groups, undefined)
  })

  test('the template of an app forms its groups', async () => {
    const story = await tellStory({ engine })
    const protocol = { groupsTemplate: '/tenants/{business_uid}/{role}s' }
    const { groups } = await groupsOf(story, { protocol }, 'dana@example.com', { scope: 'openid groups' })
    assert.deepEqual(groups, [`/tenants/${story.bakery.uid}/owners`])
  })

  test('every app may request groups without being registered for it, and the dialog describes it', async () => {
    const story = await tellStory({ engine })
    for (const [scope, sentence] of [
      ['groups', 'See your role in the business'],
      ['openid groups', 'See your name, your email address and your role in the business'],
    ] as const) {
      const app = await story.world.makeApp({ scopes: ['clients_read'] })
      const visitor = story.world.visitor()
      const query = new URLSearchParams({ client_id: app.clientId, scope })
      await visitor.open(`/oauth/authorize?${query}`)
      const shown = text((await visitor.signIn('dana@example.com', PASSWORD)).html)
      assert.ok(shown.includes(sentence), shown)
      await visitor.allow()
      const answer = await read(exchange(story.test, app, visitor.answer().code!))
      assert.equal(answer.scope, scope)
      assert.deepEqual((await read(userinfo(story.test, answer.access_token))).groups, [`${story.bakery.uid}:owner`])
    }
  })

  test('a scope of the catalogue can be tied to claims, which it gives in the ID token and at userinfo', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
    after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'scopes.json')
    const shipped = JSON.parse(readFileSync(new URL('../../schema/scopes.json', import.meta.url), 'utf8'))
    const team = {
      available_to: 'registered',
      description: { en: 'See your team' },
      claims: ['groups', 'phone_number'],
    }
    writeFileSync(file, JSON.stringify({ ...shipped, team }))
    const story = await tellStory({ databaseUrl: await freshUrl(engine), env: { BEHALF_SCOPES_FILE: file } })
    const was = (await story.test.site.store.people.find(story.dana.uid))!
    await changePerson(was, { profile: { phone_number: '+33142685300' } }, operatorActor, story.test.site)
    const resource = await makeResource(story.test, null, { identifier: 'https://tools.example.com' })
    const app = await story.world.makeApp({ scopes: ['team'] })
    for (const parameters of [{}, { resource: resource.identifier }] as Record<string, string>[]) {
      const { code } = await connect(story, app, undefined, { scope: 'openid team', ...parameters })
      const answer = await read(exchange(story.test, app, code, parameters))
      const info = await read(userinfo(story.test, answer.access_token))
      for (const place of [info, decodeJwt(answer.id_token)])
        assert.deepEqual([place.groups, place.phone_number], [[`${story.bakery.uid}:owner`], '+33142685300'])
    }
  })

  test('an app for one business may have groups that do not name it, and keeps that business', async () => {
    const story = await tellStory({ engine })
    const { register, change } = partner(story.test, await story.world.makePlatformToken('internal'))
    const settings = { groups_template: '{role}s', business_uid: story.bakery.uid, scopes: ['openid'] }
    const { app_code_name, client_id, client_secret } = (await register(settings)).body.data
    const visitor = story.world.visitor()
    await visitor.open(`/oauth/authorize?${new URLSearchParams({ client_id, scope: 'openid groups' })}`)
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    const code = visitor.answer().code!
    const body = { grant_type: 'authorization_code', code, client_id, client_secret }
    const { id_token: idToken } = await read(exchangeForm(story.test, body))
    assert.deepEqual(decodeJwt(idToken).groups, ['owners'])
    const widened = await change(app_code_name, { business_uid: null })
    assert.deepEqual([widened.status, JSON.stringify(widened.body).includes('groups_template')], [422, true])
    assert.equal((await change(app_code_name, { business_uid: null, groups_template: null })).status, 200)
  })

  test('a template must name the business, and has only known placeholders', async () => {
    const { test: server, world } = await tellStory({ engine })
    const { register } = partner(server, await world.makePlatformToken('internal'))
    for (const wrong of ['{role}', 'admins', '{business_uid}{email}', '{business_uid', '{business_uid} \u0007', 7]) {
      const refused = await register({ groups_template: wrong })
      assert.equal(refused.status, 422, String(wrong))
      assert.match(JSON.stringify(refused.body), /groups_template must/)
    }
    for (const right of ['{business_uid}:{role}', 'tenant-{business_uid}', '{role}@{business_uid}'])
      assert.equal((await register({ groups_template: right })).status, 201, right)
  })
})
