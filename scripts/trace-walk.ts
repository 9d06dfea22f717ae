import { createHash, randomBytes } from 'node:crypto'
import { loadConfig } from '../src/config/load.ts'
import { openLog } from '../src/kit/log.ts'
import { startServer } from '../src/main.ts'
import { makeWorld, PASSWORD } from '../test/parts/world.ts'
import { type Call, openRecorder } from './call-recorder.ts'

/*
 * Prints the walk of three real requests through the code: every function that is called, in order, under the name of its file. A walk
 * begins at the endpoint. It counts files, and turns: how often a call leads to another file than the call before it.
 *
 *   npm run trace                      all three walks
 *   npm run trace -- token             one of them: first-visit, trusted or token
 *   npm run trace -- --brief           only the counts
 */

/** Not part of a walk: tools, HTTP, and the database drivers with the helpers that statements share. */
const NOT_COUNTED = /^src\/(kit|http|store\/engine)\/|^src\/store\/sql\/(columns|alive)\.ts$/

const WALKS = {
  'first-visit': 'GET /oauth/authorize, without a session',
  trusted: 'GET /oauth/authorize, signed in, with a trusted app',
  token: 'POST /oauth/token, code, HTTP Basic and PKCE; access, refresh and ID token',
}
type Walk = keyof typeof WALKS

const SCOPES = ['openid', 'profile', 'email', 'offline_access']

const wanted = process.argv.slice(2).filter((each) => !each.startsWith('-'))
const isBrief = process.argv.includes('--brief')
const recorder = await openRecorder()
// The first round compiles every function on the way, so that the second can record all of them, on a server with empty caches.
await makeRequests(async (_, send) => send())
await recorder.watch()
await makeRequests(async (walk, send) => {
  const { answer, calls } = await recorder.record(send)
  if (wanted.length === 0 || wanted.includes(walk)) print(walk, calls)
  return answer
})

/** Starts a server on an empty database and sends it the three requests, each by way of `trace`. */
async function makeRequests(trace: (walk: Walk, send: () => Promise<Response>) => Promise<Response>): Promise<void> {
  const config = loadConfig({
    BEHALF_HOST: '127.0.0.1',
    BEHALF_PORT: '0',
    BEHALF_ISSUER: 'http://127.0.0.1:0',
    BEHALF_DATABASE_URL: 'sqlite::memory:',
    BEHALF_STOP_TIMEOUT: '0',
  })
  const server = await startServer(config, { log: openLog('error') })
  const ask = (path: string, init?: RequestInit) => fetch(server.url + path, { redirect: 'manual', ...init })
  const world = await makeWorld({ site: server.site, origin: server.url, fetch: ask })
  await world.makePerson('dana@example.com', 'Dana Levi', [await world.makeBusiness('Bread & Butter')])
  const app = await world.makeApp({ trusted: true, scopes: SCOPES })

  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    response_type: 'code',
    scope: SCOPES.join(' '),
    state: 'a-state',
    nonce: 'a-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const authorize = `/oauth/authorize?${query}`
  await trace('first-visit', () => ask(authorize))

  const visitor = world.visitor()
  await visitor.open(authorize)
  await visitor.signIn('dana@example.com', PASSWORD)
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
  const approved = await trace('trusted', () => ask(authorize, { headers: { cookie } }))

  const code = new URL(approved.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri, code_verifier: verifier }
  const authorization = `Basic ${Buffer.from(`${app.clientId}:${app.secret}`).toString('base64')}`
  const answer = await trace('token', () =>
    ask('/oauth/token', { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) }),
  )
  const tokens = (await answer.json()) as Record<string, unknown>
  if (!tokens.access_token || !tokens.refresh_token || !tokens.id_token)
    throw new Error(`The exchange failed: ${Object.keys(tokens)}`)
  await server.stop()
}

function print(walk: Walk, calls: readonly Call[]): void {
  const start = calls.findIndex(({ file }) => file.startsWith('src/oauth/endpoints/'))
  // A getter reads like a property, so no reader looks it up.
  const walked = calls.slice(start).filter(({ file, name }) => !NOT_COUNTED.test(file) && !name.startsWith('get '))
  const visits = walked.filter(({ file }, index) => file !== walked[index - 1]?.file)
  const files = new Set(walked.map(({ file }) => file))
  console.log(`${walk}: ${files.size} files, ${visits.length - 1} turns (${WALKS[walk]})`)
  if (isBrief) return
  for (const [index, { file, name, line }] of walked.entries()) {
    if (file !== walked[index - 1]?.file) console.log(`  ${file}`)
    console.log(`${String(line).padStart(8)}  ${name || '(callback)'}`)
  }
}
