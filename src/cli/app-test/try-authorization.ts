import { createHash, randomBytes } from 'node:crypto'
import { type Finding, ok, todo } from '../kit/findings.ts'
import { type Authentication, authentications } from './authentications.ts'
import { describeError, readAnswer } from './read-answer.ts'
import type { Walk } from './walk-flow.ts'

const NAME = 'Authorization request'
/** The error of a request that is right in everything, but asks for no sign-in page (OpenID Connect Core §3.1.2.6). */
const ACCEPTED = 'login_required'
const ADVICE = 'Run `behalf why` with the reference, if there is one.'

/**
 * Sends one authorization request for each redirect URI, pushed if the app must push them (RFC 9126 §2). With `prompt=none` and without a session, a
 * right one ends in `login_required`.
 */
export async function tryAuthorization(walk: Walk): Promise<Finding[]> {
  const { grantTypes, requirePushedRequests } = walk.app.protocol
  if (grantTypes && !grantTypes.includes('authorization_code')) return []
  const mustPush = requirePushedRequests || walk.site.config.requirePar
  const { usable, advice } = authentications(walk)
  if (mustPush && usable.length === 0)
    return [ok(NAME, `not tried: the app must push its requests: ${advice.join(' or ')}`)]
  const findings: Finding[] = []
  for (const redirectUri of walk.app.redirectUris)
    findings.push(await tryOne(redirectUri, mustPush ? usable[0] : undefined, walk))
  return findings
}

async function tryOne(redirectUri: string, pushedBy: Authentication | undefined, walk: Walk): Promise<Finding> {
  const { app, resource, metadata, ask } = walk
  const state = randomBytes(16).toString('hex')
  const request = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: app.scopes.join(' '),
    state,
    nonce: randomBytes(16).toString('hex'),
    prompt: 'none',
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    code_challenge_method: 'S256',
    ...(resource === undefined ? {} : { resource }),
  }
  const pushed = pushedBy && (await push(request, pushedBy, walk))
  if (pushed && 'fault' in pushed) return todo(NAME, `${redirectUri}: ${pushed.fault}`, ADVICE)
  const query = new URLSearchParams(pushed ? { client_id: app.clientId, request_uri: pushed.requestUri } : request)
  const response = await ask(`${metadata.authorization_endpoint}?${query}`)
  const location = response.headers.get('location')
  if (location === null) {
    const text = (await response.text()).match(/<p lang="en" dir="ltr">([^<]*)</)?.[1] ?? `answered ${response.status}`
    const advice =
      'If the server does not know the app, it has another database (BEHALF_DATABASE_URL) than this command.'
    return todo(NAME, `${redirectUri}: ${text}`, advice)
  }
  const answer = location.startsWith(redirectUri) ? new URL(location).searchParams : new URLSearchParams()
  if (answer.get('error') !== ACCEPTED || answer.get('state') !== state) {
    const said = answer.get('error_description') ?? `the browser was sent to ${new URL(location).origin}`
    return todo(NAME, `${redirectUri}: ${said}`, ADVICE)
  }
  const how = pushed ? 'pushed and accepted' : 'accepted'
  return ok(NAME, `${how} with all scopes and PKCE; the browser returns to ${redirectUri}`)
}

/** Pushes a request, and returns its `request_uri`, or what the server says against it. */
async function push(
  request: Record<string, string>,
  { method, create }: Authentication,
  { metadata, ask }: Walk,
): Promise<{ requestUri: string } | { fault: string }> {
  const { headers = {}, body } = await create()
  const response = await ask(metadata.pushed_authorization_request_endpoint!, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ ...request, ...body }),
  })
  const answer = await readAnswer(response)
  const { request_uri: requestUri } = answer
  return typeof requestUri === 'string' ? { requestUri } : { fault: `${method}: ${describeError(response, answer)}` }
}
