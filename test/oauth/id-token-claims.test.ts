import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changePerson } from '../../src/domain/people/change-person.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import { exchange, read, refresh, userinfo } from '../parts/app-calls.ts'
import { connect, onBothEngines, type Story, tellStory } from '../parts/stories.ts'

const VERIFIER = 'a-verifier.of_43~characters-0123456789abcde'
const PKCE = {
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
}
/** The claims of every ID token (OpenID Connect Core §2, Back-Channel Logout §2.1). */
const PROTOCOL = ['iss', 'aud', 'iat', 'exp', 'auth_time', 'at_hash', 'sid', 'amr', 'acr', 'sub']
const BUSINESS = ['type', 'role', 'roles', 'business_id', 'business_uid', 'business_name', 'directory_uid']
const ALL = 'openid profile email phone address groups'

/** Dana has a given name and an unverified phone number; the email is verified. */
async function tell(engine: 'sqlite' | 'postgres'): Promise<Story> {
  const story = await tellStory({ engine })
  const dana = (await story.test.site.store.people.find(story.dana.uid))!
  const profile = { given_name: 'Dana', phone_number: '+33142685300' }
  await changePerson(dana, { emailVerified: true, profile }, operatorActor, story.test.site)
  return story
}

/** Returns the claims about the person in the ID tokens of a sign-in and its refresh, and at userinfo. */
async function claimsOf(story: Story, app: Partial<App>, parameters: Record<string, string>) {
  const made = await story.world.makeApp({ ...app, protocol: { refresh: 'always', ...app.protocol } })
  const { code } = await connect(story, made, undefined, { ...PKCE, ...parameters })
  const first = await read(exchange(story.test, made, code, { code_verifier: VERIFIER }))
  const { scope, brand_host, brand_theme, ...info } = await read(userinfo(story.test, first.access_token))
  const inIdToken = (token: string) => {
    const claims = decodeJwt(token)
    for (const name of PROTOCOL) assert.ok(name in claims, name)
    return Object.fromEntries(Object.entries(claims).filter(([name]) => !PROTOCOL.includes(name)))
  }
  const idToken = inIdToken(first.id_token)
  const later = await read(refresh(story.test, made, first.refresh_token))
  assert.deepEqual(inIdToken(later.id_token), idToken, 'a refreshed ID token has the same claims')
  return { idToken, info }
}

onBothEngines((engine) => {
  test('an ID token has only requested claims, or also those of the granted scopes, as the app is set (OpenID Connect Core §5.4, §5.5)', async () => {
    const story = await tell(engine)
    const groups = [`${story.bakery.uid}:owner`]
    const granted = {
      ...{ email: 'dana@example.com', email_verified: true, name: 'Dana Levi', given_name: 'Dana' },
      ...{ preferred_username: 'dana@example.com', phone_number: '+33142685300', groups },
    }
    for (const origin of ['platform', 'registered', 'document'] as const) {
      for (const setting of [undefined, 'requested', 'granted'] as const) {
        const protocol = setting ? { idTokenClaims: setting } : {}
        const isFull = (setting ?? (origin === 'platform' ? 'granted' : 'requested')) === 'granted'
        const { idToken, info } = await claimsOf(story, { origin, protocol }, { scope: ALL })
        const { sub, updated_at, ...others } = info
        const { updated_at: _, ...inToken } = idToken
        assert.deepEqual(inToken, isFull ? others : {}, `${origin} ${setting}`)
        const about = Object.entries(others).filter(([name]) => !BUSINESS.includes(name))
        assert.deepEqual(Object.fromEntries(about), granted)
      }
    }
  })

  test('an ID token has the claims that are requested in it by name, also about the business (OpenID Connect Core §5.5)', async () => {
    const story = await tell(engine)
    const names = ['email', 'email_verified', 'business_uid', 'role', 'roles', 'groups', 'directory_uid']
    const id_token = Object.fromEntries(names.map((name) => [name, null]))
    const claims = JSON.stringify({ id_token: { ...id_token, brand_theme: null, iss: null } })
    for (const origin of ['platform', 'registered'] as const) {
      const app = { origin, protocol: { idTokenClaims: 'requested' } } as const
      const { idToken } = await claimsOf(story, app, { scope: 'openid', claims })
      assert.deepEqual(idToken, {
        ...{ role: 'owner', roles: ['owner'], email: 'dana@example.com', email_verified: true },
        ...{ business_uid: story.bakery.uid, directory_uid: story.world.directory.uid },
        groups: [`${story.bakery.uid}:owner`],
      })
    }
  })

  test('userinfo has a name only with profile, and an email only with email or for an app of the platform', async () => {
    const story = await tell(engine)
    const named = ['email', 'email_verified', 'name', 'preferred_username']
    const expected: [scope: string, platform: string[], self: string[]][] = [
      ['openid', ['email', 'email_verified'], []],
      ['openid email', ['email', 'email_verified'], ['email', 'email_verified']],
      ['openid profile', named, ['name']],
      ['openid profile email', named, named],
    ]
    for (const [scope, platform, self] of expected) {
      for (const origin of ['platform', 'registered', 'document'] as const) {
        const { info } = await claimsOf(story, { origin }, { scope })
        const shown = Object.keys(info).filter((name) => named.includes(name))
        assert.deepEqual(shown.sort(), origin === 'platform' ? platform : self, `${origin} ${scope}`)
        for (const name of ['sub', ...BUSINESS]) assert.ok(name in info, name)
      }
    }
  })

  test('email_verified is next to every email, and says what the operator said (OpenID Connect Core §5.1)', async () => {
    const story = await tell(engine)
    const claims = JSON.stringify({ id_token: { email: null }, userinfo: { email: null } })
    for (const isVerified of [true, false]) {
      const was = (await story.test.site.store.people.find(story.dana.uid))!
      await changePerson(was, { emailVerified: isVerified }, operatorActor, story.test.site)
      for (const origin of ['platform', 'registered'] as const) {
        for (const parameters of [{ scope: 'openid email' }, { scope: 'openid', claims }] as Record<string, string>[]) {
          for (const place of Object.values(await claimsOf(story, { origin }, parameters)))
            assert.deepEqual(place.email_verified, place.email === undefined ? undefined : isVerified)
        }
      }
    }
  })

  test('preferred_username is the email until an operator sets another, and never reveals an email that the app may not see', async () => {
    const story = await tell(engine)
    const names = async (origin: App['origin'], scope: string) => {
      const { idToken, info } = await claimsOf(story, { origin }, { scope })
      return [idToken.preferred_username, info.preferred_username]
    }
    const email = 'dana@example.com'
    assert.deepEqual(await names('platform', 'openid profile'), [email, email])
    assert.deepEqual(await names('registered', 'openid profile email'), [undefined, email])
    assert.deepEqual(await names('registered', 'openid profile'), [undefined, undefined])
    assert.deepEqual(await names('platform', 'openid email'), [undefined, undefined])
    const was = (await story.test.site.store.people.find(story.dana.uid))!
    const changed = await changePerson(was, { profile: { preferred_username: 'dana' } }, operatorActor, story.test.site)
    assert.deepEqual(await names('platform', 'openid profile'), ['dana', 'dana'])
    assert.deepEqual(await names('registered', 'openid profile'), [undefined, 'dana'])
    await changePerson(changed, { profile: { preferred_username: null } }, operatorActor, story.test.site)
    assert.deepEqual(await names('platform', 'openid profile'), [email, email])
  })
})
