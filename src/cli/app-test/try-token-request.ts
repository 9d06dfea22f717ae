import { randomBytes } from 'node:crypto'
import { hasSecrets } from '../../domain/apps/app-secrets.ts'
import { type Finding, ok, todo } from '../kit/findings.ts'
import { readAnswer } from './read-answer.ts'
import type { Walk } from './walk-flow.ts'

const NAME = 'Token request'
/** The error for the code that this test makes up, which comes after the authentication (RFC 6749 §5.2). */
const AUTHENTICATED = 'invalid_grant'

/** Asks for a token with a code that does not exist, by each method with which the app may authenticate. */
export async function tryTokenRequest(walk: Walk): Promise<Finding[]> {
  const { app, secret } = walk
  const { authMethod } = app.protocol
  if (app.public) return [await tryMethod('none', {}, { client_id: app.clientId }, walk)]
  if (!hasSecrets(app) || authMethod === 'client_secret_jwt')
    return [ok(NAME, `not tried: the app signs (${authMethod})`)]
  const methods = authMethod ? [authMethod] : ['client_secret_basic', 'client_secret_post']
  if (secret === undefined) return [ok(NAME, `not tried: give --secret to try ${methods.join(' and ')}`)]
  const findings: Finding[] = []
  for (const method of methods) {
    const isBasic = method === 'client_secret_basic'
    const authorization = `Basic ${btoa(`${encodeURIComponent(app.clientId)}:${encodeURIComponent(secret)}`)}`
    const body: Record<string, string> = isBasic ? {} : { client_id: app.clientId, client_secret: secret }
    findings.push(await tryMethod(method, isBasic ? { authorization } : {}, body, walk))
  }
  return findings
}

async function tryMethod(
  method: string,
  headers: Record<string, string>,
  body: Record<string, string>,
  { app, metadata, ask }: Walk,
): Promise<Finding> {
  const random = randomBytes(32).toString('hex')
  const form = { grant_type: 'authorization_code', code: random, redirect_uri: app.redirectUri, code_verifier: random }
  const response = await ask(metadata.token_endpoint!, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ ...form, ...body }),
  })
  const answer = await readAnswer(response)
  if (answer.error === AUTHENTICATED) return ok(NAME, `the app is authenticated by ${method}`)
  const said = answer.error_description ?? `answered ${response.status}`
  const advice = 'Compare client id, secret and method with those in the app. `behalf why` explains the reference.'
  const reference = answer.reference === undefined ? '' : ` (reference ${answer.reference})`
  return todo(NAME, `${method}: ${said}${reference}`, advice)
}
