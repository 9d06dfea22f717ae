import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { isErrorPage, isOAuthError } from '../parts/answers.ts'
import { read, toForm } from '../parts/app-calls.ts'
import { rawJwt } from '../parts/assertions.ts'
import {
  atToken,
  authorize,
  codeForm,
  newRequest,
  openForTests,
  type Parameters,
  type RelyingParty,
  registerParty,
  type SuiteStory,
  signInTo,
  verifyIdToken,
} from '../parts/relying-party.ts'
import { onBothEngines } from '../parts/stories.ts'
import { ENGINES, type Engine } from '../parts/test-site.ts'

/** One server for each engine, on which every module registers its own client. */
const stories = new Map<Engine, SuiteStory>()
for (const engine of ENGINES) stories.set(engine, await openForTests(engine))

const PROFILE = [
  ...['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture'],
  ...['website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
]
const OF_SCOPE: Record<string, string[]> = {
  profile: PROFILE,
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}

const userinfo = ({ story, metadata }: RelyingParty, init: RequestInit) =>
  story.test.fetch(metadata.userinfo_endpoint, init)

async function succeeds(party: RelyingParty, changes: Parameters) {
  const { shown } = await signInTo(party, changes)
  assert.equal(shown[0], '/login')
}

async function scope(party: RelyingParty, names: string) {
  const { info } = await signInTo(party, { scope: names })
  for (const name of names.split(' ').flatMap((each) => OF_SCOPE[each] ?? [])) assert.ok(name in info, name)
}

/** The modules of the Basic profile, by their names in the OpenID Foundation's conformance suite. Each uses its own client. */
const MODULES: Record<string, (party: RelyingParty) => Promise<unknown>> = {
  async 'oidcc-server'(party) {
    const { claims } = await signInTo(party)
    for (const name of [...PROFILE, 'email']) assert.ok(!(name in claims), `${name} was not requested in the ID token`)
  },
  async 'oidcc-response-type-missing'(party) {
    const { answer } = await authorize(party, newRequest(party, { response_type: undefined }))
    assert.ok(['invalid_request', 'unsupported_response_type'].includes(answer.error!))
  },
  async 'oidcc-userinfo-get'(party) {
    const { tokens, info } = await signInTo(party)
    const answer = await userinfo(party, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    assert.deepEqual(await read(answer), info)
  },
  async 'oidcc-userinfo-post-header'(party) {
    const { tokens, info } = await signInTo(party)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    assert.deepEqual(await read(userinfo(party, { method: 'POST', headers })), info)
  },
  async 'oidcc-userinfo-post-body'(party) {
    const { tokens, info } = await signInTo(party)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = toForm({ access_token: tokens.access_token })
    assert.deepEqual(await read(userinfo(party, { method: 'POST', headers, body })), info)
  },
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': (party) => succeeds(party, { nonce: undefined }),
  'oidcc-scope-profile': (party) => scope(party, 'openid profile'),
  'oidcc-scope-email': (party) => scope(party, 'openid email'),
  'oidcc-scope-address': (party) => scope(party, 'openid address'),
  'oidcc-scope-phone': (party) => scope(party, 'openid phone'),
  'oidcc-scope-all': (party) => scope(party, 'openid address email phone profile'),
  'oidcc-ensure-other-scope-order-succeeds': (party) => scope(party, 'email openid'),
  'oidcc-display-page': (party) => succeeds(party, { display: 'page' }),
  'oidcc-display-popup': (party) => succeeds(party, { display: 'popup' }),
  async 'oidcc-prompt-login'(party) {
    const first = await signInTo(party)
    party.story.test.clock.advance(1)
    const second = await signInTo(party, { prompt: 'login' }, first.visitor)
    assert.deepEqual([second.shown, second.claims.sub], [['/login'], first.claims.sub])
    assert.ok(second.claims.auth_time > first.claims.auth_time)
  },
  async 'oidcc-prompt-none-not-logged-in'(party) {
    const { answer, shown } = await authorize(party, newRequest(party, { prompt: 'none' }))
    assert.deepEqual([answer.error, shown], ['login_required', []])
  },
  async 'oidcc-prompt-none-logged-in'(party) {
    const first = await signInTo(party)
    const second = await signInTo(party, { prompt: 'none' }, first.visitor)
    assert.deepEqual([second.shown, second.claims.sub], [[], first.claims.sub])
    assert.equal(second.claims.auth_time, first.claims.auth_time)
  },
  async 'oidcc-max-age-1'(party) {
    const first = await signInTo(party)
    party.story.test.clock.advance(2)
    const second = await signInTo(party, { max_age: '1' }, first.visitor)
    assert.deepEqual([second.shown, second.claims.auth_time], [['/login'], first.claims.auth_time + 2])
  },
  async 'oidcc-max-age-10000'(party) {
    const first = await signInTo(party)
    const second = await signInTo(party, { max_age: '10000' }, first.visitor)
    assert.deepEqual([second.shown, second.claims.auth_time], [[], first.claims.auth_time])
  },
  'oidcc-ensure-request-with-unknown-parameter-succeeds': (party) => succeeds(party, { extra: 'foobar' }),
  async 'oidcc-id-token-hint'(party) {
    const first = await signInTo(party)
    const hint = { prompt: 'none', id_token_hint: first.tokens.id_token }
    const second = await signInTo(party, hint, first.visitor)
    assert.deepEqual([second.shown, second.claims.sub], [[], first.claims.sub])
  },
  'oidcc-login-hint': (party) => succeeds(party, { login_hint: 'buffy@id.example' }),
  'oidcc-ui-locales': (party) => succeeds(party, { ui_locales: 'se' }),
  'oidcc-claims-locales': (party) => succeeds(party, { claims_locales: 'se' }),
  async 'oidcc-ensure-request-with-acr-values-succeeds'(party) {
    const supported: string[] = party.metadata.acr_values_supported
    const { claims } = await signInTo(party, { acr_values: supported.join(' ') })
    assert.ok(supported.includes(claims.acr))
    await succeeds(party, { acr_values: '1 2' })
  },
  async 'oidcc-codereuse'(party) {
    const { answer } = await signInTo(party)
    await isOAuthError(await atToken(party, codeForm(party, answer.code!)), 400, 'invalid_grant')
  },
  async 'oidcc-codereuse-30seconds'(party) {
    const { answer, tokens } = await signInTo(party)
    party.story.test.clock.advance(30)
    await isOAuthError(await atToken(party, codeForm(party, answer.code!)), 400, 'invalid_grant')
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    assert.equal((await userinfo(party, { headers })).status, 401)
  },
  async 'oidcc-ensure-registered-redirect-uri'(party) {
    const request = newRequest(party, { redirect_uri: `${party.client.redirect_uris[0]}/unregistered` })
    const url = `${party.metadata.authorization_endpoint}?${new URLSearchParams(request)}`
    await isErrorPage(await party.story.test.fetch(url))
  },
  async 'oidcc-ensure-post-request-succeeds'(party) {
    const { story, metadata } = party
    const request = newRequest(party)
    const posted = await story.test.fetch(metadata.authorization_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
      body: toForm(request),
    })
    const visitor = story.world.visitor()
    await visitor.open(posted.headers.get('location')!)
    assert.equal(new URL(visitor.place.url).pathname, '/login')
  },
  async 'oidcc-server-client-secret-post'({ story, mode }) {
    await signInTo(await registerParty(story, { token_endpoint_auth_method: 'client_secret_post' }, mode))
  },
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported': (party) => rejectsObject(party),
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported': (party) =>
    isRejected(party, { request_uri: 'https://rp.example/request.jwt' }, 'request_uri_not_supported'),
  'oidcc-ensure-request-object-with-redirect-uri': (party) => rejectsObject(party),
  async 'oidcc-claims-essential'(party) {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } })
    assert.equal((await signInTo(party, { claims })).info.name, 'Dana Levi')
  },
  'oidcc-refresh-token': refreshes,
  async 'oidcc-ensure-request-with-valid-pkce-succeeds'(party) {
    const verifier = 'a-verifier.of_43~characters-0123456789abcde'
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const request = newRequest(party, { code_challenge: challenge, code_challenge_method: 'S256' })
    const { answer } = await authorize(party, request)
    const form = { ...codeForm(party, answer.code!), code_verifier: verifier }
    assert.equal((await atToken(party, form)).status, 200)
  },
}

