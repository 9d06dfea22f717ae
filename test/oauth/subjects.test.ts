import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { WrongSecret } from '../../src/domain/keys/key-pair.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'
import { freshUrl } from '../store/engines.ts'

const SECRETS = { old: 'an-old-secret-for-tests-of-forty-chars-000', new: 'a-new-secret-for-tests-of-forty-chars-0000' }

const pairwise = (redirectUri: string, details: Partial<App> = {}, sectorIdentifierUri?: string): Partial<App> => ({
  redirectUri,
  redirectUris: [redirectUri],
  trusted: true,
  protocol: { subjectType: 'pairwise', ...(sectorIdentifierUri ? { sectorIdentifierUri } : {}) },
  ...details,
})

/** Returns the `sub` that an app gets for a person, and checks that it is equal in every place. */
async function subjectOf(story: Story, app: TestApp, email?: string, parameters = {}): Promise<string> {
  const { code } = await connect(story, app, email, parameters)
  const answer = await read(exchange(story.test, app, code))
  const { sub } = await read(userinfo(story.test, answer.access_token))
  assert.equal(decodeJwt(answer.id_token).sub, sub)
  if (app.accessTokenFormat === 'jwt') assert.equal(decodeJwt(answer.access_token).sub, sub)
  return sub
}

