import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changePerson } from '../../src/domain/people/change-person.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import { isSentBack, isWaiting } from '../parts/answers.ts'
import { authorizationPath, exchange, read, refresh, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { text, type Visitor } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'

const asJson = (claims: unknown) => ({ scope: 'openid', claims: JSON.stringify(claims) })

async function begin(engine: 'sqlite' | 'postgres' = 'sqlite', details: Partial<App> = {}) {
  const story = await tellStory({ engine })
  const dana = await story.test.site.store.people.find(story.dana.uid)
  const profile = { given_name: 'Dana', phone_number: '+33142685300', locale: 'he' }
  await changePerson(dana!, { emailVerified: true, profile }, operatorActor, story.test.site)
  return { story, app: await story.world.makeApp(details) }
}

/** Returns the claims that an app gets with this `claims` parameter. */
async function claimsFor(story: Story, app: TestApp, parameters: Record<string, string>, visitor?: Visitor) {
  const { code } = await connect(story, app, undefined, parameters, visitor)
  const answer = await read(exchange(story.test, app, code))
  return { idToken: decodeJwt(answer.id_token), info: await read(userinfo(story.test, answer.access_token)), answer }
}

onBothEngines((engine) => {
  test('claims requested by name are returned in the place the request names (OpenID Connect Core §5.5)', async () => {
    const { story, app } = await begin(engine)
    const claims = {
      id_token: { email_verified: { essential: true }, locale: null, unheard_of: null },
      userinfo: { given_name: { essential: true }, phone_number: null, birthdate: null, sub: null },
      another_place: { nickname: null },
    }
    const { idToken, info } = await claimsFor(story, app, asJson(claims))
    assert.deepEqual([idToken.email_verified, idToken.locale], [true, 'he'])
    assert.deepEqual([idToken.given_name, idToken.phone_number], [undefined, undefined])
    assert.deepEqual([info.given_name, info.phone_number], ['Dana', '+33142685300'])
    assert.equal(info.locale, undefined)
    assert.ok(!('birthdate' in info) && !('unheard_of' in idToken), 'unknown claims are omitted, never an error')
    assert.equal(info.sub, idToken.sub)
    const plain = await claimsFor(story, app, { scope: 'openid' })
    assert.ok(!('given_name' in plain.info) && !('locale' in plain.idToken), 'the next request is independent')
  })

  test('a token that was narrowed to nothing about the person returns no requested claims either (RFC 6749 §6)', async () => {
    const details: Partial<App> = { scopes: ['openid', 'clients_read'], protocol: { refresh: 'always' } }
    const { story, app } = await begin(engine, details)
    const requested = asJson({ userinfo: { given_name: null, email: null, phone_number: null } })
    const { answer } = await claimsFor(story, app, { ...requested, scope: 'openid clients_read' })
    const infoWith = async (scope: string) => {
      const { access_token: token } = await read(refresh(story.test, app, answer.refresh_token, { scope }))
      const { given_name, email, phone_number } = await read(userinfo(story.test, token))
      return [given_name, email, phone_number]
    }
    assert.deepEqual(await infoWith('clients_read'), [undefined, undefined, undefined])
    assert.deepEqual(await infoWith('openid'), ['Dana', 'dana@example.com', '+33142685300'])
  })

  test('a requested claim is allowed like the scope that covers it, and a new one needs a new permission (OpenID Connect Core §5.5)', async () => {
    const { story, app } = await begin(engine)
    const { visitor } = await connect(story, app, undefined, { scope: 'openid profile' })
    await visitor.open(authorizationPath(app, { ...asJson({ userinfo: { given_name: null, email: null } }) }))
    assert.ok(visitor.answer().code, 'profile was allowed before, and email with openid')
    const requested = asJson({ userinfo: { phone_number: null } })
    await visitor.open(authorizationPath(app, { ...requested, prompt: 'none' }))
    assert.equal(visitor.answer().error, 'consent_required')
    const dialog = await visitor.open(authorizationPath(app, requested))
    assert.ok(dialog.url.includes('/login/consent'))
    assert.ok(text(dialog.html).includes('See your phone number'))
    await visitor.allow()
    const answer = await read(exchange(story.test, app, visitor.answer().code!))
    assert.equal(answer.scope, 'openid', 'the token itself allows no more')
    assert.equal((await read(userinfo(story.test, answer.access_token))).phone_number, '+33142685300')
    await visitor.open(authorizationPath(app, { ...requested, prompt: 'none' }))
    assert.ok(visitor.answer().code)
    const { scopes } = (await story.test.site.store.installs.findLive(app.uid, story.bakery.uid))!
    assert.deepEqual(scopes, ['openid', 'profile', 'phone'])
  })

  test('a dialog form that showed fewer claims allows no more than those (OpenID Connect Core §5.5)', async () => {
    const { story, app } = await begin(engine)
    const visitor = story.world.visitor()
    await visitor.open(authorizationPath(app, { scope: 'openid' }))
    const shown = await visitor.signIn('dana@example.com', PASSWORD)
    const wide = await visitor.open(authorizationPath(app, asJson({ userinfo: { phone_number: null } })))
    const ticket = new URL(wide.url).searchParams.get('ticket')!
    visitor.place = shown
    const place = await visitor.submit({ decision: 'allow', ticket }, (form) => form.action.includes('/oauth/consent'))
    assert.deepEqual([place.status, place.away], [403, undefined])
  })

  test('a request that is started again keeps its claims', async () => {
    const { story, app } = await begin(engine)
    const visitor = story.world.visitor()
    const claims = asJson({ userinfo: { phone_number: null }, id_token: { sub: { value: story.dana.staffUid } } })
    const first = await visitor.open(authorizationPath(app, { ...claims, display: 'popup' }))
    story.test.clock.advance(7200)
    const over = await visitor.open(first.url.slice(story.test.origin.length))
    const again = /href="(\/oauth\/authorize\?[^"]+)"/.exec(over.html)![1]!.replaceAll('&amp;', '&')
    await visitor.open(again)
    await visitor.signIn('dana@example.com', PASSWORD)
    await visitor.allow()
    const answer = await read(exchange(story.test, app, visitor.answer().code!))
    assert.equal((await read(userinfo(story.test, answer.access_token))).phone_number, '+33142685300')
  })

  test('a trusted app gets the claims it requests without a dialog', async () => {
    const { story, app } = await begin(engine, { trusted: true })
    const { info } = await claimsFor(story, app, asJson({ userinfo: { phone_number: { essential: true } } }))
    assert.equal(info.phone_number, '+33142685300')
  })

  test('a malformed claims parameter is refused quickly (OpenID Connect Core §5.5)', async () => {
    const { story, app } = await begin(engine)
    const ask = (claims: string) =>
      story.test.fetch('/oauth/authorize', {
        method: 'POST',
        body: new URLSearchParams({ client_id: app.clientId, redirect_uri: app.redirectUri, state: 's', claims }),
      })
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`c${index}`, null]))
    const malformed = [
      'x',
      '[]',
      'null',
      '"userinfo"',
      '7',
      '{',
      '{"userinfo":[]}',
      '{"userinfo":null}',
      '{"id_token":"sub"}',
      '{"userinfo":{"email":true}}',
      '{"userinfo":{"email":["x"]}}',
      '{"userinfo":{"email":{"essential":"yes"}}}',
      '{"id_token":{"acr":{"values":"x"}}}',
      '{"id_token":{"acr":{"values":[7]}}}',
      `{"id_token":{"acr":{"values":${JSON.stringify(Array(11).fill('x'))}}}}`,
      '{"id_token":{"sub":{"value":{"x":1}}}}',
      '{"id_token":{"sub":{"value":"\\u0000"}}}',
      '{"id_token":{"sub":{"value":"\\ud800"}}}',
      '{"userinfo":{"email":null},"userinfo":{}}',
      '{"userinfo":{"email":null,"em\\u0061il":{}}}',
      JSON.stringify({ userinfo: many }),
      '['.repeat(2000),
      JSON.stringify({ userinfo: { email: null }, padding: 'x'.repeat(4096) }),
      'x'.repeat(60_000),
    ]
    for (const claims of malformed) {
      const began = performance.now()
      const answer = isSentBack(await ask(claims), app.redirectUri, claims.slice(0, 80))
      assert.deepEqual([answer.error, answer.state], ['invalid_request', 's'], claims.slice(0, 80))
      assert.match(answer.error_description!, /claim/)
      assert.ok(performance.now() - began < 1000)
    }
    const harmless = [
      '{}',
      '{"userinfo":{}}',
      '{"userinfo":{"__proto__":{"essential":true},"constructor":null,"toString":null}}',
      '{"__proto__":{"userinfo":{"email":null}}}',
      '{"userinfo":{"name#fr":null,"unheard_of":7}}',
      `${'{"userinfo":'.repeat(250)}{}${'}'.repeat(250)}`,
      `{"unheard_of":${'['.repeat(1500)}${']'.repeat(1500)}}`,
      '{"id_token":{"auth_time":{"essential":true},"acr":null,"sub":null}}',
    ]
    for (const claims of harmless) isWaiting(await ask(claims), claims.slice(0, 80))
  })

  test('an app that requests one person as sub gets no other person (OpenID Connect Core §5.5.1)', async () => {
    const { story, app } = await begin(engine, { trusted: true })
    const { world, bakery, garage } = story
    const omar = (await story.test.site.store.staff.memberships(story.omar.uid)).map((each) => each.staffUid)
    const requested = (...values: string[]) =>
      asJson({ id_token: { sub: values.length === 1 ? { value: values[0] } : { values } } })

    const { visitor } = await connect(story, app, 'dana@example.com', requested(story.dana.staffUid))
    await visitor.open(authorizationPath(app, { ...requested(story.dana.staffUid, 'another'), prompt: 'none' }))
    assert.ok(visitor.answer().code)
    for (const sub of [omar[0]!, 'nobody', '__proto__']) {
      await visitor.open(authorizationPath(app, { ...requested(sub), prompt: 'none' }))
      assert.equal(visitor.answer().error, 'login_required', sub)
      const place = await visitor.open(authorizationPath(app, requested(sub)))
      assert.ok(place.url.includes('/login?'), 'another person may sign in')
      await visitor.signIn('dana@example.com', PASSWORD)
      assert.equal(visitor.answer().error, 'login_required', sub)
    }
    for (const [index, business] of [bakery, garage].entries()) {
      const fresh = world.visitor()
      await fresh.open(authorizationPath(app, requested(omar[index]!)))
      await fresh.signIn('omar@example.com', PASSWORD)
      const { id_token: idToken } = await read(exchange(story.test, app, fresh.answer().code!))
      assert.deepEqual([decodeJwt(idToken).sub, decodeJwt(idToken).business_uid], [omar[index], business.uid])
      await fresh.open(
        authorizationPath(app, { ...requested(omar[index]!), business_uid: [garage, bakery][index]!.uid }),
      )
      assert.equal(fresh.answer().error, 'login_required', 'another business has another sub')
    }
  })
})
