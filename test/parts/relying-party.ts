import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { changePerson } from '../../src/domain/people/change-person.ts'
import { createPlatformToken } from '../../src/domain/tokens/platform-token.ts'
import { newUid } from '../../src/kit/id.ts'
import { freshUrl } from '../store/engines.ts'
import { basic, exchangeForm, read } from './app-calls.ts'
import { type Story, tellStory } from './stories.ts'
import type { Engine } from './test-site.ts'
import type { Place, Visitor } from './visitor.ts'
import { PASSWORD } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
type Json = Record<string, any>
export type Parameters = Record<string, string | undefined>
const CALLBACK = 'https://rp.example/test/a/behalf/callback'

/** A client that registers itself and then does what the OpenID Foundation's conformance tests do: without PKCE, by discovery only. */
export interface RelyingParty {
  story: SuiteStory
  metadata: Json
  client: Json
  mode: 'query' | 'form_post'
}

/** Its initial access token: open registration is limited per address, and these tests register often. */
export interface SuiteStory extends Story {
  initialToken: string
}

/** A server as an operator runs it for such tests: under https, registration with a token, Dana with a complete profile. */
export async function openForTests(engine: Engine): Promise<SuiteStory> {
  const env = { BEHALF_ISSUER: 'https://id.example', BEHALF_REGISTRATION: 'token' }
  const story = await tellStory({ databaseUrl: await freshUrl(engine), env })
  const profile = {
    ...{ given_name: 'Dana', family_name: 'Levi', middle_name: 'Ruth', nickname: 'Dee', preferred_username: 'dana' },
    ...{ profile: 'https://people.example/dana', picture: 'https://people.example/dana.png', gender: 'female' },
    ...{ website: 'https://dana.example/', birthdate: '1990-12-31', zoneinfo: 'Europe/Paris', locale: 'he' },
    ...{ phone_number: '+33142685300', address: '{"country":"FR","locality":"Lyon"}' },
  }
  const dana = (await story.test.site.store.people.find(story.dana.uid))!
  await changePerson(dana, { emailVerified: true, phoneVerified: true, profile }, operatorActor, story.test.site)
  const { token } = await createPlatformToken(
    { kind: 'registration', directoryUid: null, name: 'suite' },
    operatorActor,
    story.test.site,
  )
  return { ...story, initialToken: token }
}

export async function registerParty(
  story: SuiteStory,
  description: Json = {},
  mode: RelyingParty['mode'] = 'query',
): Promise<RelyingParty> {
  const metadata = await read(story.test.fetch('/.well-known/openid-configuration'))
  const response = await story.test.fetch(metadata.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${story.initialToken}` },
    body: JSON.stringify({
      client_name: 'A client under test',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      contacts: ['certification@rp.example'],
      ...description,
    }),
  })
  const client = await read(response)
  assert.equal(response.status, 201, JSON.stringify(client))
  return { story, metadata, client, mode }
}

/** An authentication request with its own state and nonce; `undefined` leaves a parameter out. */
export function newRequest({ client, mode }: RelyingParty, changes: Parameters = {}): Record<string, string> {
  const request: Parameters = {
    client_id: client.client_id,
    scope: 'openid',
    redirect_uri: client.redirect_uris[0],
    state: newUid(),
    nonce: newUid(),
    response_type: 'code',
    ...(mode === 'form_post' ? { response_mode: mode } : {}),
    ...changes,
  }
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
}

/** Opens the URL in a browser; the person signs in and allows where asked. Returns the response, and which pages were shown. */
export async function authorize(
  party: RelyingParty,
  request: Record<string, string>,
  visitor: Visitor = party.story.world.visitor(),
): Promise<{ answer: Record<string, string>; shown: string[]; visitor: Visitor }> {
  const shown: string[] = []
  let place = await visitor.open(`${party.metadata.authorization_endpoint}?${new URLSearchParams(request)}`)
  for (; !isOver(place, party); shown.length < 9 || assert.fail(`${shown}`)) {
    assert.equal(place.status, 200, place.html)
    shown.push(new URL(place.url).pathname)
    place = shown.at(-1) === '/login' ? await visitor.signIn('dana@example.com', PASSWORD) : await visitor.allow()
  }
  const answer = party.mode === 'query' ? visitor.answer() : place.forms[0]!.fields
  assert.equal(answer.iss, party.metadata.issuer)
  assert.equal(answer.state, request.state)
  return { answer, shown, visitor }
}

const isOver = (place: Place, { mode, client }: RelyingParty) =>
  mode === 'query' ? place.away !== undefined : place.forms[0]?.action === client.redirect_uris[0]

export function atToken({ story, client }: RelyingParty, parameters: Record<string, string>): Promise<Response> {
  const { client_id: id, client_secret: secret, token_endpoint_auth_method: method } = client
  if (method === 'client_secret_post')
    return exchangeForm(story.test, { ...parameters, client_id: id, client_secret: secret })
  return exchangeForm(story.test, parameters, { authorization: basic(id, secret) })
}

export const codeForm = ({ client }: RelyingParty, code: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: client.redirect_uris[0],
})

/** Exchanges the code, and checks everything that is specified for the answer (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export async function redeem(party: RelyingParty, code: string, request: Record<string, string>): Promise<Json> {
  const response = await atToken(party, codeForm(party, code))
  const tokens = await read(response)
  assert.equal(response.status, 200, JSON.stringify(tokens))
  assert.equal(response.headers.get('content-type'), 'application/json')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.match(tokens.token_type, /^bearer$/i)
  assert.ok(Number.isInteger(tokens.expires_in) && tokens.expires_in > 0)
  assert.match(tokens.access_token, /^[\x21-\x7E]{22,}$/)
  return { ...tokens, claims: await verifyIdToken(party, tokens, request) }
}

/** Checks the ID token (OpenID Connect Core §3.1.3.7 and §3.1.3.6). */
export async function verifyIdToken({ story, metadata, client }: RelyingParty, tokens: Json, request: Parameters) {
  const { kid, alg } = decodeProtectedHeader(tokens.id_token)
  const { keys } = await read(story.test.fetch(metadata.jwks_uri))
  const [key, ...more] = keys.filter((each: Json) => each.kid === kid)
  assert.ok(key && more.length === 0 && key.alg === alg)
  const { payload } = await compactVerify(tokens.id_token, await importJWK(key, alg))
  const claims: Json = JSON.parse(new TextDecoder().decode(payload))
  const now = story.test.clock.now()
  assert.deepEqual([claims.iss, claims.aud, claims.nonce], [metadata.issuer, client.client_id, request.nonce])
  assert.ok(claims.exp > now && claims.iat <= now && claims.auth_time <= now)
  assert.match(claims.sub, /^[\x21-\x7E]{1,255}$/)
  const half = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16)
  assert.equal(claims.at_hash, half.toString('base64url'))
  return claims
}

/** The whole flow, from the request to the tokens. */
export async function signInTo(party: RelyingParty, changes: Parameters = {}, visitor?: Visitor) {
  const request = newRequest(party, changes)
  const { answer, shown, visitor: who } = await authorize(party, request, visitor)
  assert.equal(answer.error, undefined, JSON.stringify(answer))
  const tokens = await redeem(party, answer.code!, request)
  const info = await read(
    party.story.test.fetch(party.metadata.userinfo_endpoint, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    }),
  )
  assert.equal(info.sub, tokens.claims.sub)
  return { tokens, claims: tokens.claims, info, shown, visitor: who, answer }
}