/** As in the plans, `response_mode` and `nonce` are only in the unsigned request object, and the other parameters are in both places. */
async function rejectsObject(party: RelyingParty) {
  const request = newRequest(party)
  const object = rawJwt({ alg: 'none' }, request, () => Buffer.alloc(0))
  const { response_mode, nonce, ...outside } = request
  const { answer } = await authorize(party, { ...outside, request: object })
  assert.equal(answer.error, 'request_not_supported')
}

async function isRejected(party: RelyingParty, changes: Parameters, error: string) {
  const { answer } = await authorize(party, newRequest(party, changes))
  assert.equal(answer.error, error)
}

/** A refreshed ID token describes the same sign-in, and no other client can use the refresh token (OpenID Connect Core §12). */
async function refreshes(party: RelyingParty) {
  const changes = { scope: 'openid offline_access', prompt: 'consent' }
  const { tokens, claims } = await signInTo(party, changes)
  party.story.test.clock.advance(1)
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, scope: changes.scope }
  const answer = await atToken(party, form)
  assert.equal(answer.status, 200)
  const next = await read(answer)
  const again = await verifyIdToken(party, next, { nonce: undefined })
  assert.deepEqual([again.sub, again.auth_time, again.iat], [claims.sub, claims.auth_time, claims.iat + 1])
  assert.ok(next.access_token !== tokens.access_token && next.refresh_token.length >= 22)
  const second = await registerParty(party.story, {}, party.mode)
  const stolen = { grant_type: 'refresh_token', refresh_token: next.refresh_token }
  await isOAuthError(await atToken(second, stolen), 400, 'invalid_grant')
  assert.equal((await atToken(party, stolen)).status, 200)
}

onBothEngines((engine) => {
  for (const mode of ['query', 'form_post'] as const)
    for (const [name, run] of Object.entries(MODULES))
      test(`${name} in mode ${mode}`, async () => {
        await run(await registerParty(stories.get(engine)!, {}, mode))
      })
})