onBothEngines((engine) => {
  test('pairwise subjects are equal inside a sector, and unrelated between sectors (OpenID Connect Core §8.1)', async () => {
    const story = await tellStory({ engine })
    const { world, dana } = story
    const books = await world.makeApp(pairwise('https://books.example/cb'))
    const books2 = await world.makeApp(pairwise('https://books.example/other?x=1', { accessTokenFormat: 'jwt' }))
    const mail = await world.makeApp(pairwise('https://mail.example/cb'))
    const suite = await world.makeApp(pairwise('https://suite.example/cb', {}, 'https://books.example/sector.json'))
    const plain = await world.makeApp({ trusted: true })
    const subs = {
      books: await subjectOf(story, books),
      again: await subjectOf(story, books),
      books2: await subjectOf(story, books2),
      mail: await subjectOf(story, mail),
      suite: await subjectOf(story, suite),
      plain: await subjectOf(story, plain),
    }
    assert.equal(subs.plain, dana.staffUid)
    assert.match(subs.books, /^[\w-]{43}$/)
    assert.deepEqual([subs.again, subs.books2, subs.suite], [subs.books, subs.books, subs.books])
    assert.equal(new Set([subs.books, subs.mail, subs.plain]).size, 3)
    const omars = await subjectOf(story, books, 'omar@example.com', { business_uid: story.bakery.uid })
    const elsewhere = await subjectOf(story, books, 'omar@example.com', { business_uid: story.garage.uid })
    assert.equal(new Set([omars, elsewhere, subs.books]).size, 3, 'each membership has its own')
  })

  test('a pairwise subject stays the same on every server after the secret is replaced (OpenID Connect Core §8)', async () => {
    const databaseUrl = await freshUrl(engine)
    const on = (secret: string) => testSite({ databaseUrl, env: { BEHALF_SECRET: secret } })
    const app = { protocol: { subjectType: 'pairwise' as const }, redirectUri: 'https://books.example/cb' }
    const both = await Promise.all([on(SECRETS.old), on(SECRETS.old)])
    const [sub, same] = both.map(({ site }) => site.subjects.of(app, 'dana'))
    assert.equal(sub, same)
    const between = await on(`${SECRETS.new},${SECRETS.old}`)
    assert.equal(between.site.subjects.of(app, 'dana'), sub)
    const kept = (await between.site.store.salts.find('pairwise subjects'))!
    assert.equal(between.site.seal.isStale('pairwise subjects', kept.sealed), false, 'sealed again')
    await on(`${SECRETS.new},${SECRETS.old}`)
    assert.deepEqual(await between.site.store.salts.find('pairwise subjects'), kept, 'after that it does not')
    for (const { kid } of await between.site.store.signingKeys.list())
      await between.site.keys.retire(kid, operatorActor)
    assert.equal((await on(SECRETS.new)).site.subjects.of(app, 'dana'), sub, 'without the old one')
    await assert.rejects(on(SECRETS.old), WrongSecret)
  })

  test('a hint with a pairwise subject names its person only to the app that got it (OpenID Connect Core §3.1.2.1)', async () => {
    const story = await tellStory({ engine })
    const { world, test: server } = story
    const app = await world.makeApp(pairwise('https://books.example/cb'))
    const neighbour = await world.makeApp(pairwise('https://books.example/neighbour'))
    const idTokenOf = async (email: string, parameters = {}, by = app) => {
      const { code } = await connect(story, by, email, parameters)
      return (await read(exchange(server, by, code))).id_token as string
    }
    const danas = await idTokenOf('dana@example.com')
    const omars = await idTokenOf('omar@example.com', { business_uid: story.garage.uid })
    const { visitor } = await connect(story, app)
    await visitor.open(authorizationPath(app, { id_token_hint: danas, prompt: 'none' }))
    assert.ok(visitor.answer().code)
    for (const hint of [omars, await idTokenOf('dana@example.com', {}, neighbour)]) {
      await visitor.open(authorizationPath(app, { id_token_hint: hint, prompt: 'none' }))
      assert.equal(visitor.answer().error, 'login_required')
    }
    const place = await visitor.open(authorizationPath(app, { id_token_hint: omars }))
    assert.ok(place.url.includes('/login?'))
    await visitor.signIn('dana@example.com', PASSWORD)
    assert.equal(visitor.answer().error, 'login_required')

    const { visitor: omar } = await connect(story, app, 'omar@example.com', { business_uid: story.bakery.uid })
    await omar.open(authorizationPath(app, { id_token_hint: omars, prompt: 'none' }))
    const { id_token: idToken } = await read(exchange(server, app, omar.answer().code!))
    assert.equal(decodeJwt(idToken).business_uid, story.garage.uid, 'and the business')
    const requested = { claims: JSON.stringify({ id_token: { sub: { value: decodeJwt(omars).sub } } }) }
    await omar.open(authorizationPath(app, { ...requested, prompt: 'none' }))
    assert.ok(omar.answer().code)
    await visitor.open(authorizationPath(app, { ...requested, prompt: 'none' }))
    assert.equal(visitor.answer().error, 'login_required')
    for (const value of [story.dana.staffUid, 'nobody']) {
      const guess = { claims: JSON.stringify({ id_token: { sub: { value } } }) }
      const asked = await visitor.open(authorizationPath(app, guess))
      assert.ok(asked.url.includes('/login?'), 'the subject of another app names no person here, with any session')
    }
  })

  test('the metadata lists the supported subject types and claim types (OpenID Connect Discovery §3)', async () => {
    const { test: server } = await tellStory({ engine })
    const metadata = await read(server.fetch('/.well-known/openid-configuration'))
    assert.deepEqual(metadata.subject_types_supported, ['public', 'pairwise'])
    assert.equal(metadata.claims_parameter_supported, true)
    for (const claim of ['sub', 'acr', 'amr', 'auth_time', 'email_verified', 'phone_number', 'address', 'business_uid'])
      assert.ok(metadata.claims_supported.includes(claim), claim)
    for (const scope of ['openid', 'profile', 'email', 'phone', 'address'])
      assert.ok(metadata.scopes_supported.includes(scope), scope)
  })

  test('an app with redirect URIs on several hosts must have a sector_identifier_uri (OpenID Connect Registration §2)', async () => {
    const story = await tellStory({ engine })
    const token = await story.world.makePlatformToken('internal')
    const register = (body: object) =>
      story.test.fetch('/platform/v1/apps', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Books', subject_type: 'pairwise', ...body }),
      })
    const one = 'https://books.example/cb'
    const refused = [
      { redirect_uri: one, oauth_redirect_uris: ['https://other.example/cb'] },
      { redirect_uri: 'com.example.books:/cb' },
      // A redirect URI without a host joins no sector of another app.
      { redirect_uri: 'com.example.books://mail.example/cb' },
      { redirect_uri: 'http://127.0.0.1/cb' },
    ]
    for (const body of refused) {
      const response = await register(body)
      assert.equal(response.status, 422)
      assert.match(JSON.stringify(await read(response)), /sector_identifier_uri/)
    }
    assert.equal(
      (await register({ redirect_uri: one, oauth_redirect_uris: ['https://books.example:8443/x'] })).status,
      201,
    )
  })
})
