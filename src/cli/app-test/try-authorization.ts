import { createHash, randomBytes } from 'node:crypto'
import { type Finding, ok, todo } from '../kit/findings.ts'
import type { Walk } from './walk-flow.ts'

/** The error of a request that is right in everything, but asks for no sign-in page (OpenID Connect Core §3.1.2.6). */
const ACCEPTED = 'login_required'

/** Sends one authorization request for each redirect URI. With `prompt=none` and without a session, a right one ends in `login_required`. */
export async function tryAuthorization(walk: Walk): Promise<Finding[]> {
  const { grantTypes, requirePushedRequests } = walk.app.protocol
  if (grantTypes && !grantTypes.includes('authorization_code')) return []
  if (requirePushedRequests) {
    const name = 'Authorization request'
    return [ok(name, 'not tried: the app must push its requests, which needs its authentication')]
  }
  const findings: Finding[] = []
  for (const redirectUri of walk.app.redirectUris) findings.push(await tryOne(redirectUri, walk))
  return findings
}

async function tryOne(redirectUri: string, { app, metadata, ask }: Walk): Promise<Finding> {
  const name = 'Authorization request'
  const state = randomBytes(16).toString('hex')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: app.scopes.join(' '),
    state,
    nonce: randomBytes(16).toString('hex'),
    prompt: 'none',
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const response = await ask(`${metadata.authorization_endpoint}?${query}`)
  const location = response.headers.get('location')
  if (location === null) {
    const text = (await response.text()).match(/<p lang="en" dir="ltr">([^<]*)</)?.[1] ?? `answered ${response.status}`
    const advice =
      'If the server does not know the app, it has another database (BEHALF_DATABASE_URL) than this command.'
    return todo(name, `${redirectUri}: ${text}`, advice)
  }
  const answer = location.startsWith(redirectUri) ? new URL(location).searchParams : new URLSearchParams()
  if (answer.get('error') !== ACCEPTED || answer.get('state') !== state) {
    const said = answer.get('error_description') ?? `the browser was sent to ${new URL(location).origin}`
    return todo(name, `${redirectUri}: ${said}`, 'Run `behalf why` with the reference, if there is one.')
  }
  return ok(name, `accepted with all scopes and PKCE; the browser returns to ${redirectUri}`)
}
